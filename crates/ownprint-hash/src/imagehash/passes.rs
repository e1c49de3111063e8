//! The backward passes of [`RealFourier`](super::fourier::RealFourier), one per radix.
//!
//! Each pass computes the sums in the order of pocketfft's `radb2` to `radbg`, for every transform
//! before it and every pair of the inner length. Pair `i` mirrors pair `inner - i`.

/// One pass: a transform of `radix` points, `before` times, over `inner` values each.
#[derive(Debug)]
pub(super) struct Pass {
    /// Number of values within one remaining transform.
    pub(super) inner: usize,
    pub(super) radix: usize,
    /// Number of transforms done before.
    pub(super) before: usize,
    /// For factor `j` from 1, `(inner - 1) / 2` pairs of cosine and sine.
    pub(super) twiddles: Vec<f64>,
    /// Cosine and sine of multiples of `1/radix` of a circle, for [`any`](Self::any).
    pub(super) roots: Vec<(f64, f64)>,
}

const SQRT_2: f64 = std::f64::consts::SQRT_2;
/// Sine of a third of a circle.
const SINE_3: f64 = 0.8660254037844386;
/// Cosine and sine of one and two fifths of a circle.
const COSINE_5: f64 = 0.30901699437494745;
const SINE_5: f64 = 0.9510565162951535;
const COSINE_5_2: f64 = -0.8090169943749475;
const SINE_5_2: f64 = 0.5877852522924731;

impl Pass {
    pub(super) fn run(&self, from: &mut [f64], to: &mut [f64]) {
        for k in 0..self.before {
            match self.radix {
                2 => self.two(k, from, to),
                3 => self.three(k, from, to),
                4 => self.four(k, from, to),
                5 => self.five(k, from, to),
                _ => {}
            }
        }
        if self.radix > 5 {
            self.any(from, to);
        }
    }

    /// The index at which value `a` of point `b` of transform `k` is read.
    fn from(&self, a: usize, b: usize, k: usize) -> usize {
        a + self.inner * (b + self.radix * k)
    }

    /// The index at which value `a` of output `b` of transform `k` is written.
    fn to(&self, a: usize, b: usize, k: usize) -> usize {
        a + self.inner * (b + self.before * k)
    }

    /// The first value of each pair.
    fn pairs(&self) -> impl Iterator<Item = usize> {
        (2..self.inner).step_by(2)
    }

    /// Writes output `j` of pair `i`, rotated by its factor.
    fn put(&self, to: &mut [f64], (j, i, k): (usize, usize, usize), (re, im): (f64, f64)) {
        let at = self.to(i, k, j);
        let (re, im) = if j == 0 {
            (re, im)
        } else {
            let factor = (j - 1) * (self.inner - 1) + i - 2;
            let (cosine, sine) = (self.twiddles[factor], self.twiddles[factor + 1]);
            (cosine * re - sine * im, cosine * im + sine * re)
        };
        to[at - 1] = re;
        to[at] = im;
    }

    fn two(&self, k: usize, from: &[f64], to: &mut [f64]) {
        let last = self.inner - 1;
        let read = |a, b| from[self.from(a, b, k)];
        to[self.to(0, k, 0)] = read(0, 0) + read(last, 1);
        to[self.to(0, k, 1)] = read(0, 0) - read(last, 1);
        if self.inner.is_multiple_of(2) {
            to[self.to(last, k, 0)] = 2.0 * read(last, 0);
            to[self.to(last, k, 1)] = -2.0 * read(0, 1);
        }
        for i in self.pairs() {
            let mirror = self.inner - i;
            let even = (read(i - 1, 0) + read(mirror - 1, 1), read(i, 0) - read(mirror, 1));
            let odd = (read(i - 1, 0) - read(mirror - 1, 1), read(i, 0) + read(mirror, 1));
            self.put(to, (0, i, k), even);
            self.put(to, (1, i, k), odd);
        }
    }

    fn three(&self, k: usize, from: &[f64], to: &mut [f64]) {
        let last = self.inner - 1;
        let read = |a, b| from[self.from(a, b, k)];
        let sum = 2.0 * read(last, 1);
        let re = read(0, 0) + -0.5 * sum;
        let im = 2.0 * SINE_3 * read(0, 2);
        to[self.to(0, k, 0)] = read(0, 0) + sum;
        to[self.to(0, k, 2)] = re + im;
        to[self.to(0, k, 1)] = re - im;
        for i in self.pairs() {
            let mirror = self.inner - i;
            let sum = (read(i - 1, 2) + read(mirror - 1, 1), read(i, 2) - read(mirror, 1));
            let re = (read(i - 1, 0) + -0.5 * sum.0, read(i, 0) + -0.5 * sum.1);
            let im = (
                SINE_3 * (read(i - 1, 2) - read(mirror - 1, 1)),
                SINE_3 * (read(i, 2) + read(mirror, 1)),
            );
            self.put(to, (0, i, k), (read(i - 1, 0) + sum.0, read(i, 0) + sum.1));
            self.put(to, (1, i, k), (re.0 - im.1, re.1 + im.0));
            self.put(to, (2, i, k), (re.0 + im.1, re.1 - im.0));
        }
    }

