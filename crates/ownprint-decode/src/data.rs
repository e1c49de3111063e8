//! Encoded data that a container stores in one piece or in several.

use std::borrow::Cow;

use ownprint_pixels::wipe::WipedBytes;

/// Encoded data: a borrowed piece of the file, or a joined copy of several pieces, wiped on drop.
pub(super) enum Data<'a> {
    Piece(&'a [u8]),
    Pieces(WipedBytes),
}

impl Data<'_> {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Piece(bytes) => bytes,
            Self::Pieces(bytes) => &bytes.0,
        }
    }
}

impl<'a> From<Cow<'a, [u8]>> for Data<'a> {
    fn from(bytes: Cow<'a, [u8]>) -> Self {
        match bytes {
            Cow::Borrowed(piece) => Self::Piece(piece),
            Cow::Owned(pieces) => Self::Pieces(WipedBytes(pieces)),
        }
    }
}
