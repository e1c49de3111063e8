//! Frames as decoders and players hand them out, and the RGB rows that are hashed of them.

use std::ops::ControlFlow;

use crate::colour::{ColourMatrix, ColourRange, Conversion};
use crate::error::Error;
use crate::orientation::ExifOrientation;
use crate::oriented_rows::{BLOCK_ROWS, TakeRows, oriented_rows};
use crate::pixels::{Pixels, Size};
use crate::wipe::WipedBytes;

/// A plane of a frame: rows of bytes that start `stride` bytes apart; the last may end with its last byte.
#[derive(Debug, Clone, Copy)]
pub struct Plane<'a> {
    /// The rows' bytes.
    pub data: &'a [u8],
    /// Bytes from the start of one row to the start of the next.
    pub stride: usize,
}

/// A borrowed frame of a video.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum VideoFrame<'a> {
    /// Pixels in red, green and blue, whoever made them of what the video stores.
    Pixels(Pixels<'a>),
    /// Planes of luma and of chroma at half the width and height, as nearly all videos store them.
    Yuv(YuvPlanes<'a>),
}

impl<'a> From<Pixels<'a>> for VideoFrame<'a> {
    fn from(pixels: Pixels<'a>) -> Self {
        Self::Pixels(pixels)
    }
}

impl<'a> From<YuvPlanes<'a>> for VideoFrame<'a> {
    fn from(planes: YuvPlanes<'a>) -> Self {
        Self::Yuv(planes)
    }
}

/// A frame as 8-bit luma, and chroma (4:2:0) in two planes or in one.
///
/// The planes of chroma have half the luma's columns and rows, rounded up. Without more being said the matrix is BT.601 and
/// the range limited, whatever the video's header says: what vPDQ's reference does with nearly every video.
///
/// ```
/// use ownprint_pixels::{ColourMatrix, ColourRange, Plane, YuvPlanes};
///
/// let (luma, chroma) = (vec![100; 64 * 48], vec![128; 32 * 24]);
/// let plane = Plane { data: &luma, stride: 64 };
/// let half = Plane { data: &chroma, stride: 32 };
/// let planes = YuvPlanes::i420(64, 48, plane, half, half)?.colours(ColourMatrix::Bt709, ColourRange::Full);
/// assert_eq!(planes.size().to_string(), "64x48");
/// # Ok::<(), ownprint_pixels::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct YuvPlanes<'a> {
    size: Size,
    luma: Plane<'a>,
    chroma: Chroma<'a>,
    conversion: Conversion,
}

#[derive(Debug, Clone, Copy)]
enum Chroma<'a> {
    Separate {
        blue: Plane<'a>,
        red: Plane<'a>,
    },
    /// Blue and red in turn.
    Interleaved(Plane<'a>),
}

impl<'a> YuvPlanes<'a> {
    /// Three planes (I420, `yuv420p`): luma, blue-difference, red-difference.
    ///
    /// # Errors
    /// [`Error::InvalidPixels`] when a side is 0, a row does not fit its stride, or a plane is too short.
    pub fn i420(
        width: u32,
        height: u32,
        luma: Plane<'a>,
        blue: Plane<'a>,
        red: Plane<'a>,
    ) -> Result<Self, Error> {
        let (columns, rows) = half(width, height);
        check(blue, "blue-difference", columns, rows)?;
        check(red, "red-difference", columns, rows)?;
        Self::new(width, height, luma, Chroma::Separate { blue, red })
    }

    /// Two planes (NV12): luma, then blue- and red-difference in turn.
    ///
    /// # Errors
    /// [`Error::InvalidPixels`] when a side is 0, a row does not fit its stride, or a plane is too short.
    pub fn nv12(width: u32, height: u32, luma: Plane<'a>, chroma: Plane<'a>) -> Result<Self, Error> {
        let (columns, rows) = half(width, height);
        check(chroma, "chroma", 2 * columns, rows)?;
        Self::new(width, height, luma, Chroma::Interleaved(chroma))
    }

