//! Pixels: numpy arrays of any layout, and buffers with a description.

use numpy::ndarray::{Array3, ArrayView3, Axis};
use numpy::{PyReadonlyArrayDyn, PyUntypedArray, PyUntypedArrayMethods};
use ownprint::{Error, ExifOrientation, PixelFormat, Pixels};
use pyo3::prelude::*;

use crate::error::{exception, invalid_pixels};

/// An image in memory: the pixels of a numpy array, which are borrowed.
pub(crate) struct ArrayImage<'py> {
    array: PyReadonlyArrayDyn<'py, u8>,
    format: PixelFormat,
}

impl<'py> ArrayImage<'py> {
    /// Checks the type, the shape and the format of an array.
    pub(crate) fn new(array: &Bound<'py, PyAny>, format: Option<&str>) -> PyResult<Self> {
        let py = array.py();
        let Ok(array) = array.extract::<PyReadonlyArrayDyn<'py, u8>>() else {
            let found = array.cast::<PyUntypedArray>().map_or_else(
                |_| array.get_type().to_string(),
                |array| format!("an array of {}", array.dtype()),
            );
            return Err(invalid_pixels(py, format!("expected an array of uint8, found {found}")));
        };
        let channels = match array.shape() {
            [_, _] => 1,
            [_, _, channels] => *channels,
            shape => {
                let detail = format!(
                    "expected an array of height x width or height x width x channels, found {} \
                     dimensions",
                    shape.len()
                );
                return Err(invalid_pixels(py, detail));
            }
        };
        let format = format.map(str::parse).transpose();
        let format: Option<PixelFormat> =
            format.map_err(|error: ownprint::pixels::Error| exception(py, &error.into()))?;
        let format = match (format, channels) {
            (Some(format), _) => format,
            (None, 1) => PixelFormat::L8,
            (None, 3) => PixelFormat::Rgb8,
            (None, 4) => PixelFormat::Rgba8,
            (None, _) => {
                let detail = format!("expected 1, 3 or 4 channels, found {channels}");
                return Err(invalid_pixels(py, detail));
            }
        };
        if format.bytes_per_pixel() != channels {
            let detail = format!(
                "{} pixels have {} channels, the array has {channels}",
                format.name(),
                format.bytes_per_pixel()
            );
            return Err(invalid_pixels(py, detail));
        }
        Ok(Self { array, format })
    }

    /// Returns a view that can be used without the GIL.
    pub(crate) fn view(&self) -> PyResult<ImageView<'_>> {
        let mut view = self.array.as_array();
        if view.ndim() == 2 {
            view = view.insert_axis(Axis(2));
        }
        let view = view
            .into_dimensionality()
            .map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))?;
        Ok(ImageView { view, format: self.format })
    }
}

/// A view of height x width x channels.
#[derive(Clone, Copy)]
pub(crate) struct ImageView<'a> {
    view: ArrayView3<'a, u8>,
    format: PixelFormat,
}

impl ImageView<'_> {
    /// Calls `work` with the pixels. They are copied only if the bytes of a row are not adjacent.
    pub(crate) fn with<T>(
        self,
        work: impl FnOnce(&Pixels<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Self { mut view, mut format } = self;
        let reversed = match format {
            PixelFormat::Rgb8 => Some(PixelFormat::Bgr8),
            PixelFormat::Bgr8 => Some(PixelFormat::Rgb8),
            _ => None,
        };
        // `array[..., ::-1]` of BGR pixels is a view of RGB pixels: the bytes are in BGR order.
        if let (Some(reversed), -1) = (reversed, view.stride_of(Axis(2))) {
            view.invert_axis(Axis(2));
            format = reversed;
        }
        let (height, width, _) = view.dim();
        let (width, height) = (length(width)?, length(height)?);
        if let Some(bytes) = view.to_slice() {
            return work(&Pixels::new(bytes, width, height, format)?);
        }
        let rows: Option<Vec<&[u8]>> =
            (0..height as usize).map(|y| view.index_axis_move(Axis(0), y).to_slice()).collect();
        if let Some(rows) = rows {
            return work(&Pixels::from_rows(&rows, width, format)?);
        }
        // The allocator of this module overwrites the copy when it is released.
        let mut copy = Array3::zeros(view.dim());
        copy.assign(&view);
        let bytes = copy.as_slice().unwrap_or_default();
        work(&Pixels::new(bytes, width, height, format)?)
    }
}

/// Converts a dimension.
fn length(value: usize) -> Result<u32, Error> {
    u32::try_from(value).map_err(|_| {
        let detail = format!("a dimension of {value} pixels is too large");
        ownprint::pixels::Error::InvalidPixels { detail }.into()
    })
}

/// The description of pixels in a buffer: rows from top to bottom.
pub(crate) struct Layout {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) format: PixelFormat,
    pub(crate) stride: Option<usize>,
}

impl Layout {
    pub(crate) fn new(
        py: Python<'_>,
        (width, height): (u32, u32),
        format: &str,
        stride: Option<usize>,
    ) -> PyResult<Self> {
        let format = format
            .parse()
            .map_err(|error: ownprint::pixels::Error| exception(py, &error.into()))?;
        Ok(Self { width, height, format, stride })
    }

    pub(crate) fn view<'a>(&self, bytes: &'a [u8]) -> Result<Pixels<'a>, Error> {
        Ok(match self.stride {
            None => Pixels::new(bytes, self.width, self.height, self.format)?,
            Some(stride) => {
                Pixels::with_stride(bytes, self.width, self.height, self.format, stride)?
            }
        })
    }
}

/// Converts the value of the EXIF tag, 1 to 8.
pub(crate) fn orientation(py: Python<'_>, value: u16) -> PyResult<ExifOrientation> {
    let orientation = ExifOrientation::from_exif(value);
    if orientation.to_exif() == value {
        return Ok(orientation);
    }
    Err(invalid_pixels(py, format!("an EXIF orientation is a number from 1 to 8, found {value}")))
}
