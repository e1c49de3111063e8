//! The colours of a palette image.

use super::directory::Directory;
use super::errors::damaged;
use crate::error::Error;

/// Reads the colour map: all reds, then all greens, then all blues, of 16 bits each. The high byte
/// is used, as in Pillow.
pub(super) fn read(directory: &Directory<'_>) -> Result<Vec<[u8; 3]>, Error> {
    const COLOR_MAP: u16 = 320;
    let map = directory.values(COLOR_MAP).ok_or_else(|| damaged("no colour map"))?;
    let count = map.count / 3;
    let color = |index| {
        let value = |plane| Some((map.get(plane * count + index)? >> 8) as u8);
        Some([value(0)?, value(1)?, value(2)?])
    };
    let colors = (0..count.min(256)).map(color).collect::<Option<_>>();
    colors.ok_or_else(|| damaged("colour map outside the file"))
}
