//! TIFF: directories of entries, in both byte orders and both versions.

use super::edits::{edit_bytes, edit_list};
use super::numbers::{MOST_BYTES, Rng};

#[derive(Clone)]
struct Entry {
    tag: u16,
    kind: u16,
    /// The number of values that is written, which may differ from those in `values`.
    count: u64,
    values: Vec<u64>,
}

/// The byte order and the width of offsets.
#[derive(Clone, Copy)]
struct Form {
    little: bool,
    big: bool,
}

const KINDS: &[u16] = &[1, 3, 4, 4, 3, 16, 13, 2, 5, 6, 7, 8, 9, 11, 12, 0, 255];
const TAGS: &[u16] = &[
    254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323,
    324, 325, 330, 338, 339, 347, 512, 513, 514, 530, 532, 700, 34_665, 34_675,
];
const STRIPS: u16 = 273;
const TILES: u16 = 324;

pub(super) fn change(bytes: &[u8], donor: &[u8], numbers: &mut Rng) -> Option<Vec<u8>> {
    let (mut form, mut entries, next) = parse(bytes)?;
    let mut bytes = bytes.to_vec();
    let mut next_of_last = next;
    match numbers.below(12) {
        0 => {
            let other = parse(donor).map(|(_, entries, _)| entries).unwrap_or_default();
            edit_list(&mut entries, &other, |entry| 12 + 4 * entry.values.len(), numbers);
            if numbers.one_in(2) {
                entries.sort_by_key(|entry| entry.tag);
            }
        }
        1..=3 => change_dimensions(&mut entries, numbers),
        4 | 5 => change_parts(&mut entries, bytes.len(), numbers)?,
        6 => set(&mut entries, *numbers.pick(TAGS)?, vec![numbers.number().into()]),
        7 => change_entry(&mut entries, numbers)?,
        8 => form.big = !form.big,
        9 => {
            // A directory that follows itself or another offset, or sub-directories.
            let at = bytes.len() as u64 + u64::from(numbers.one_in(2));
            match numbers.below(3) {
                0 => next_of_last = at,
                1 => next_of_last = numbers.number().into(),
                _ => set(&mut entries, 330, vec![at; numbers.repeats(4)]),
            }
        }
        10 => {
            let at = bytes.len().min(numbers.below(bytes.len()) + 8);
            let mut data = bytes.split_off(at);
            edit_bytes(&mut data, donor, numbers);
            bytes.extend(data);
        }
        _ => {
            // Data of a strip: runs that expand, or zeros.
            let part = *numbers.pick(&[STRIPS, TILES])?;
            let start = bytes.len() as u64;
            let filled = [numbers.byte(), numbers.byte()].repeat(numbers.repeats(2) * 4);
            let place = entries.iter_mut().find(|entry| entry.tag == part)?;
            place.values.fill(start);
            let count = place.values.len();
            set(
                &mut entries,
                part + if part == STRIPS { 6 } else { 1 },
                vec![filled.len() as u64; count],
            );
            bytes.extend(filled);
        }
    }
    Some(write(bytes, form, &entries, next_of_last))
}

/// Sets a tag, with its most frequent type.
fn set(entries: &mut Vec<Entry>, tag: u16, values: Vec<u64>) {
    let count = values.len() as u64;
    let kind = if values.iter().all(|value| *value < 65_536) { 3 } else { 4 };
    match entries.iter_mut().find(|entry| entry.tag == tag) {
        Some(entry) => {
            entry.count = count;
            entry.values = values;
            entry.kind = entry.kind.max(kind);
        }
        None => {
            let at = entries.partition_point(|entry| entry.tag < tag);
            entries.insert(at, Entry { tag, kind, count, values });
        }
    }
}

