/** Options as JavaScript callers may really give them, checked once for the core and for what crosses to a worker. */

import { OwnprintError } from "./types.js";
import type { ComputeOptions, PixelsInput, VideoComputeOptions } from "./types.js";

/** Just what a core needs, whatever else the object holds; functions and signals could not cross to a worker. */
export function computeOnly(options: ComputeOptions): ComputeOptions {
  const { algorithms, variants, pixels, acceptDamaged, rgbMd5, limits } = options;
  if (algorithms !== undefined && algorithms !== "all" && !Array.isArray(algorithms)) {
    throw new TypeError(`algorithms is a list of names or "all", not ${JSON.stringify(algorithms)}`);
  }
  variantNames(variants);
  if (pixels !== undefined && pixels !== "upright" && pixels !== "stored") {
    throw new TypeError(`pixels is "upright" or "stored", not ${JSON.stringify(pixels)}`);
  }
  return {
    ...(algorithms !== undefined && { algorithms }),
    ...(variants !== undefined && { variants }),
    ...(pixels !== undefined && { pixels }),
    ...(acceptDamaged !== undefined && { acceptDamaged }),
    ...(rgbMd5 !== undefined && { rgbMd5 }),
    ...(limits !== undefined && { limits }),
  };
}

/** The same of a video's. */
export function videoOnly(options: VideoComputeOptions): VideoComputeOptions {
  const { algorithms, secondsPerHash, prune, acceptDamaged, limits } = options;
  if (algorithms !== undefined && !Array.isArray(algorithms)) {
    throw new TypeError(`algorithms is a list of names, not ${JSON.stringify(algorithms)}`);
  }
  return {
    ...(algorithms !== undefined && { algorithms }),
    ...(secondsPerHash !== undefined && { secondsPerHash }),
    ...(prune !== undefined && { prune: asCount("prune", prune) }),
    ...(acceptDamaged !== undefined && { acceptDamaged }),
    ...(limits !== undefined && { limits }),
  };
}

/** A set's name, or variants' with commas between, as the core takes them. */
export function variantNames(variants: ComputeOptions["variants"]): string | undefined {
  if (variants !== undefined && typeof variants !== "string" && !Array.isArray(variants)) {
    throw new TypeError(`variants is the name of a set or a list of names, not ${JSON.stringify(variants)}`);
  }
  return Array.isArray(variants) ? variants.join(",") : (variants as string | undefined);
}

/** A description of pixels with nothing left open. The fields are named one by one: an `ImageData` has them as getters. */
export function described(pixels: PixelsInput): Required<PixelsInput> {
  const { data, width, height, format = "rgba8", stride = 0, orientation = 1 } = pixels;
  for (const [name, value] of Object.entries({ width, height, stride, orientation })) {
    // WebAssembly would take such a number modulo 2^32.
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
      throw new OwnprintError("invalid-pixels", `the pixel buffer does not fit its description: ${name} is ${value}`);
    }
  }
  return { data, width, height, format, stride, orientation };
}

/** A text that is one: the module would take the length of something else for that of a text. */
export function asText(name: string, value: string): string {
  if (typeof value !== "string") {
    throw new TypeError(`${name} is a text, not ${JSON.stringify(value)}`);
  }
  return value;
}

/** A number that WebAssembly takes as it is: another one it would take modulo 2^32. */
export function asCount(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
    throw new TypeError(`${name} is a whole number from 0 to ${2 ** 32 - 1}, not ${String(value)}`);
  }
  return value;
}

/** Bits that may differ, where that was said. */
export function asRadius(radius: number | undefined): number | undefined {
  return radius === undefined ? undefined : asCount("radius", radius);
}

/** A quality, where there is one. */
export function asQuality(quality: number | undefined): number | undefined {
  if (quality !== undefined && !(Number.isInteger(quality) && quality >= 0 && quality <= 100)) {
    throw new TypeError(`quality is a whole number from 0 to 100, not ${String(quality)}`);
  }
  return quality;
}
