//! The discrete cosine transform of `scipy.fftpack.dct`: type 2, not normalized, with the
//! operations of pocketfft in the same order (class `T_dcst23`).

use super::fourier::{Circle, RealFourier};

/// A transform of one even length.
#[derive(Debug)]
pub(super) struct CosineTransform {
    fourier: RealFourier,
    /// Cosines of `i + 1` of `4 * length` parts of a circle.
    cosines: Vec<f64>,
}

impl CosineTransform {
    pub(super) fn new(length: usize) -> Self {
        let circle = Circle::new(4 * length);
        Self {
            fourier: RealFourier::new(length),
            cosines: (1..=length).map(|i| circle.at(i).0).collect(),
        }
    }

    /// Transforms `data`; `work` has the same length.
    pub(super) fn transform(&self, data: &mut [f64], work: &mut [f64]) {
        let length = self.cosines.len();
        data[0] *= 2.0;
        data[length - 1] *= 2.0;
        for k in (1..length - 1).step_by(2) {
            (data[k], data[k + 1]) = (data[k + 1] + data[k], data[k + 1] - data[k]);
        }
        self.fourier.backward(data, work);
        for k in 1..length / 2 {
            let mirror = length - k;
            let (near, far) = (self.cosines[k - 1], self.cosines[mirror - 1]);
            let a = near * data[mirror] + far * data[k];
            let b = near * data[k] - far * data[mirror];
            data[k] = 0.5 * (a + b);
            data[mirror] = 0.5 * (a - b);
        }
        data[length / 2] *= self.cosines[length / 2 - 1];
    }
}