/// Changes a size, the depth, the compression, the color model or the layout.
fn change_dimensions(entries: &mut Vec<Entry>, numbers: &mut Rng) {
    let side = u64::from(numbers.side());
    match numbers.below(12) {
        0 => set(entries, 256, vec![side]),
        1 => set(entries, 257, vec![side]),
        2 => {
            let depth = [1, 2, 4, 8, 16, 32, 64, 12][numbers.below(8)];
            let samples = entries.iter().find(|entry| entry.tag == 277);
            let samples = samples.and_then(|entry| entry.values.first()).map_or(1, |count| *count);
            set(entries, 258, vec![depth; samples.min(8) as usize]);
        }
        3 | 4 => {
            let kind = [1, 2, 3, 4, 5, 6, 7, 8, 32_773, 32_946, 34_712, 50_000][numbers.below(12)];
            set(entries, 259, vec![kind]);
        }
        5 => set(entries, 262, vec![numbers.below(9) as u64]),
        6 => set(entries, 277, vec![numbers.below(9) as u64]),
        7 => set(entries, 278, vec![side]),
        8 => set(entries, 284, vec![1 + numbers.below(2) as u64]),
        9 => set(entries, 317, vec![1 + numbers.below(3) as u64]),
        10 => set(entries, 266, vec![1 + numbers.below(2) as u64]),
        _ => {
            // From strips to tiles.
            for entry in entries.iter_mut() {
                entry.tag = match entry.tag {
                    STRIPS => TILES,
                    279 => 325,
                    tag => tag,
                };
            }
            set(entries, 322, vec![side.max(16) & !15]);
            set(entries, 323, vec![u64::from(numbers.side()).max(16) & !15]);
        }
    }
}

/// Changes the offsets and lengths of strips or tiles: overlapping, repeated, or of other numbers.
fn change_parts(entries: &mut Vec<Entry>, length: usize, numbers: &mut Rng) -> Option<()> {
    let tag = entries.iter().find(|entry| matches!(entry.tag, STRIPS | TILES))?.tag;
    let lengths = tag + if tag == STRIPS { 6 } else { 1 };
    let find =
        |tag| entries.iter().find(|entry| entry.tag == tag).map(|entry| entry.values.clone());
    let (mut starts, mut sizes) = (find(tag)?, find(lengths).unwrap_or_default());
    let at = numbers.below(starts.len());
    match numbers.below(6) {
        0 => *starts.get_mut(at)? = *numbers.pick(&starts.clone())?,
        1 => *starts.get_mut(at)? = numbers.below(length + 2) as u64,
        2 => {
            let at = numbers.below(sizes.len());
            *sizes.get_mut(at)? = numbers.number().into();
        }
        3 => {
            // As many strips as rows, or many more, of the same bytes.
            let count = numbers.repeats(8);
            let rows = *numbers.pick(&[1_u64, 1, 2, 8, 16])?;
            (starts, sizes) = (vec![*starts.get(at)?; count], vec![*sizes.get(at)?; count]);
            if tag == STRIPS {
                set(entries, 278, vec![rows]);
            } else {
                set(entries, 322, vec![16 * rows]);
                set(entries, 323, vec![16]);
            }
            if numbers.one_in(2) {
                set(entries, 257, vec![count as u64 * rows]);
            }
        }
        4 => sizes.fill(length as u64),
        _ => {
            // All strips are the rest of the file.
            starts.fill(8);
            sizes.fill(length.saturating_sub(8) as u64);
        }
    }
    set(entries, tag, starts);
    set(entries, lengths, sizes);
    Some(())
}

/// Changes the tag, type, count or a value of one entry.
fn change_entry(entries: &mut [Entry], numbers: &mut Rng) -> Option<()> {
    let at = numbers.below(entries.len());
    let entry = entries.get_mut(at)?;
    match numbers.below(5) {
        0 => entry.tag = *numbers.pick(TAGS)?,
        1 => entry.kind = *numbers.pick(KINDS)?,
        2 => entry.count = numbers.number().into(),
        3 => {
            let value = *entry.values.first()?;
            let count = numbers.repeats(4) * numbers.repeats(4);
            entry.values = vec![value; count.min(MOST_BYTES / 32)];
            entry.count = entry.values.len() as u64;
        }
        _ => {
            let at = numbers.below(entry.values.len());
            *entry.values.get_mut(at)? = numbers.number().into();
        }
    }
    Some(())
}

