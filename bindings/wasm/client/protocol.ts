/** What the client and its worker say to each other. A worker has one job at a time. */

import { asBytes } from "./bytes.js";
import type {
  ComparableVideo,
  ComputeOptions,
  VideoFrame,
  FrameHasherOptions,
  CodecModule,
  Diagnostic,
  PixelsInput,
  VariantHashes,
  VideoComputeOptions,
  VideoThresholds,
  WasmSource,
} from "./types.js";

export type JobInput =
  | { readonly kind: "blob"; readonly blob: Blob }
  /** A copy that the worker owns and overwrites. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** Pieces follow, one for each `more`. */
  | { readonly kind: "pieces"; readonly total: number | undefined };

export type Job =
  | {
      readonly kind: "file";
      readonly input: JobInput;
      readonly options: ComputeOptions;
      readonly digestsOnly: boolean;
      readonly platformDecode: boolean;
    }
  /** A video's file. `platformDecode` wants one that cannot be decoded as a warning. */
  | { readonly kind: "video"; readonly input: JobInput; readonly options: VideoComputeOptions; readonly platformDecode: boolean }
  /** A video that the page plays; its frames follow, one for each `more`. */
  | { readonly kind: "frames"; readonly options: FrameHasherOptions }
  | { readonly kind: "compareVideos"; readonly query: ComparableVideo; readonly compared: ComparableVideo; readonly thresholds: VideoThresholds }
  | { readonly kind: "pixels"; readonly pixels: PixelsInput; readonly options: ComputeOptions }
  | { readonly kind: "compare"; readonly algorithm: string; readonly a: string | VariantHashes; readonly b: string }
  | { readonly kind: "distance"; readonly a: string; readonly b: string }
  | { readonly kind: "capabilities" }
  | { readonly kind: "openIndex"; readonly algorithm: string }
  | { readonly kind: "loadIndex"; readonly input: JobInput }
  | { readonly kind: "insertList"; readonly input: JobInput }
  /** A member of the index that this worker holds. */
  | { readonly kind: "index"; readonly member: IndexMember; readonly arguments: readonly unknown[] };

/** What an index is asked for as it stands. */
export type IndexMember = "size" | "insert" | "remove" | "within" | "nearest" | "groups" | "save";

/** A module, or its address, as it crosses to a worker. */
export type SentModule = Exclude<WasmSource, URL>;

/** What the client sends when it is asked for more: a piece of a file, or a video's frame. */
export type Sent = Uint8Array | VideoFrame;

/** Overwrites what somebody asked for who wants it no more. */
export function wipeSent(sent: Sent | undefined): void {
  if (sent !== undefined) {
    asBytes("data" in sent ? sent.data : sent).fill(0);
  }
}

/** A source in the form that crosses. */
export function sendable(wasm: WasmSource): SentModule {
  return wasm instanceof URL ? wasm.href : wasm;
}

export type ToWorker =
  | {
      readonly type: "start";
      readonly wasm: SentModule | undefined;
      readonly wasmFull: SentModule | undefined;
      readonly integrity: string | undefined;
      /** Whether to start with the full build. */
      readonly full: boolean;
    }
  | { readonly type: "job"; readonly job: Job }
  | { readonly type: "piece"; readonly piece: Sent }
  | { readonly type: "end" }
  /** What was asked for; nothing, where there is none; or why it could not be had. */
  | { readonly type: "decoder"; readonly wasm?: SentModule | undefined; readonly failure?: Diagnostic }
  /** Give up the present job. */
  | { readonly type: "cancel" };

export type FromWorker =
  | { readonly type: "started" }
  | { readonly type: "progress"; readonly bytes: number; readonly total: number | undefined }
  | { readonly type: "more" }
  /** There is an image whose format has a module of its own, or a video. */
  | { readonly type: "decoder"; readonly format: CodecModule }
  | { readonly type: "done"; readonly value: unknown; readonly memoryBytes: number }
  | { readonly type: "failed"; readonly code: string; readonly message: string; readonly memoryBytes: number };
