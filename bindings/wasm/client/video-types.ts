/** What is asked and said of videos. `docs/vpdq.md` in the repository has the rules. */

import type { Fingerprint, Limits, Progress } from "./types.js";

/** What to compute over a video. */
export interface VideoComputeOptions {
  /** `vpdq` and digests by their names, as {@link Capabilities} lists them; without it `vpdq` and the core's own choice of digests. */
  readonly algorithms?: readonly string[];
  /** Seconds from one hashed frame to the next, 0 for every frame; 1 unless told otherwise. */
  readonly secondsPerHash?: number;
  /** Leaves out a frame whose hash is at most so many bits from that of the last one kept; none is unless told otherwise. */
  readonly prune?: number;
  /** Hash a damaged video as far as it can be decoded, with a warning, instead of refusing it. */
  readonly acceptDamaged?: boolean;
  readonly limits?: Limits;
}

/** What to compute over a video's file, and how to be told about it. */
export interface VideoOptions extends VideoComputeOptions {
  /**
   * Let the browser play what this package cannot decode: WebM, HEVC. The result then says `decoder: "platform"` and `exact: false`.
   * The page's policy must allow `media-src blob:`.
   */
  readonly platformDecode?: boolean;
  /** Ends the work, and the memory it held. The promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of the bytes read, then, of a video that the browser plays, of the seconds. */
  readonly onProgress?: (progress: VideoProgress) => void;
}

/** How far a video is. */
export interface VideoProgress extends Progress {
  /** Seconds of the video that are behind, once the browser plays it. */
  readonly seconds?: number;
  /** All of its seconds. */
  readonly duration?: number;
}

/** One frame's hash. */
export interface VpdqFrame {
  /** The frame's number in the video, from 0; of a video that the browser played, among those that were hashed. */
  readonly frame: number;
  /** When it is shown, in seconds from the video's start. */
  readonly seconds: number;
  /** PDQ in lower-case hexadecimal digits. */
  readonly hex: string;
  /** How much the frame has to recognise, 0 to 100; below 50 it is skipped when videos are compared. */
  readonly quality: number;
}

/** A video and the hashes of its frames. */
export interface VideoFingerprint {
  /** The container, `mp4` or `mov`; absent, as the next one, for a video that the browser played. */
  readonly format?: string;
  /** How its images are coded: `h264`. */
  readonly codec?: string;
  /** As stored, which is as hashed. */
  readonly width: number;
  readonly height: number;
  /** Frames that the container lists, and their average rate as a fraction (`30000/1001`); absent where the browser played it. */
  readonly frames?: number;
  readonly frame_rate?: string;
  /** Present and true when not all of it could be decoded, on request. */
  readonly damaged?: true;
  readonly vpdq: readonly VpdqFrame[];
}

/** Where a plane lies in a frame's bytes: WebCodecs' `PlaneLayout`. */
export interface FramePlane {
  readonly offset: number;
  readonly stride: number;
}

/** What every frame says of itself. */
interface FrameFacts {
  readonly data: ArrayBuffer | ArrayBufferView;
  readonly width: number;
  readonly height: number;
  /** Its number in the video, from 0. */
  readonly index: number;
  /** When it is shown, in seconds from the video's start. */
  readonly seconds: number;
}

/** A frame as a decoder or a player hands it out. */
export type VideoFrame =
  | (FrameFacts & {
      readonly format: "rgb8" | "rgba8" | "bgra8" | "l8";
      /** Bytes from the start of one row to the next; without it, rows follow one another. */
      readonly stride?: number;
    })
  | (FrameFacts & {
      /** Luma and chroma at half size, 8 bits. */
      readonly format: "i420" | "nv12";
      /** Three planes, or two. */
      readonly planes: readonly FramePlane[];
      /** BT.601 unless told otherwise. */
      readonly matrix?: "bt601" | "bt709" | undefined;
      /** Limited unless told otherwise. */
      readonly range?: "limited" | "full" | undefined;
    });

/** How frames are chosen. */
export interface FrameHasherOptions extends Pick<VideoComputeOptions, "secondsPerHash" | "prune" | "limits"> {
  /**
   * The video's average rate, for the reference's rule: every `trunc(secondsPerHash * framesPerSecond)` frames. Without it the first
   * frame at or behind each multiple of the seconds is taken, in the order in which they are shown.
   */
  readonly framesPerSecond?: number;
}

/** When two frames, and two videos, are taken for the same; what is skipped keeps the core's default. */
export interface VideoThresholds {
  /** Frames of a lower quality are skipped, on both sides. */
  readonly quality?: number;
  /** The distance up to which two frames match. */
  readonly distance?: number;
  /** Per cent of the query's frames that must be found in the other video. */
  readonly queryPercent?: number;
  /** Per cent of the other video's frames that must be found in the query. */
  readonly comparedPercent?: number;
}

/** How much of two videos is in each other. Of frames with the same hash one counts. */
export interface VideoComparison {
  /** Frames of the query that are of sufficient quality, and those of them that the compared video has. */
  readonly query: number;
  readonly queryFound: number;
  readonly queryPercent: number;
  /** The same of the compared video. */
  readonly compared: number;
  readonly comparedFound: number;
  readonly comparedPercent: number;
  /** Whether both reach their thresholds. */
  readonly match: boolean;
}

/** A video's frames, or a fingerprint that has some. */
export type ComparableVideo = readonly VpdqFrame[] | Fingerprint;