/// Returns the bytes of a value of a type.
fn width(kind: u16) -> usize {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 1,
    }
}

fn number(bytes: &[u8], form: Form) -> u64 {
    let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
    if form.little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
}

/// Returns the form, the entries of the first directory, and the offset of the next directory.
fn parse(bytes: &[u8]) -> Option<(Form, Vec<Entry>, u64)> {
    let little = match bytes.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let mut form = Form { little, big: false };
    form.big = number(bytes.get(2..4)?, form) == 43;
    let (offset, counted, entry) = if form.big { (8, 8, 20) } else { (4, 2, 12) };
    let take = |at: usize, width: usize| Some(number(bytes.get(at..at.checked_add(width)?)?, form));
    let start = usize::try_from(take(if form.big { 8 } else { 4 }, offset)?).ok()?;
    if start > bytes.len() {
        return None;
    }
    let count = take(start, counted)? as usize;
    let mut entries = Vec::new();
    // Entries may share their values, and each would have a copy.
    let mut left = 1 << 16;
    for index in 0..count.min(1024) {
        let at = start + counted + index * entry;
        let (Some(tag), Some(kind)) = (take(at, 2), take(at + 2, 2)) else { break };
        let Some(count) = take(at + 4, offset) else { break };
        let width = width(kind as u16);
        let length = usize::try_from(count).ok()?.saturating_mul(width);
        let mut from = at + 4 + offset;
        if length > offset {
            from = usize::try_from(take(from, offset)?).ok()?;
        }
        let end = from.saturating_add(length).min(bytes.len());
        let end = end.min(from.saturating_add(left));
        let stored = bytes.get(from..end).unwrap_or_default();
        left -= stored.len();
        let values = stored.chunks_exact(width).map(|value| number(value, form)).collect();
        entries.push(Entry { tag: tag as u16, kind: kind as u16, count, values });
    }
    let next = take(start + counted + entries.len() * entry, offset).unwrap_or_default();
    Some((form, entries, next))
}

/// Appends the directory to the file, so that the offsets in it stay, and points the header to it.
fn write(mut bytes: Vec<u8>, form: Form, entries: &[Entry], next: u64) -> Vec<u8> {
    let put = |bytes: &mut Vec<u8>, number: u64, width: usize| {
        if form.little {
            bytes.extend(&number.to_le_bytes()[..width]);
        } else {
            bytes.extend(&number.to_be_bytes()[8 - width..]);
        }
    };
    let (offset, counted) = if form.big { (8, 8) } else { (4, 2) };
    let mut head = if form.little { b"II".to_vec() } else { b"MM".to_vec() };
    put(&mut head, if form.big { 43 } else { 42 }, 2);
    if form.big {
        put(&mut head, 8, 2);
        put(&mut head, 0, 2);
    }
    put(&mut head, bytes.len() as u64, offset);
    // A header of the other version is longer or shorter: it overwrites what is behind it.
    let replaced = head.len().min(bytes.len());
    bytes[..replaced].copy_from_slice(&head[..replaced]);
    let mut directory = Vec::new();
    put(&mut directory, entries.len() as u64, counted);
    let mut values = bytes.len() + counted + entries.len() * (4 + 2 * offset) + offset;
    let mut behind = Vec::new();
    for entry in entries {
        put(&mut directory, entry.tag.into(), 2);
        put(&mut directory, entry.kind.into(), 2);
        put(&mut directory, entry.count, offset);
        let mut stored = Vec::new();
        entry.values.iter().for_each(|value| put(&mut stored, *value, width(entry.kind)));
        if stored.len() > offset {
            put(&mut directory, values as u64, offset);
            values += stored.len();
            behind.extend(stored);
        } else {
            stored.resize(offset, 0);
            directory.extend(stored);
        }
    }
    put(&mut directory, next, offset);
    [bytes, directory, behind].concat()
}
