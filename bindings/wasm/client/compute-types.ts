/** Inputs and options for images and other files. */

import type { DigestAlgorithm, HashAlgorithm } from "./algorithms.js";
import type { VariantSetName } from "./fingerprint-types.js";

/** An encoded file. */
export type FileInput =
  Blob | ArrayBuffer | ArrayBufferView | Response | ReadableStream<Uint8Array>;

/** How much of a file has been read. */
export interface Progress {
  /** Bytes read so far. */
  readonly bytes: number;
  /** Length of the file in bytes; `undefined` for a stream. */
  readonly total?: number | undefined;
  /** Frames of a video that are decoded or skipped so far, once its bytes are read. */
  readonly frames?: number;
  /** The number of all frames of a video. */
  readonly totalFrames?: number;
}

/** Limits that are checked before memory is allocated. Omitted limits have the core's defaults. */
export interface Limits {
  /** Length of an image file, or of a video from a stream, in bytes. */
  readonly fileBytes?: number | undefined;
  /** Stored width, in pixels. */
  readonly width?: number | undefined;
  /** Stored height, in pixels. */
  readonly height?: number | undefined;
  /** Width times height. */
  readonly pixels?: number | undefined;
  /** Memory of the decoded image, in bytes. */
  readonly memory?: number | undefined;
  /** Bytes of RGB for each byte of the file, in images of more than 60 megapixels. */
  readonly expansion?: number | undefined;
}

/** What to compute. */
export interface ComputeOptions {
  /**
   * Names of hashes and digests; `"all"` selects every hash and digest in {@link Capabilities}.
   * Default: {@link Capabilities.defaults}. `vpdq` requests the hashes of videos, which only
   * `fingerprintVideo` computes: other functions report a video as `unsupported-video`.
   */
  readonly algorithms?: readonly (HashAlgorithm | DigestAlgorithm | "vpdq")[] | "all" | undefined;
  /**
   * Adds the PDQ hashes of edited forms of the image as {@link ImageFingerprint.variants}: the name
   * of a set (`compact` has 8 hashes, `standard` 16, `wide` 32; `query` and `query-wide`, for an
   * image that is looked up, up to 32 and 124, in the full build) or a list of variants
   * (`["mirror", "crop:4", "border:4:white"]`). See `docs/coverage.md` and `docs/privacy.md`.
   */
  readonly variants?: VariantSetName | readonly string[] | undefined;
  /**
   * `"apply"` hashes the image as its EXIF orientation says, as people see it; `"ignore"` hashes
   * the pixels as stored. Default: the core's, `"apply"`.
   */
  readonly orientation?: "apply" | "ignore" | undefined;
  /** Hashes a damaged file as far as it can be decoded, and adds a warning. */
  readonly acceptDamaged?: boolean | undefined;
  /** Adds the MD5 of the hashed RGB bytes as {@link ImageFingerprint.rgbMd5}. */
  readonly rgbMd5?: boolean | undefined;
  readonly limits?: Limits | undefined;
}

/** What to compute of a file, with progress and cancellation. */
export interface FingerprintOptions extends ComputeOptions {
  /**
   * Lets the browser decode formats that this package cannot decode, or whose module is not
   * available. The canvas is tested first. The result has `decoder.name: "platform"` and
   * `deterministic: false`.
   */
  readonly platformDecode?: boolean | undefined;
  /** Cancels the call and releases its memory. The promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Decoded pixels, rows from top to bottom. */
export interface PixelsInput {
  readonly data: ArrayBufferView | ArrayBuffer;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Default: `rgba8`, the format of a canvas's `ImageData`. */
  readonly format?: "rgb8" | "rgba8" | "bgra8" | "l8" | undefined;
  /** Bytes from the start of one row to the start of the next. Default: rows without padding. */
  readonly stride?: number | undefined;
  /** The EXIF orientation of the pixels, 1 to 8. Default: 1. */
  readonly orientation?: number | undefined;
}
