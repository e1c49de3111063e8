//! Frames of videos as decoders and players return them, and their RGB rows.

use std::ops::ControlFlow;

use crate::colour::{ColourMatrix, ColourRange, Conversion};
use crate::error::Error;
use crate::orientation::ExifOrientation;
use crate::oriented_rows::{BLOCK_ROWS, TakeRows, oriented_rows};
use crate::pixels::{Pixels, Size};
use crate::wipe::WipedBytes;

/// A plane of a frame: rows of bytes that start `stride` bytes apart. The last row needs no
/// padding.
#[derive(Debug, Clone, Copy)]
pub struct Plane<'a> {
    /// The bytes of the rows.
    pub data: &'a [u8],
    /// Bytes from the start of one row to the start of the next.
    pub stride: usize,
}

/// A borrowed frame of a video.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum VideoFrame<'a> {
    /// RGB pixels, already converted from the colour space of the video.
    Pixels(Pixels<'a>),
    /// Planes of luma and 4:2:0 chroma, as nearly all videos store them.
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

/// A frame of 8-bit YCbCr 4:2:0, with chroma in two planes or in one.
///
/// The chroma planes have half the columns and rows of luma, rounded up. The default is BT.601 with
/// the limited range, independent of the header of the video, as in the reference implementation of
/// vPDQ.
///
/// ```
/// use ownprint_pixels::{ColourMatrix, ColourRange, Plane, YuvPlanes};
///
/// let (luma, chroma) = (vec![100; 64 * 48], vec![128; 32 * 24]);
/// let plane = Plane { data: &luma, stride: 64 };
/// let half = Plane { data: &chroma, stride: 32 };
/// let planes = YuvPlanes::i420(64, 48, plane, half, half)?;
/// let planes = planes.colours(ColourMatrix::Bt709, ColourRange::Full);
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
    /// Cb and Cr interleaved.
    Interleaved(Plane<'a>),
}

impl<'a> YuvPlanes<'a> {
    /// Returns a frame of three planes (I420, `yuv420p`): luma, blue-difference (Cb),
    /// red-difference (Cr).
    ///
    /// # Errors
    /// [`Error::InvalidPixels`] if the width or height is 0, a row is longer than its stride, or a
    /// plane is too short.
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

    /// Returns a frame of two planes (NV12): luma, then Cb and Cr interleaved.
    ///
    /// # Errors
    /// [`Error::InvalidPixels`] if the width or height is 0, a row is longer than its stride, or a
    /// plane is too short.
    pub fn nv12(
        width: u32,
        height: u32,
        luma: Plane<'a>,
        chroma: Plane<'a>,
    ) -> Result<Self, Error> {
        let (columns, rows) = half(width, height);
        check(chroma, "chroma", 2 * columns, rows)?;
        Self::new(width, height, luma, Chroma::Interleaved(chroma))
    }

    fn new(width: u32, height: u32, luma: Plane<'a>, chroma: Chroma<'a>) -> Result<Self, Error> {
        check(luma, "luma", width as usize, height as usize)?;
        Ok(Self { size: Size { width, height }, luma, chroma, conversion: Conversion::default() })
    }

    /// Returns the same planes with another matrix and range.
    #[must_use]
    pub fn colours(self, matrix: ColourMatrix, range: ColourRange) -> Self {
        Self { conversion: Conversion::new(matrix, range), ..self }
    }

    /// Returns the width and height of the luma plane.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Writes row `y` as RGB.
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
        return invalid("the width or height of the frame is 0".to_owned());
    }
    if plane.stride < columns {
        return invalid(format!(
            "a row of {name} takes {columns} bytes, the stride is {}",
            plane.stride
        ));
    }
    let needed = plane.stride.saturating_mul(rows - 1).saturating_add(columns);
    if plane.data.len() < needed {
        let given = plane.data.len();
        return invalid(format!(
            "{rows} rows of {name} take {needed} bytes, the plane has {given}"
        ));
    }
    Ok(())
}

fn row(plane: Plane<'_>, y: usize, bytes: usize) -> &[u8] {
    let start = y.saturating_mul(plane.stride);
    plane.data.get(start..start.saturating_add(bytes)).unwrap_or_default()
}

impl VideoFrame<'_> {
    /// Returns the width and height.
    #[must_use]
    pub fn size(&self) -> Size {
        match self {
            Self::Pixels(pixels) => pixels.size(),
            Self::Yuv(planes) => planes.size(),
        }
    }

    /// Calls `each` with the rows as RGB triples, from top to bottom, up to [`BLOCK_ROWS`] at a
    /// time, until `each` breaks.
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
            let rows: [&[u8]; BLOCK_ROWS] =
                std::array::from_fn(|_| rows.next().unwrap_or_default());
            each(&rows[..count])?;
        }
        ControlFlow::Continue(())
    }
}
