//! JPEG: marker segments, and the entropy-coded data behind them.

use super::edits::{edit_bytes, edit_list};
use super::numbers::Rng;

/// A marker with its parameters, and the entropy-coded data up to the next marker.
#[derive(Clone)]
struct Segment {
    marker: u8,
    parameters: Vec<u8>,
    entropy: Vec<u8>,
}

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

pub(super) fn change(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    let mut segments = parse(bytes)?;
    let other = parse(donor).unwrap_or_default();
    match numbers.below(10) {
        0 | 1 => edit_list(&mut segments, &other, length, numbers),
        2 | 3 => change_frame(&mut segments, numbers)?,
        4 => change_scan(&mut segments, numbers)?,
        5 => repeat_scan(&mut segments, numbers)?,
        6 => {
            let at = numbers.below(segments.len()) + 1;
            segments.insert(at.min(segments.len()), inserted(numbers));
        }
        7 => {
            let scans: Vec<usize> =
                (0..segments.len()).filter(|&at| !segments[at].entropy.is_empty()).collect();
            let at = *numbers.pick(&scans)?;
            change_entropy(&mut segments[at].entropy, numbers);
        }
        _ => {
            let at = numbers.below(segments.len());
            let donor = numbers.pick(&other).map_or(&[][..], |segment| &segment.parameters);
            edit_bytes(&mut segments.get_mut(at)?.parameters, donor, numbers);
        }
    }
    Some(write(&segments, numbers))
}

fn length(segment: &Segment) -> usize {
    segment.parameters.len() + segment.entropy.len() + 4
}

fn parse(bytes: &[u8]) -> Option<Vec<Segment>> {
    let mut rest = bytes.strip_prefix(&[0xff, START])?;
    let mut segments = Vec::new();
    while let [0xff, marker, behind @ ..] = rest {
        let mut segment = Segment { marker: *marker, parameters: Vec::new(), entropy: Vec::new() };
        rest = behind;
        if !matches!(marker, 0 | 1 | 0xd0..=0xd9 | 0xff) {
            let Some((length, behind)) = rest.split_first_chunk::<2>() else { break };
            let length = usize::from(u16::from_be_bytes(*length)).saturating_sub(2);
            segment.parameters = behind[..length.min(behind.len())].to_vec();
            rest = &behind[length.min(behind.len())..];
        }
        let end = rest
            .windows(2)
            .position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff))
            .unwrap_or(rest.len());
        segment.entropy = rest[..end].to_vec();
        rest = &rest[end..];
        segments.push(segment);
    }
    Some(segments)
}

fn write(segments: &[Segment], numbers: &mut Rng) -> Vec<u8> {
    let wrong = numbers.one_in(24).then(|| numbers.below(segments.len()));
    let mut bytes = vec![0xff, START];
    for (at, segment) in segments.iter().enumerate() {
        bytes.extend([0xff, segment.marker]);
        if !matches!(segment.marker, 0 | 1 | 0xd0..=0xd9 | 0xff) {
            let mut length = (segment.parameters.len() + 2).min(65_535) as u16;
            if wrong == Some(at) {
                length = numbers.number() as u16;
            }
            bytes.extend(length.to_be_bytes());
            bytes.extend(&segment.parameters[..segment.parameters.len().min(65_533)]);
        }
        bytes.extend(&segment.entropy);
    }
    bytes
}

fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// Changes the frame header: kind, depth, dimensions, components, sampling factors.
fn change_frame(segments: &mut [Segment], numbers: &mut Rng) -> Option<()> {
    let frame = segments.iter_mut().find(|segment| is_frame(segment.marker))?;
    let side = (numbers.side() as u16).to_be_bytes();
    let parameters = &mut frame.parameters;
    match numbers.below(8) {
        0 => frame.marker = *numbers.pick(&[0xc0, 0xc1, 0xc2, 0xc2, 0xc9, 0xca, 0xc3, 0xc5])?,
        1 => *parameters.first_mut()? = *numbers.pick(&[8, 12, 16, 0])?,
        2 => parameters.get_mut(1..3)?.copy_from_slice(&side),
        3 => parameters.get_mut(3..5)?.copy_from_slice(&side),
        4 => {
            // Another number of components, the first repeated.
            let component = parameters.get(6..9)?.to_vec();
            let count = numbers.below(5);
            parameters.truncate(6);
            parameters[5] = count as u8;
            for id in 0..count {
                parameters.extend([id as u8 + 1, component[1], component[2]]);
            }
        }
        _ => {
            let count = parameters.len().saturating_sub(6) / 3;
            let factors = *numbers.pick(&[0x11, 0x12, 0x21, 0x22, 0x41, 0x14, 0x44, 0x31, 0x13])?;
            *parameters.get_mut(7 + 3 * numbers.below(count))? = factors;
        }
    }
    Some(())
}

