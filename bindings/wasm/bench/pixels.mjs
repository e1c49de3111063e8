// Pixels for the benchmarks.

const [width, height] = [4000, 3000];

/** Returns an image of 12 megapixels without padding. */
export function rgbPixels() {
  const data = Uint8Array.from(
    { length: width * height * 3 },
    (_, at) => (at * 31 + (at >> 9) * 7) & 255,
  );
  return /** @type {const} */ ({ data, width, height, format: "rgb8" });
}
