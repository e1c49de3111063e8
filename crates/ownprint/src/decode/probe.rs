//! What a file is, from its first bytes; names and extensions are never looked at.

/// Bytes that [`probe`] needs to see.
pub(crate) const PROBE_BYTES: usize = 64;

/// An image file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JPEG: baseline, progressive, grey, CMYK, YCCK.
    Jpeg,
    /// PNG, every colour type and depth; APNG's first frame.
    Png,
    /// GIF, first frame.
    Gif,
    /// WebP, lossy and lossless; first frame.
    WebP,
    /// Windows bitmap.
    Bmp,
    /// TIFF, first image.
    Tiff,
    /// PBM, PGM, PPM and PAM.
    Pnm,
    /// HEIC and HEIF, the primary image. Decoded with the feature `heic`.
    Heic,
    /// AVIF, the primary image. Decoded with the feature `avif`.
    Avif,
    /// JPEG XL, first frame. Decoded with the feature `jxl`.
    Jxl,
}

impl Format {
    /// Every format that is recognised.
    pub const ALL: [Self; 10] = [
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::WebP,
        Self::Bmp,
        Self::Tiff,
        Self::Pnm,
        Self::Heic,
        Self::Avif,
        Self::Jxl,
    ];

    /// The stable name, as in every record and every binding.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Bmp => "bmp",
            Self::Tiff => "tiff",
            Self::Pnm => "pnm",
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::Jxl => "jxl",
        }
    }

    /// Whether every machine gets the same pixels of every such file; otherwise [`ImageInfo::deterministic`](crate::ImageInfo::deterministic) says
    /// of which.
    #[must_use]
    pub fn is_always_deterministic(self) -> bool {
        self != Self::Jxl
    }

    /// Whether this build decodes it.
    #[must_use]
    pub fn is_decodable(self) -> bool {
        match self {
            Self::Jpeg => cfg!(feature = "jpeg"),
            Self::Png => cfg!(feature = "png"),
            Self::Gif => cfg!(feature = "gif"),
            Self::WebP => cfg!(feature = "webp"),
            Self::Bmp => cfg!(feature = "bmp"),
            Self::Tiff => cfg!(feature = "tiff"),
            Self::Pnm => cfg!(feature = "pnm"),
            Self::Heic => cfg!(feature = "heic"),
            Self::Avif => cfg!(feature = "avif"),
            Self::Jxl => cfg!(feature = "jxl"),
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// The format whose signature `bytes` begins with.
pub(crate) fn probe(bytes: &[u8]) -> Option<Format> {
    Some(match bytes {
        [0xff, 0xd8, 0xff, ..] => Format::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Format::Png,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Format::Gif,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Format::WebP,
        [b'B', b'M', ..] => Format::Bmp,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Format::Tiff,
        [b'P', b'1'..=b'7', b' ' | b'\t' | b'\n' | b'\r' | b'#', ..] => Format::Pnm,
        [0xff, 0x0a, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', b'\r', b'\n', 0x87, b'\n', ..] => {
            Format::Jxl
        }
        [_, _, _, _, b'f', b't', b'y', b'p', rest @ ..] => return probe_brands(rest),
        _ => return None,
    })
}

/// Tells AVIF from HEIC from videos by the brands of an ISO base media file.
fn probe_brands(brands: &[u8]) -> Option<Format> {
    let (brands, _) = brands.as_chunks::<4>();
    let any = |names: &[&[u8; 4]]| brands.iter().any(|brand| names.contains(&brand));
    if any(&[b"avif", b"avis"]) {
        Some(Format::Avif)
    } else if any(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        Some(Format::Heic)
    } else {
        None
    }
}
