/** Results: fingerprints of images and videos. */

import type { ByHashAlgorithm, DigestAlgorithm, HashAlgorithm } from "./algorithms.js";
import type { Diagnostic, ErrorCode, WarningCode } from "./errors.js";

/** Digests of a file's bytes by algorithm, in lower-case hexadecimal digits. */
export type Digests = Readonly<Partial<Record<DigestAlgorithm, string>>>;

/**
 * Everything that was computed of one file, or of pixels.
 *
 * The digests are present when requested, also if the file cannot be decoded. Then `image` and
 * `video` are absent, and `error` or a warning has the reason.
 */
export interface Fingerprint {
  /** The image and its hashes; absent if the file was not decoded as an image. */
  readonly image?: ImageFingerprint;
  /** The video and the hashes of its frames; absent if the file was not decoded as a video. */
  readonly video?: VideoFingerprint;
  /** Digests of the file; empty for pixels. */
  readonly digests: Digests;
  /**
   * Why the file could not be decoded: `unsupported-feature`, `truncated`, `damaged`,
   * `damaged-video`, `limit-exceeded`, `canvas-tampered`. If no digest was requested, also
   * `not-an-image`, `not-a-video`, `unsupported-format` and `unsupported-video`, which are warnings
   * otherwise.
   */
  readonly error?: Diagnostic<ErrorCode>;
  /**
   * `not-an-image`, `not-a-video`, `unsupported-format`, `unsupported-video`, `video-not-requested`
   * (digests only),
   * `low-quality`, `first-frame-only`, `damaged`.
   */
  readonly warnings: readonly Diagnostic<WarningCode>[];
  /** Which decoder made the pixels of the image or the video; absent for pixels. */
  readonly decoder?: Decoder;
  /** `false` if another device may compute other bits from the same file. */
  readonly deterministic: boolean;
}

/**
 * `ownprint` for a decoder of this package, `platform` for that of the browser.
 *
 * The revision is raised when a version of the decoder returns other pixels for any file: two
 * fingerprints of one file with the same revision have the same hashes.
 */
export type Decoder =
  | { readonly name: "ownprint"; readonly revision: number }
  | { readonly name: "platform" };

/** Properties of an image. Sizes are in pixels. */
export interface ImageInfo {
  /** The file's format, for example `jpeg`; `null` for pixels. */
  readonly format: string | null;
  /** The size that was hashed. */
  readonly width: number;
  readonly height: number;
  /** The EXIF orientation that the file states, 1 to 8. */
  readonly orientation: number;
  /** The size before the orientation is applied. */
  readonly storedWidth: number;
  readonly storedHeight: number;
  /** `true` if the orientation was applied before hashing. */
  readonly orientationApplied: boolean;
}

/** Hashes of an image. */
export interface ImageHashes {
  /** The PDQ hash with its quality: the only value of `hashes.pdq`. */
  readonly pdq?: PdqHash;
  /** Hashes by algorithm. */
  readonly hashes: ByHashAlgorithm<PerceptualHash>;
  /** PDQ hashes of edited forms of the image, if requested. */
  readonly variants?: VariantHashes;
  /** MD5 of the hashed RGB bytes, if requested. */
  readonly rgbMd5?: string;
  /** `true` if the file is damaged and was hashed on request as far as it can be decoded. */
  readonly damaged: boolean;
}

/** An image and its hashes. */
export interface ImageFingerprint extends ImageInfo, ImageHashes {}

/** A perceptual hash of an image. */
export interface PerceptualHash {
  /**
   * The hash in lower-case hexadecimal digits. Most algorithms give one value; `pdq-dihedral` gives
   * eight, and `crop-resistant` one per segment.
   */
  readonly values: readonly string[];
  /** How much detail the image has, 0 to 100, for algorithms that define a quality. */
  readonly quality?: number;
}

/** A PDQ hash. */
export interface PdqHash {
  /** 64 lower-case hexadecimal digits. */
  readonly hash: string;
  /** How much detail the image has, 0 to 100. Hash exchanges require 50 or more. */
  readonly quality: number;
}

/**
 * Names of the predefined sets of variants. `compact`, `standard` and `wide` are for an image on a
 * list, and each contains the one before it; `query` is for an image that is looked up in a list,
 * and `query-wide` for one that is looked up in a list of images with sets.
 */
export type VariantSetName = "compact" | "standard" | "wide" | "query" | "query-wide";

/** The PDQ hash of one edited form of an image. */
export interface VariantHash extends PdqHash {
  /** The edit, for example `mirror` or `crop:4`; `original` for the unchanged image. */
  readonly variant: string;
}

/**
 * A variant without a hash: its quality is too low, or its hash is nearly equal to that of another
 * variant.
 */
export type SkippedVariant =
  | { readonly variant: string; readonly reason: "quality"; readonly quality: number }
  | {
      readonly variant: string;
      readonly reason: "near";
      readonly to: string;
      readonly distance: number;
    };

/** PDQ hashes of edited forms of an image. */
export interface VariantHashes {
  /** The set's name; absent for a list of variants. */
  readonly set?: VariantSetName;
  /** The unchanged image first, then the edits, the most useful ones first. */
  readonly hashes: readonly VariantHash[];
  readonly skipped: readonly SkippedVariant[];
}

/** The PDQ hash of one frame of a video. Frames below quality 50 are ignored in comparisons. */
export interface VpdqFrame extends PdqHash {
  /**
   * The frame's number in the video, from 0. For a video that the browser plays, it counts the
   * hashed frames only.
   */
  readonly frame: number;
  /** When the frame is shown, in seconds from the start of the video. */
  readonly seconds: number;
}

/** A video and the hashes of its frames. */
export interface VideoFingerprint {
  /** The container, such as `webm`; absent if the browser played the video. */
  readonly format?: string;
  /** The codec, such as `hevc`; absent if the browser played the video. */
  readonly codec?: string;
  /** Size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Number of frames in the container; absent if the browser played the video. */
  readonly frames?: number;
  /** Average frames per second as a fraction, `30000/1001`; absent if the browser played it. */
  readonly frameRate?: string;
  /** `true` if the video is damaged and was hashed on request as far as it can be decoded. */
  readonly damaged: boolean;
  /** The hashed frames in order. */
  readonly vpdq: readonly VpdqFrame[];
}

/** The distance between two hashes. */
export interface Comparison {
  readonly algorithm: HashAlgorithm;
  /** Number of bits that differ. */
  readonly distance: number;
  /** Length of the hashes in bits. */
  readonly bits: number;
  /** The largest distance at which hash exchanges report a match. */
  readonly threshold: number;
  /** `true` if the distance does not exceed the threshold. */
  readonly isMatch: boolean;
  /** The nearest variant of the first image, if it has a set of variants. */
  readonly variant?: string;
  /** The nearest variant of the second image, if it has a set of variants. */
  readonly queryVariant?: string;
}