/// Changes a scan header: components, spectral selection, successive approximation.
fn change_scan(segments: &mut [Segment], numbers: &mut Rng) -> Option<()> {
    let scans: Vec<usize> = (0..segments.len()).filter(|&at| segments[at].marker == SCAN).collect();
    let parameters = &mut segments[*numbers.pick(&scans)?].parameters;
    let end = parameters.len();
    match numbers.below(4) {
        0 => {
            let first = numbers.below(64) as u8;
            *parameters.get_mut(end.checked_sub(3)?)? = first;
            *parameters.get_mut(end - 2)? = *numbers.pick(&[first, 63, 0, 5, 64])?;
        }
        1 => *parameters.last_mut()? = *numbers.pick(&[0, 0x01, 0x10, 0x21, 0x32, 0xd0, 0xfe])?,
        2 => {
            // One component only, of any table.
            let component = parameters.get(1)?;
            let tables = *numbers.pick(&[0x00, 0x11, 0x01, 0x10, 0x33])?;
            *parameters = vec![1, *component, tables, 0, 63, 0];
        }
        _ => {
            let at = numbers.below(end);
            *parameters.get_mut(at)? = numbers.byte() & 0x3f;
        }
    }
    Some(())
}

/// Repeats a scan, or the tables and the scan, many times.
fn repeat_scan(segments: &mut Vec<Segment>, numbers: &mut Rng) -> Option<()> {
    let scan = segments.iter().position(|segment| segment.marker == SCAN)?;
    let start = if numbers.one_in(2) { scan } else { scan.checked_sub(1)? };
    let mut repeated = segments[start..=scan].to_vec();
    if numbers.one_in(2) {
        // An empty scan costs an encoder ten bytes, and a progressive decoder all coefficients.
        repeated.iter_mut().for_each(|segment| segment.entropy.truncate(numbers.below(3)));
    }
    let count = numbers.repeats(repeated.iter().map(length).sum());
    let copies: Vec<Segment> =
        repeated.iter().cycle().take(count * repeated.len()).cloned().collect();
    segments.splice(scan + 1..scan + 1, copies);
    Some(())
}

/// Changes entropy-coded data: many zeros, restart markers, or bytes.
fn change_entropy(entropy: &mut Vec<u8>, numbers: &mut Rng) {
    let at = numbers.below(entropy.len());
    match numbers.below(4) {
        0 => {
            let filled = vec![*numbers.pick(&[0, 0x55, 0xaa]).unwrap_or(&0); numbers.repeats(1)];
            entropy.splice(at..at, filled);
        }
        1 => {
            let restart = [0xff, 0xd0 + numbers.below(8) as u8];
            entropy.splice(at..at, restart.repeat(numbers.repeats(2)));
        }
        _ => {
            for _ in 0..8 {
                let at = numbers.below(entropy.len());
                entropy[at] = numbers.below(255) as u8;
            }
        }
    }
}

/// Returns a segment that a decoder collects: tables, restart intervals, metadata.
fn inserted(numbers: &mut Rng) -> Segment {
    let long = vec![numbers.byte(); numbers.repeats(1).min(65_000)];
    let counted = |head: &[u8]| [head, &long[..]].concat();
    let (marker, parameters) = match numbers.below(8) {
        0 => (0xdd, (numbers.number() as u16).to_be_bytes().to_vec()),
        1 => (0xc4, {
            // Codes of every length, as many as fit.
            let counts: [u8; 16] = std::array::from_fn(|_| numbers.byte() & 3);
            let values = counts.iter().map(|count| usize::from(*count)).sum();
            let class = numbers.byte() & 0x13;
            [&[class][..], &counts, &vec![numbers.byte(); values]].concat()
        }),
        2 => (0xdb, [&[numbers.byte() & 0x13][..], &[1; 128]].concat()),
        3 => (0xe1, counted(b"Exif\0\0MM\0*\0\0\0\x08\0\x01")),
        4 => (0xe2, counted(b"ICC_PROFILE\0\x01\xff")),
        5 => (0xee, b"Adobe\0\x64\0\0\0\0\x02".to_vec()),
        6 => (0xe2, counted(b"MPF\0MM\0*\0\0\0\x08\0\x03\xb0\0")),
        _ => (*numbers.pick(&[0xfe, 0xe0, 0xdc, 0xcc, END]).unwrap_or(&END), long),
    };
    Segment { marker, parameters, entropy: Vec::new() }
}