    fn four(&self, k: usize, from: &[f64], to: &mut [f64]) {
        let last = self.inner - 1;
        let read = |a, b| from[self.from(a, b, k)];
        let (sum, difference) = (read(0, 0) + read(last, 3), read(0, 0) - read(last, 3));
        let (re, im) = (2.0 * read(last, 1), 2.0 * read(0, 2));
        to[self.to(0, k, 0)] = sum + re;
        to[self.to(0, k, 2)] = sum - re;
        to[self.to(0, k, 3)] = difference + im;
        to[self.to(0, k, 1)] = difference - im;
        if self.inner.is_multiple_of(2) {
            let (im_sum, im_difference) = (read(0, 3) + read(0, 1), read(0, 3) - read(0, 1));
            let (re_sum, re_difference) =
                (read(last, 0) + read(last, 2), read(last, 0) - read(last, 2));
            to[self.to(last, k, 0)] = re_sum + re_sum;
            to[self.to(last, k, 1)] = SQRT_2 * (re_difference - im_sum);
            to[self.to(last, k, 2)] = im_difference + im_difference;
            to[self.to(last, k, 3)] = -SQRT_2 * (re_difference + im_sum);
        }
        for i in self.pairs() {
            let mirror = self.inner - i;
            let (re_2, re_1) =
                (read(i - 1, 0) + read(mirror - 1, 3), read(i - 1, 0) - read(mirror - 1, 3));
            let (im_1, im_2) = (read(i, 0) + read(mirror, 3), read(i, 0) - read(mirror, 3));
            let (re_4, im_3) = (read(i, 2) + read(mirror, 1), read(i, 2) - read(mirror, 1));
            let (re_3, im_4) =
                (read(i - 1, 2) + read(mirror - 1, 1), read(i - 1, 2) - read(mirror - 1, 1));
            self.put(to, (0, i, k), (re_2 + re_3, im_2 + im_3));
            self.put(to, (1, i, k), (re_1 - re_4, im_1 + im_4));
            self.put(to, (2, i, k), (re_2 - re_3, im_2 - im_3));
            self.put(to, (3, i, k), (re_1 + re_4, im_1 - im_4));
        }
    }

    fn five(&self, k: usize, from: &[f64], to: &mut [f64]) {
        let last = self.inner - 1;
        let read = |a, b| from[self.from(a, b, k)];
        let near = |x: f64, a: f64, b: f64| x + COSINE_5 * a + COSINE_5_2 * b;
        let far = |x: f64, a: f64, b: f64| x + COSINE_5_2 * a + COSINE_5 * b;
        let near_sine = |a: f64, b: f64| a * SINE_5 + b * SINE_5_2;
        let far_sine = |a: f64, b: f64| a * SINE_5_2 - b * SINE_5;
        let (im_1, im_2) = (read(0, 2) + read(0, 2), read(0, 4) + read(0, 4));
        let (re_1, re_2) = (read(last, 1) + read(last, 1), read(last, 3) + read(last, 3));
        let first = read(0, 0);
        to[self.to(0, k, 0)] = first + re_1 + re_2;
        let (near_re, far_re) = (near(first, re_1, re_2), far(first, re_1, re_2));
        let (near_im, far_im) = (near_sine(im_1, im_2), far_sine(im_1, im_2));
        to[self.to(0, k, 4)] = near_re + near_im;
        to[self.to(0, k, 1)] = near_re - near_im;
        to[self.to(0, k, 3)] = far_re + far_im;
        to[self.to(0, k, 2)] = far_re - far_im;
        for i in self.pairs() {
            let mirror = self.inner - i;
            let (re_1, re_4) =
                (read(i - 1, 2) + read(mirror - 1, 1), read(i - 1, 2) - read(mirror - 1, 1));
            let (im_4, im_1) = (read(i, 2) + read(mirror, 1), read(i, 2) - read(mirror, 1));
            let (re_2, re_3) =
                (read(i - 1, 4) + read(mirror - 1, 3), read(i - 1, 4) - read(mirror - 1, 3));
            let (im_3, im_2) = (read(i, 4) + read(mirror, 3), read(i, 4) - read(mirror, 3));
            let (re, im) = (read(i - 1, 0), read(i, 0));
            self.put(to, (0, i, k), (re + re_1 + re_2, im + im_1 + im_2));
            let (near_re, near_im) = (near(re, re_1, re_2), near(im, im_1, im_2));
            let (far_re, far_im) = (far(re, re_1, re_2), far(im, im_1, im_2));
            let (near_a, far_a) = (near_sine(re_4, re_3), far_sine(re_4, re_3));
            let (near_b, far_b) = (near_sine(im_4, im_3), far_sine(im_4, im_3));
            self.put(to, (1, i, k), (near_re - near_b, near_im + near_a));
            self.put(to, (2, i, k), (far_re - far_b, far_im + far_a));
            self.put(to, (3, i, k), (far_re + far_b, far_im - far_a));
            self.put(to, (4, i, k), (near_re + near_b, near_im - near_a));
        }
    }

