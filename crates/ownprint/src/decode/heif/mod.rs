//! HEIC and AVIF: the primary picture of a container, whichever codec its parts are in.
//!
//! `container.rs` says what is to be painted where; `hevc.rs` and `av1.rs` are the only places that know a codec. Parts are
//! painted one by one, straight into the picture of eight bits a sample, so that beside it no more than one is in memory.

#[cfg(feature = "avif")]
mod av1;
mod colours;
mod container;
#[cfg(feature = "heic")]
mod hevc;
mod outline;
mod paint;
mod transforms;

use self::container::{Codec, Container, Part, Still};
use self::paint::Window;
use super::canvas::{Canvas, Layout};
use super::{Decoded, Format};
use crate::{Error, Limits};

pub(super) fn decode(bytes: &[u8], format: Format, limits: &Limits) -> Result<Decoded, Error> {
    let container = Container::open(bytes, format)?;
    let still = container.still(limits)?;
    check_data(&container, &still.parts, bytes).map_err(|reason| reason.of(format))?;
    let mut canvas = Canvas::new(format, still.crop.size, Layout::RGB8, still.largest_part(), limits)?;
    let mut window = Window { samples: canvas.samples(), place: still.crop };
    for part in &still.parts {
        paint_part(&container, &still, part, &mut window)?;
    }
    Ok(Decoded {
        raster: canvas.into_raster(),
        format,
        orientation: still.orientation,
        damaged: false,
        animated: container.has_film,
        exact: true,
    })
}

fn paint_part(
    container: &Container<'_>,
    still: &Still,
    part: &Part,
    window: &mut Window<'_>,
) -> Result<(), Error> {
    match part.codec {
        #[cfg(feature = "heic")]
        Codec::Hevc => hevc::decode(container, part)
            .and_then(|planes| paint::paint(&planes, still.colours, part.place, window)),
        #[cfg(feature = "avif")]
        Codec::Av1 => {
            av1::decode(container, part, |planes| paint::paint(planes, still.colours, part.place, window))
        }
    }
    .map_err(|reason| reason.of(container.format))
}

/// Whether the parts have no more data than the file: else each of thousands could be all of it.
fn check_data(container: &Container<'_>, parts: &[Part], file: &[u8]) -> Result<(), Reason> {
    let mut left = file.len();
    for part in parts {
        let beyond = || Reason::Damaged("parts that lie over one another".to_owned());
        left = left.checked_sub(container.data(part.id)?.bytes().len()).ok_or_else(beyond)?;
    }
    Ok(())
}

/// Why a part cannot be painted, before it is known whose part it is.
#[derive(Debug)]
enum Reason {
    Truncated,
    Damaged(String),
    Unsupported(String),
}

impl Reason {
    fn of(self, format: Format) -> Error {
        match self {
            Self::Truncated => Error::Truncated { format },
            Self::Damaged(detail) => Error::Damaged { format, detail },
            Self::Unsupported(detail) => Error::UnsupportedFeature { format, detail },
        }
    }
}

impl From<&heifer_isobmff::Error> for Reason {
    fn from(error: &heifer_isobmff::Error) -> Self {
        let detail = super::short(&error.to_string());
        match error {
            heifer_isobmff::Error::UnexpectedEof => Self::Truncated,
            heifer_isobmff::Error::Unimplemented(_) => Self::Unsupported(detail),
            _ => Self::Damaged(detail),
        }
    }
}
