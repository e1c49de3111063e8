//! Computes hashes with img_hash 3.2.0, under the names of ownprint.

use image::{ImageBuffer, RgbImage, imageops};
use img_hash::{HashAlg, HasherConfig, ImageHash};
use ownprint_conformance::Raw;

/// The algorithms of img_hash, with the base names of ownprint.
pub const ALGORITHMS: [(&str, HashAlg); 5] = [
    ("img-hash-mean", HashAlg::Mean),
    ("img-hash-gradient", HashAlg::Gradient),
    ("img-hash-vertical-gradient", HashAlg::VertGradient),
    ("img-hash-double-gradient", HashAlg::DoubleGradient),
    ("blockhash", HashAlg::Blockhash),
];

/// A requested hash.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// An index into [`ALGORITHMS`].
    pub algorithm: usize,
    pub width: u32,
    pub height: u32,
    pub dct: bool,
    pub dog: bool,
}

impl Request {
    /// Returns the name in ownprint.
    pub fn name(&self) -> String {
        let dct = if self.dct { ":dct" } else { "" };
        let dog = if self.dog { ":dog" } else { "" };
        format!("{}:{}x{}{dct}{dog}", ALGORITHMS[self.algorithm].0, self.width, self.height)
    }

    /// Returns the hash of the image.
    pub fn hash(&self, image: &RgbImage) -> ImageHash {
        self.config(self.dog).to_hasher().hash_image(image)
    }

    /// Returns the hash of an image to which the difference of Gaussians was already applied.
    pub fn hash_of_difference(&self, difference: &RgbImage) -> ImageHash {
        self.config(false).to_hasher().hash_image(difference)
    }

    fn config(&self, dog: bool) -> HasherConfig {
        let config = HasherConfig::new()
            .hash_alg(ALGORITHMS[self.algorithm].1)
            .hash_size(self.width, self.height);
        let config = if self.dct { config.preproc_dct() } else { config };
        if dog { config.preproc_diff_gauss() } else { config }
    }
}

/// Returns requests for every algorithm at suitable sizes, without and with the transform.
/// Blockhash has no transform.
pub fn requests(sizes: &[(u32, u32)], dog: bool) -> Vec<Request> {
    let mut requests = Vec::new();
    for (algorithm, (base_name, _)) in ALGORITHMS.iter().enumerate() {
        let step = match *base_name {
            "blockhash" => 4,
            "img-hash-double-gradient" => 2,
            _ => 1,
        };
        for &(width, height) in sizes {
            let (width, height) = (width.next_multiple_of(step), height.next_multiple_of(step));
            requests.push(Request { algorithm, width, height, dct: false, dog });
            if *base_name != "blockhash" {
                requests.push(Request { algorithm, width, height, dct: true, dog });
            }
        }
    }
    requests
}

/// Returns the image in the type of img_hash.
pub fn image(raw: &Raw) -> RgbImage {
    ImageBuffer::from_raw(raw.width, raw.height, raw.rgb.clone())
        .expect("the buffer has the size of the image")
}

/// Computes the difference of Gaussians like img_hash. Blurring once for all hashes saves minutes.
pub fn difference(image: &RgbImage) -> RgbImage {
    let mut narrow = imageops::blur(image, 5.0);
    let wide = imageops::blur(image, 10.0);
    narrow.iter_mut().zip(wide.iter()).for_each(|(a, b)| *a = a.wrapping_sub(*b));
    narrow
}
