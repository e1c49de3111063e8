//! Borrowed views of pixel buffers, and owned rasters that are wiped on drop.

use crate::error::Error;
use crate::wipe::WipedBytes;

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Size {
    /// Pixels in a row.
    pub width: u32,
    /// Number of rows.
    pub height: u32,
}

impl Size {
    /// Returns width times height.
    #[must_use]
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Returns the size with width and height exchanged.
    #[must_use]
    pub fn transposed(self) -> Self {
        Self { width: self.height, height: self.width }
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// The layout of the bytes of one pixel. Alpha is never composited: it is ignored, or divided out
/// where the colors are multiplied by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PixelFormat {
    /// Red, green, blue.
    Rgb8,
    /// Red, green, blue, alpha: `ImageData` in browsers.
    Rgba8,
    /// Blue, green, red, alpha: camera and window buffers on Apple platforms and Windows.
    Bgra8,
    /// Blue, green, red.
    Bgr8,
    /// One grey value, hashed as equal red, green and blue.
    L8,
    /// Red, green, blue, alpha, with colors multiplied by alpha: an `ARGB_8888` bitmap on Android.
    /// Alpha is divided out by [`unpremultiplied`](crate::unpremultiplied).
    Rgba8Premultiplied,
    /// Blue, green, red, alpha, with colors multiplied by alpha: window buffers on Apple platforms
    /// and Windows. Alpha is divided out by [`unpremultiplied`](crate::unpremultiplied).
    Bgra8Premultiplied,
}

impl PixelFormat {
    /// All formats.
    pub const ALL: [Self; 7] = [
        Self::Rgb8,
        Self::Rgba8,
        Self::Bgra8,
        Self::Bgr8,
        Self::L8,
        Self::Rgba8Premultiplied,
        Self::Bgra8Premultiplied,
    ];

    /// Returns the stable name, which every binding uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rgb8 => "rgb8",
            Self::Rgba8 => "rgba8",
            Self::Bgra8 => "bgra8",
            Self::Bgr8 => "bgr8",
            Self::L8 => "l8",
            Self::Rgba8Premultiplied => "rgba8-premultiplied",
            Self::Bgra8Premultiplied => "bgra8-premultiplied",
        }
    }

    /// Returns the bytes of one pixel.
    #[must_use]
    pub fn bytes_per_pixel(self) -> usize {
        match self {
            Self::Rgb8 | Self::Bgr8 => 3,
            Self::Rgba8 | Self::Bgra8 | Self::Rgba8Premultiplied | Self::Bgra8Premultiplied => 4,
            Self::L8 => 1,
        }
    }
}

impl std::str::FromStr for PixelFormat {
    type Err = Error;

    /// Parses the stable name of a pixel format.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| Error::unknown_name("pixel format", name, &Self::ALL.map(Self::name)))
    }
}

/// A borrowed image: rows of pixels from top to bottom, with optional padding between them.
#[derive(Debug, Clone, Copy)]
pub struct Pixels<'a> {
    rows: Rows<'a>,
    size: Size,
    format: PixelFormat,
}

/// The rows of an image.
#[derive(Debug, Clone, Copy)]
enum Rows<'a> {
    /// In one buffer, `stride` bytes apart.
    Strided { data: &'a [u8], stride: usize },
    /// Anywhere, each of the length of a row.
    Separate(&'a [&'a [u8]]),
}

impl<'a> Pixels<'a> {
    /// Returns a view of `height` rows of `width` pixels without padding.
    ///
    /// # Errors
    /// [`Error::InvalidPixels`] if the width or height is 0 or `data` has another length.
    ///
    /// ```
    /// use ownprint_pixels::{PixelFormat, Pixels};
    ///
    /// let grey = vec![128; 64 * 48];
    /// let pixels = Pixels::new(&grey, 64, 48, PixelFormat::L8)?;
    /// assert_eq!(pixels.size().to_string(), "64x48");
    /// # Ok::<(), ownprint_pixels::Error>(())
    /// ```
    pub fn new(
        data: &'a [u8],
        width: u32,
        height: u32,
        format: PixelFormat,
    ) -> Result<Self, Error> {
        let stride = (width as usize).saturating_mul(format.bytes_per_pixel());
        let expected = stride.saturating_mul(height as usize);
        if data.len() != expected {
            let detail = format!(
                "{width}x{height} pixels take {expected} bytes, the buffer has {}",
                data.len()
            );
            return Err(Error::InvalidPixels { detail });
        }
        Self::with_stride(data, width, height, format, stride)
    }

