/** Messages between the client and a worker. A worker runs one job at a time. */

import type { HashAlgorithm } from "./algorithms.js";
import { asBytes } from "./bytes.js";
import type { ComputeOptions, PixelsInput, Progress } from "./compute-types.js";
import type { Diagnostic, ErrorCode } from "./errors.js";
import type { VariantHashes } from "./fingerprint-types.js";
import type { CodecModule, LoadOptions, WasmSource } from "./types.js";
import type {
  ComparableVideo,
  FrameHasherOptions,
  VideoComputeOptions,
  VideoFrameInput,
  VideoThresholds,
} from "./video-types.js";

export type JobInput =
  | { readonly kind: "blob"; readonly blob: Blob }
  /** A copy that the worker owns and overwrites. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** Chunks follow, one for each `more`. If the length is known, `read` returns any part. */
  | { readonly kind: "chunks"; readonly total: number | undefined };

export type Job =
  | {
      readonly kind: "file";
      readonly input: JobInput;
      readonly options: ComputeOptions;
      readonly digestsOnly: boolean;
      readonly platformDecode: boolean;
    }
  | { readonly kind: "video"; readonly input: JobInput; readonly options: VideoComputeOptions }
  /** A video that the page plays; its frames follow, one for each `more`. */
  | { readonly kind: "frames"; readonly options: FrameHasherOptions }
  | { readonly kind: "secondsPerHash" }
  | {
      readonly kind: "compareVideos";
      readonly query: ComparableVideo;
      readonly compared: ComparableVideo;
      readonly thresholds: VideoThresholds;
    }
  | { readonly kind: "pixels"; readonly pixels: PixelsInput; readonly options: ComputeOptions }
  | {
      readonly kind: "compare";
      readonly algorithm: HashAlgorithm;
      readonly a: string | VariantHashes;
      readonly b: string | VariantHashes;
    }
  | { readonly kind: "capabilities" }
  /** Loads the full build, if it is available. */
  | { readonly kind: "loadFull" }
  | { readonly kind: "openIndex"; readonly algorithm: HashAlgorithm }
  | { readonly kind: "loadIndex"; readonly input: JobInput }
  | { readonly kind: "insertList"; readonly input: JobInput }
  /** Calls a member of the worker's index. */
  | {
      readonly kind: "index";
      readonly member: IndexMember;
      readonly arguments: readonly unknown[];
    };

/** Members of an index that need no further input. */
export type IndexMember = "size" | "insert" | "remove" | "within" | "nearest" | "groups" | "save";

/** A module, or its address, as it is sent to a worker. */
export type SentModule = Exclude<WasmSource, URL>;

/** What the client sends after `more`: a chunk of a file or a frame of a video. */
export type Sent = Uint8Array | VideoFrameInput;

/** Overwrites a chunk or a frame that is no longer needed. */
export function wipeSent(sent: Sent | undefined): void {
  if (sent !== undefined) {
    asBytes("data" in sent ? sent.data : sent).fill(0);
  }
}

/** Returns a source in a form that can be sent. */
export function sendable(wasm: WasmSource): SentModule {
  return wasm instanceof URL ? wasm.href : wasm;
}

export type ToWorker =
  | {
      readonly type: "start";
      readonly wasm: SentModule | undefined;
      readonly wasmFull: SentModule | undefined;
      readonly integrity: LoadOptions["integrity"];
      /** Whether to start with the full build. */
      readonly full: boolean;
    }
  | { readonly type: "job"; readonly job: Job }
  | { readonly type: "chunk"; readonly chunk: Sent }
  | { readonly type: "end" }
  /** The requested module, nothing if it is not available, or why loading it failed. */
  | {
      readonly type: "decoder";
      readonly wasm?: SentModule | undefined;
      readonly failure?: Diagnostic<ErrorCode>;
    }
  /** Cancels the current job. */
  | { readonly type: "cancel" };

export type FromWorker =
  | { readonly type: "started" }
  | ({ readonly type: "progress" } & Progress)
  | { readonly type: "more" }
  /** Requests a part of a file. */
  | { readonly type: "read"; readonly start: number; readonly end: number }
  /** Requests the module of an optional codec. */
  | { readonly type: "decoder"; readonly format: CodecModule }
  | { readonly type: "done"; readonly value: unknown; readonly memoryBytes: number }
  | ({ readonly type: "failed"; readonly memoryBytes: number } & Diagnostic<ErrorCode>);