    fn new(width: u32, height: u32, luma: Plane<'a>, chroma: Chroma<'a>) -> Result<Self, Error> {
        check(luma, "luma", width as usize, height as usize)?;
        Ok(Self { size: Size { width, height }, luma, chroma, conversion: Conversion::default() })
    }

    /// The same planes with other colours than BT.601, limited.
    #[must_use]
    pub fn colours(self, matrix: ColourMatrix, range: ColourRange) -> Self {
        Self { conversion: Conversion::new(matrix, range), ..self }
    }

    /// Width and height of the luma.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Writes row `y` in red, green and blue.
    fn write_row(&self, y: usize, rgb: &mut [[u8; 3]]) {
        let width = self.size.width as usize;
        let columns = width.div_ceil(2);
        let luma = row(self.luma, y, width);
        match self.chroma {
            Chroma::Separate { blue, red } => {
                let (blue, red) = (row(blue, y / 2, columns), row(red, y / 2, columns));
                let chroma = blue.iter().zip(red).map(|(&blue, &red)| [blue, red]);
                self.conversion.write_row(luma, chroma, rgb);
            }
            Chroma::Interleaved(plane) => {
                let chroma = row(plane, y / 2, 2 * columns).as_chunks::<2>().0;
                self.conversion.write_row(luma, chroma.iter().copied(), rgb);
            }
        }
    }
}

fn half(width: u32, height: u32) -> (usize, usize) {
    (width.div_ceil(2) as usize, height.div_ceil(2) as usize)
}

fn check(plane: Plane<'_>, name: &str, columns: usize, rows: usize) -> Result<(), Error> {
    let invalid = |detail: String| Err(Error::InvalidPixels { detail });
    if columns == 0 || rows == 0 {
        return invalid("a side of the frame is 0".to_owned());
    }
    if plane.stride < columns {
        return invalid(format!("a row of {name} takes {columns} bytes, the stride is {}", plane.stride));
    }
    let needed = plane.stride.saturating_mul(rows - 1).saturating_add(columns);
    if plane.data.len() < needed {
        let given = plane.data.len();
        return invalid(format!("{rows} rows of {name} take {needed} bytes, the plane has {given}"));
    }
    Ok(())
}

fn row(plane: Plane<'_>, y: usize, bytes: usize) -> &[u8] {
    let start = y.saturating_mul(plane.stride);
    plane.data.get(start..start.saturating_add(bytes)).unwrap_or_default()
}

impl VideoFrame<'_> {
    /// Width and height.
    #[must_use]
    pub fn size(&self) -> Size {
        match self {
            Self::Pixels(pixels) => pixels.size(),
            Self::Yuv(planes) => planes.size(),
        }
    }

    /// Calls `each` with the rows as RGB triples, top to bottom, [`BLOCK_ROWS`] at a time.
    pub fn rows(&self, each: &mut TakeRows<'_>) -> ControlFlow<()> {
        let planes = match self {
            Self::Pixels(pixels) => return oriented_rows(pixels, ExifOrientation::Normal, each),
            Self::Yuv(planes) => planes,
        };
        let (width, height) = (planes.size.width as usize, planes.size.height as usize);
        let mut block = WipedBytes::zeroed(BLOCK_ROWS.min(height) * width * 3);
        for top in (0..height).step_by(BLOCK_ROWS) {
            let count = BLOCK_ROWS.min(height - top);
            let rows = block.0.as_chunks_mut::<3>().0.chunks_exact_mut(width);
            for (y, rgb) in (top..top + count).zip(rows) {
                planes.write_row(y, rgb);
            }
            let mut rows = block.0.chunks_exact(width * 3);
            let rows: [&[u8]; BLOCK_ROWS] = std::array::from_fn(|_| rows.next().unwrap_or_default());
            each(&rows[..count])?;
        }
        ControlFlow::Continue(())
    }
}