    /// Returns a view of rows that start `stride` bytes apart. The last row needs no padding.
    ///
    /// # Errors
    /// [`Error::InvalidPixels`] if the width or height is 0, a row is longer than the stride, or
    /// `data` is too short.
    pub fn with_stride(
        data: &'a [u8],
        width: u32,
        height: u32,
        format: PixelFormat,
        stride: usize,
    ) -> Result<Self, Error> {
        let invalid = |detail: String| Err(Error::InvalidPixels { detail });
        if width == 0 || height == 0 {
            return invalid(format!("{width}x{height} has no pixels"));
        }
        let row = (width as usize).saturating_mul(format.bytes_per_pixel());
        if stride < row {
            return invalid(format!("a row takes {row} bytes, the stride is {stride}"));
        }
        let needed = stride.saturating_mul(height as usize - 1).saturating_add(row);
        if data.len() < needed {
            return invalid(format!(
                "{height} rows take {needed} bytes, the buffer has {}",
                data.len()
            ));
        }
        Ok(Self { rows: Rows::Strided { data, stride }, size: Size { width, height }, format })
    }

    /// Returns a view of rows that may be anywhere in memory, for example those of a view that is
    /// mirrored top to bottom. All rows have `width` pixels.
    ///
    /// ```
    /// use ownprint_pixels::{PixelFormat, Pixels};
    ///
    /// let grey: Vec<u8> = (0..6).collect();
    /// let rows: Vec<&[u8]> = grey.chunks(3).rev().collect();
    /// let pixels = Pixels::from_rows(&rows, 3, PixelFormat::L8)?;
    /// assert_eq!((pixels.size().height, pixels.row(0)), (2, [3, 4, 5].as_slice()));
    /// # Ok::<(), ownprint_pixels::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidPixels`] if there are no rows or more than 2^32 - 1, if the width is 0, or
    /// if a row has another length.
    pub fn from_rows(rows: &'a [&'a [u8]], width: u32, format: PixelFormat) -> Result<Self, Error> {
        let invalid = |detail: String| Err(Error::InvalidPixels { detail });
        let Ok(height) = u32::try_from(rows.len()) else {
            return invalid(format!("{} rows are too many", rows.len()));
        };
        if width == 0 || height == 0 {
            return invalid(format!("{width}x{height} has no pixels"));
        }
        let length = (width as usize).saturating_mul(format.bytes_per_pixel());
        if let Some(row) = rows.iter().find(|row| row.len() != length) {
            return invalid(format!("a row takes {length} bytes, one has {}", row.len()));
        }
        Ok(Self { rows: Rows::Separate(rows), size: Size { width, height }, format })
    }

    /// Returns the width and height.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Returns the layout of a pixel.
    #[must_use]
    pub fn format(&self) -> PixelFormat {
        self.format
    }

    /// Returns the bytes of row `y` without padding, or an empty slice if there is no such row.
    #[must_use]
    pub fn row(&self, y: usize) -> &'a [u8] {
        match self.rows {
            Rows::Strided { data, stride } => {
                let start = y.saturating_mul(stride);
                let length = self.size.width as usize * self.format.bytes_per_pixel();
                data.get(start..start.saturating_add(length)).unwrap_or_default()
            }
            Rows::Separate(rows) => rows.get(y).copied().unwrap_or_default(),
        }
    }
}

/// An owned RGB8 image in stored orientation, wiped on drop.
#[derive(Debug)]
pub struct Raster {
    data: WipedBytes,
    size: Size,
}

impl Raster {
    /// Returns an image of `size`; `data` holds `size.pixels()` RGB triples.
    #[must_use]
    pub fn new(data: WipedBytes, size: Size) -> Self {
        debug_assert_eq!(data.0.len() as u64, size.pixels() * 3);
        Self { data, size }
    }

    /// Returns the size of the stored image.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Returns a view of the pixels.
    #[must_use]
    pub fn pixels(&self) -> Pixels<'_> {
        let stride = self.size.width as usize * 3;
        let rows = Rows::Strided { data: &self.data.0, stride };
        Pixels { rows, size: self.size, format: PixelFormat::Rgb8 }
    }

    /// Returns the bytes: red, green, blue, row by row from the top.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.data.0
    }

    /// Returns the bytes, and the number of bytes in a row.
    #[must_use]
    pub fn into_rows(self) -> (WipedBytes, usize) {
        (self.data, self.size.width as usize * 3)
    }
}
