//! Rows of stored samples to samples of 8 bits.

use super::image::Samples;

/// Adds to each sample of 8 or 16 bits the same sample of the pixel on its left.
pub(super) fn undo_predictor(row: &mut [u8], samples: Samples) {
    let step = samples.per_pixel;
    if samples.bits == 8 {
        for index in step..row.len() {
            let left = row.get(index - step).copied().unwrap_or_default();
            if let Some(sample) = row.get_mut(index) {
                *sample = sample.wrapping_add(left);
            }
        }
        return;
    }
    let (read, write) = if samples.big_endian {
        (u16::from_be_bytes as fn([u8; 2]) -> u16, u16::to_be_bytes as fn(u16) -> [u8; 2])
    } else {
        (u16::from_le_bytes as fn([u8; 2]) -> u16, u16::to_le_bytes as fn(u16) -> [u8; 2])
    };
    let (row, _) = row.as_chunks_mut::<2>();
    for index in step..row.len() {
        let left = row.get(index - step).copied().unwrap_or_default();
        if let Some(sample) = row.get_mut(index) {
            *sample = write(read(*sample).wrapping_add(read(left)));
        }
    }
}

/// Writes the samples of a row as bytes: those of 16 bits as their high bytes, those of fewer than
/// 8 bits as they are.
pub(super) fn to_bytes(row: &[u8], samples: Samples, bytes: &mut [u8]) {
    match samples.bits {
        8 => {
            for (byte, sample) in bytes.iter_mut().zip(row) {
                *byte = *sample;
            }
        }
        16 => {
            let high = usize::from(!samples.big_endian);
            for (byte, sample) in bytes.iter_mut().zip(row.as_chunks::<2>().0) {
                *byte = sample.get(high).copied().unwrap_or_default();
            }
        }
        bits => {
            let per_byte = 8 / bits.max(1);
            let mask = 0xff_u8 >> (8 - bits.clamp(1, 8));
            for (bytes, packed) in bytes.chunks_mut(per_byte).zip(row) {
                for (byte, index) in bytes.iter_mut().zip(1..) {
                    *byte = packed >> (8 - bits * index) & mask;
                }
            }
        }
    }
}

/// The factor by which grey samples of fewer than 8 bits are scaled to 0 to 255.
pub(super) fn grey_scale(bits: usize) -> u8 {
    0xff / (0xff_u8 >> (8 - bits.clamp(1, 8)))
}
