/** Inputs, options and comparisons of videos; see `docs/vpdq.md` in the repository. */

import type { DigestAlgorithm } from "./algorithms.js";
import type { Limits, Progress } from "./compute-types.js";
import type { Fingerprint, VpdqFrame } from "./fingerprint-types.js";

/** What to compute of a video. */
export interface VideoComputeOptions {
  /** `vpdq` and names of digests. Default: `vpdq` and the core's default digests. */
  readonly algorithms?: readonly ("vpdq" | DigestAlgorithm)[] | undefined;
  /** Seconds from one hashed frame to the next; 0 hashes every frame. Default: the core's. */
  readonly secondsPerHash?: number | undefined;
  /**
   * Omits a frame if its distance from the last retained frame does not exceed this many bits.
   * Default: no frame is omitted.
   */
  readonly prune?: number | undefined;
  /** Hashes a damaged video as far as it can be decoded, and adds a warning. */
  readonly acceptDamaged?: boolean | undefined;
  readonly limits?: Limits | undefined;
}

/** What to compute of a video file, with progress and cancellation. */
export interface VideoOptions extends VideoComputeOptions {
  /**
   * Lets the browser play videos that this package cannot decode (WebM, HEVC) and hashes what it
   * shows. The result has `decoder.name: "platform"` and `deterministic: false`. The page's policy must
   * allow `media-src blob:`.
   */
  readonly platformDecode?: boolean | undefined;
  /** Cancels the call and releases its memory. The promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Reports the bytes read, then the frames, or the seconds if the browser plays the video. */
  readonly onProgress?: ((progress: VideoProgress) => void) | undefined;
}

/** How much of a video has been read or played. */
export interface VideoProgress extends Progress {
  /** Seconds played so far, if the browser plays the video. */
  readonly seconds?: number | undefined;
  /** Length of the video in seconds, if the browser plays it. */
  readonly duration?: number | undefined;
}

/** Position of a plane in a frame's bytes, as WebCodecs' `PlaneLayout`. */
export interface FramePlane {
  /** Index of the first byte. */
  readonly offset: number;
  /** Bytes from the start of one row to the start of the next. */
  readonly stride: number;
}

/** Members of every frame. */
interface FrameBase {
  readonly data: ArrayBuffer | ArrayBufferView;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** The frame's number in the video, from 0. */
  readonly index: number;
  /** When the frame is shown, in seconds from the start of the video. */
  readonly seconds: number;
}

/** A decoded frame of a video. */
export type VideoFrameInput =
  | (FrameBase & {
      readonly format: "rgb8" | "rgba8" | "bgra8" | "l8";
      /** Bytes from the start of one row to the start of the next. Default: no padding. */
      readonly stride?: number;
    })
  | (FrameBase & {
      /** 8-bit 4:2:0 YUV. */
      readonly format: "i420" | "nv12";
      /** Three planes for `i420`, two for `nv12`. */
      readonly planes: readonly FramePlane[];
      /** Default: the core's, `bt601`. */
      readonly matrix?: "bt601" | "bt709" | undefined;
      /** Default: the core's, `limited`. */
      readonly range?: "limited" | "full" | undefined;
    });

/** How a {@link FrameHasher} selects frames. */
export interface FrameHasherOptions extends Pick<
  VideoComputeOptions,
  "secondsPerHash" | "prune" | "limits"
> {
  /**
   * The video's average frames per second. It selects frames as the reference implementation does:
   * every `trunc(secondsPerHash * framesPerSecond)` frames. Without it, the first frame at or after
   * each multiple of `secondsPerHash` is selected, in the order of display.
   */
  readonly framesPerSecond?: number | undefined;
}

/** Thresholds of a video comparison. Omitted thresholds have the core's defaults. */
export interface VideoThresholds {
  /** Frames of lower quality are ignored. */
  readonly quality?: number | undefined;
  /** The largest distance at which two frames match, in bits. */
  readonly distance?: number | undefined;
  /** The share of the query's frames that must occur in the compared video, in percent. */
  readonly queryPercent?: number | undefined;
  /** The share of the compared video's frames that must occur in the query, in percent. */
  readonly comparedPercent?: number | undefined;
}

/** How many frames two videos have in common. Frames with equal hashes count once. */
export interface VideoComparison {
  /** Frames of the query with sufficient quality. */
  readonly query: number;
  /** Those of them that occur in the compared video. */
  readonly queryFound: number;
  readonly queryPercent: number;
  /** Frames of the compared video with sufficient quality. */
  readonly compared: number;
  /** Those of them that occur in the query. */
  readonly comparedFound: number;
  readonly comparedPercent: number;
  /** `true` if both percentages reach their thresholds. */
  readonly isMatch: boolean;
}

/** The hashed frames of a video, or a fingerprint with such frames. */
export type ComparableVideo = readonly VpdqFrame[] | Pick<Fingerprint, "video">;