    /// Transforms any odd radix by the sum over its roots; overwrites `from`.
    fn any(&self, from: &mut [f64], to: &mut [f64]) {
        let (inner, radix, before) = (self.inner, self.radix, self.before);
        let half = radix.div_ceil(2);
        for k in 0..before {
            for i in 0..inner {
                to[self.to(i, k, 0)] = from[self.from(i, 0, k)];
            }
            for j in 1..half {
                let read = |a, b| from[self.from(a, b, k)];
                to[self.to(0, k, j)] = 2.0 * read(inner - 1, 2 * j - 1);
                to[self.to(0, k, radix - j)] = 2.0 * read(0, 2 * j);
                for i in self.pairs() {
                    let mirror = inner - i;
                    to[self.to(i - 1, k, j)] = read(i - 1, 2 * j) + read(mirror - 1, 2 * j - 1);
                    to[self.to(i - 1, k, radix - j)] =
                        read(i - 1, 2 * j) - read(mirror - 1, 2 * j - 1);
                    to[self.to(i, k, j)] = read(i, 2 * j) - read(mirror, 2 * j - 1);
                    to[self.to(i, k, radix - j)] = read(i, 2 * j) + read(mirror, 2 * j - 1);
                }
            }
        }
        let rows = inner * before;
        for l in 1..half {
            self.sum_over_roots(l, rows, to, from);
        }
        for j in 1..half {
            for at in 0..rows {
                to[at] += to[at + rows * j];
            }
        }
        for j in 1..half {
            for k in 0..before {
                let read = |a, b| from[self.to(a, k, b)];
                let (re, im) = (read(0, j), read(0, radix - j));
                to[self.to(0, k, radix - j)] = re + im;
                to[self.to(0, k, j)] = re - im;
                for i in self.pairs() {
                    let (a, b) = (
                        (read(i - 1, j), read(i, j)),
                        (read(i - 1, radix - j), read(i, radix - j)),
                    );
                    self.put(to, (j, i, k), (a.0 - b.1, a.1 + b.0));
                    self.put(to, (radix - j, i, k), (a.0 + b.1, a.1 - b.0));
                }
            }
        }
    }

    /// Row `l` and its mirror: two terms first, then fours, twos and ones, each group added as one
    /// sum.
    fn sum_over_roots(&self, l: usize, rows: usize, terms: &[f64], sums: &mut [f64]) {
        let (radix, half) = (self.radix, self.radix.div_ceil(2));
        let (row, mirror) = (rows * l, rows * (radix - l));
        let root = |j: usize| self.roots[j * l % radix];
        for at in 0..rows {
            let term = |j: usize| terms[at + rows * j];
            sums[at + row] = term(0) + root(1).0 * term(1) + root(2).0 * term(2);
            sums[at + mirror] = root(1).1 * term(radix - 1) + root(2).1 * term(radix - 2);
        }
        let mut j = 3;
        while j < half {
            let count = match half - j {
                rest if rest > 3 => 4,
                rest if rest > 1 => 2,
                _ => 1,
            };
            for at in 0..rows {
                let sum = |part: &dyn Fn(usize) -> f64| {
                    (j + 1..j + count).fold(part(j), |sum, j| sum + part(j))
                };
                let cosines = sum(&|j| root(j).0 * terms[at + rows * j]);
                let sines = sum(&|j| root(j).1 * terms[at + rows * (radix - j)]);
                sums[at + row] += cosines;
                sums[at + mirror] += sines;
            }
            j += count;
        }
    }
}
