/** Checks options and arguments, for the core and before they are sent to a worker. */

import type { ComputeOptions, PixelsInput } from "./compute-types.js";
import { invalidArgument, OwnprintError } from "./errors.js";
import type { VideoComputeOptions } from "./video-types.js";

/**
 * Returns the options that a core needs, without other members of the object: functions and signals
 * cannot be sent to a worker.
 */
export function computeOnly(options: ComputeOptions): ComputeOptions {
  const { algorithms, variants, orientation, acceptDamaged, rgbMd5, limits } = options;
  if (algorithms !== undefined && algorithms !== "all" && !Array.isArray(algorithms)) {
    throw invalidArgument(
      `algorithms must be a list of names or "all", not ${JSON.stringify(algorithms)}`,
    );
  }
  refuseEmpty(algorithms);
  variantNames(variants);
  if (orientation !== undefined && orientation !== "apply" && orientation !== "ignore") {
    throw invalidArgument(
      `orientation must be "apply" or "ignore", not ${JSON.stringify(orientation)}`,
    );
  }
  return {
    ...(algorithms !== undefined && { algorithms }),
    ...(variants !== undefined && { variants }),
    ...(orientation !== undefined && { orientation }),
    ...(acceptDamaged !== undefined && { acceptDamaged }),
    ...(rgbMd5 !== undefined && { rgbMd5 }),
    ...(limits !== undefined && { limits }),
  };
}

function refuseEmpty(algorithms: readonly string[] | "all" | undefined): void {
  if (algorithms?.length === 0) {
    throw invalidArgument("algorithms is empty; name a hash or a digest, or omit the option");
  }
}

/** As {@link computeOnly}, for a video. */
export function videoOnly(options: VideoComputeOptions): VideoComputeOptions {
  const { algorithms, secondsPerHash, prune, acceptDamaged, limits } = options;
  if (algorithms !== undefined && !Array.isArray(algorithms)) {
    throw invalidArgument(`algorithms must be a list of names, not ${JSON.stringify(algorithms)}`);
  }
  refuseEmpty(algorithms);
  return {
    ...(algorithms !== undefined && { algorithms }),
    ...(secondsPerHash !== undefined && { secondsPerHash }),
    ...(prune !== undefined && { prune: asCount("prune", prune) }),
    ...(acceptDamaged !== undefined && { acceptDamaged }),
    ...(limits !== undefined && { limits }),
  };
}

/** Returns the name of a set, or names of variants separated by commas, as the core takes them. */
export function variantNames(variants: ComputeOptions["variants"]): string | undefined {
  if (variants !== undefined && typeof variants !== "string" && !Array.isArray(variants)) {
    throw invalidArgument(
      `variants must be the name of a set or a list of names, not ${JSON.stringify(variants)}`,
    );
  }
  return Array.isArray(variants) ? variants.join(",") : (variants as string | undefined);
}

/** Pixels whose description has every member. */
type DescribedPixels = {
  readonly [Member in keyof PixelsInput]-?: Exclude<PixelsInput[Member], undefined>;
};

/**
 * Returns a complete description of pixels. Members are read one by one because those of an
 * `ImageData` are getters.
 */
export function described(pixels: PixelsInput): DescribedPixels {
  const { data, width, height, format = "rgba8", stride = 0, orientation = 1 } = pixels;
  for (const [name, value] of Object.entries({ width, height, stride, orientation })) {
    if (!isCount(value)) {
      throw new OwnprintError(
        "invalid-pixels",
        `the pixel buffer does not fit its description: ${name} is ${value}`,
      );
    }
  }
  return { data, width, height, format, stride, orientation };
}

/** Returns a string; WebAssembly would misread the length of another value. */
export function asText<Text extends string>(name: string, value: Text): Text {
  if (typeof value !== "string") {
    throw invalidArgument(`${name} must be a string, not ${JSON.stringify(value)}`);
  }
  return value;
}

/** Returns an unsigned 32-bit integer. */
export function asCount(name: string, value: number): number {
  if (!isCount(value)) {
    throw invalidArgument(`${name} must be an integer from 0 to ${2 ** 32 - 1}, not ${value}`);
  }
  return value;
}

/** Returns a radius in bits, if given. */
export function asRadius(radius: number | undefined): number | undefined {
  return radius === undefined ? undefined : asCount("radius", radius);
}

/** Returns a quality, if given. */
export function asQuality(quality: number | undefined): number | undefined {
  if (quality !== undefined && !(isCount(quality) && quality <= 100)) {
    throw invalidArgument(`quality must be an integer from 0 to 100, not ${String(quality)}`);
  }
  return quality;
}

/** WebAssembly would reduce other numbers modulo 2^32. */
function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}
