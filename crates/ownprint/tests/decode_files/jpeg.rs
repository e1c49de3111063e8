//! Writes JPEG files with blocks of one colour each. Nothing is rounded, so the expected pixels are
//! exact.

/// An image of 8x8 blocks.
pub struct Jpeg {
    pub across: u16,
    pub down: u16,
    /// Component identifiers.
    pub names: Vec<u8>,
    /// For each block, a sample of each component.
    pub blocks: Vec<Vec<u8>>,
    /// Bytes between the start marker and the tables.
    pub before: Vec<u8>,
    /// The code of the frame marker: 0xc0 for baseline.
    pub frame: u8,
    pub precision: u8,
    /// The restart interval in MCUs; 0 for none.
    pub restart: u16,
    /// The sampling factor of the first component, across and down. With 2, the samples of the
    /// other components are all 128.
    pub factor: usize,
    /// The indices of the components of each scan.
    pub scans: Vec<Vec<usize>>,
}

impl Jpeg {
    /// Returns a grid of blocks; `sample` returns the sample of a block and component.
    pub fn new(across: u16, down: u16, names: &[u8], sample: impl Fn(usize, usize) -> u8) -> Self {
        let count = usize::from(across) * usize::from(down);
        let blocks = (0..count)
            .map(|block| (0..names.len()).map(|name| sample(block, name)).collect())
            .collect();
        Self {
            across,
            down,
            names: names.to_vec(),
            blocks,
            before: Vec::new(),
            frame: 0xc0,
            precision: 8,
            restart: 0,
            factor: 1,
            scans: vec![(0..names.len()).collect()],
        }
    }

    pub fn before(mut self, segment: &[u8]) -> Self {
        self.before.extend_from_slice(segment);
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut file = vec![0xff, 0xd8];
        file.extend_from_slice(&self.before);
        file.extend(segment(0xdb, &[&[0][..], &[1; 64]].concat()));
        let mut frame = vec![self.precision];
        frame.extend((self.down * 8).to_be_bytes());
        frame.extend((self.across * 8).to_be_bytes());
        frame.push(self.names.len() as u8);
        let factors = |index| if index == 0 { 0x11 * self.factor as u8 } else { 0x11 };
        frame.extend((0..).zip(&self.names).flat_map(|(index, &name)| [name, factors(index), 0]));
        file.extend(segment(self.frame, &frame));
        // DC table: twelve codes of four bits. AC table: one code of one bit for the end of a
        // block.
        let means = [
            &[0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..],
            &(0..12).collect::<Vec<_>>(),
        ];
        file.extend(segment(0xc4, &means.concat()));
        file.extend(segment(0xc4, &[0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        if self.restart > 0 {
            file.extend(segment(0xdd, &self.restart.to_be_bytes()));
        }
        for components in &self.scans {
            let mut scan = vec![components.len() as u8];
            scan.extend(components.iter().flat_map(|&index| [self.names[index], 0]));
            scan.extend([0, 63, 0]);
            file.extend(segment(0xda, &scan));
            self.write_blocks(components, &mut file);
        }
        file.extend([0xff, 0xd9]);
        file
    }

    /// Returns the expected pixels, one colour for each block.
    pub fn rgb(&self, colour: impl Fn(&[u8]) -> [u8; 3]) -> Vec<u8> {
        let (width, height) = (usize::from(self.across) * 8, usize::from(self.down) * 8);
        (0..width * height)
            .flat_map(|at| {
                let (x, y) = (at % width / 8, at / width / 8);
                colour(&self.blocks[y * usize::from(self.across) + x])
            })
            .collect()
    }

    fn write_blocks(&self, components: &[usize], file: &mut Vec<u8>) {
        let mut bits = Bits::default();
        let mut last = vec![0_i32; self.names.len()];
        for (index, blocks) in self.mcus(components).into_iter().enumerate() {
            if self.restart > 0 && index > 0 && index % usize::from(self.restart) == 0 {
                bits.flush(file);
                file.extend([0xff, 0xd0 + ((index / usize::from(self.restart) - 1) % 8) as u8]);
                last.fill(0);
            }
            for (component, sample) in blocks {
                let last = &mut last[component];
                let mean = sample.map_or(*last, |sample| (i32::from(sample) - 128) * 8);
                let step = mean - std::mem::replace(last, mean);
                let size = 32 - step.unsigned_abs().leading_zeros();
                bits.push(size, 4, file);
                let value = if step < 0 { step + (1 << size) - 1 } else { step };
                bits.push(value.unsigned_abs(), size, file);
                bits.push(0, 1, file);
            }
        }
        bits.flush(file);
    }

    /// Returns the blocks of each MCU of a scan: component and sample. Blocks outside the image
    /// have no sample.
    fn mcus(&self, components: &[usize]) -> Vec<Vec<(usize, Option<u8>)>> {
        let (across, down) = (usize::from(self.across), usize::from(self.down));
        let size = |component| if component == 0 { 1 } else { self.factor };
        let sample = |component: usize, x: usize, y: usize| match component {
            0 if x >= across || y >= down => None,
            0 => Some(self.blocks[y * across + x][0]),
            _ if self.factor > 1 => Some(128),
            _ => Some(self.blocks[y * across + x][component]),
        };
        if let [single] = *components {
            let (across, down) = (across.div_ceil(size(single)), down.div_ceil(size(single)));
            let position = |index| (index % across, index / across);
            return (0..across * down)
                .map(position)
                .map(|(x, y)| vec![(single, sample(single, x, y))])
                .collect();
        }
        let mcu = |x: usize, y: usize| {
            let blocks = components.iter().flat_map(|&component| {
                let factor = self.factor / size(component);
                (0..factor * factor).map(move |index| {
                    let (column, row) = (index % factor, index / factor);
                    (component, sample(component, x * factor + column, y * factor + row))
                })
            });
            blocks.collect()
        };
        let (across, down) = (across.div_ceil(self.factor), down.div_ceil(self.factor));
        (0..across * down).map(|index| mcu(index % across, index / across)).collect()
    }
}

/// Returns a segment with its length.
pub fn segment(code: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff, code];
    bytes.extend((payload.len() as u16 + 2).to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// Returns an Adobe segment with a colour transform.
pub fn adobe(transform: u8) -> Vec<u8> {
    segment(0xee, &[&b"Adobe\0\x64\0\0\0\0"[..], &[transform]].concat())
}

#[derive(Default)]
struct Bits {
    value: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32, file: &mut Vec<u8>) {
        for bit in (0..count).rev() {
            self.value = self.value << 1 | (value >> bit & 1);
            self.count += 1;
            if self.count == 8 {
                let byte = self.value as u8;
                file.push(byte);
                if byte == 0xff {
                    file.push(0);
                }
                (self.value, self.count) = (0, 0);
            }
        }
    }

    fn flush(&mut self, file: &mut Vec<u8>) {
        while self.count > 0 {
            self.push(1, 1, file);
        }
    }
}
