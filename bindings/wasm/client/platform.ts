/** What differs between browsers and Node. */

import type { Progress } from "./compute-types.js";
import type { FromWorker, Job, ToWorker } from "./protocol.js";
import type { ModuleSource } from "./load.js";
import type { Capabilities, ClientOptions, WasmBytes } from "./types.js";
import type { VideoFrameInput } from "./video-types.js";

/** A worker of the platform. */
export interface PlatformWorker {
  send(message: ToWorker, transfer: readonly ArrayBuffer[]): void;
  /** `take` receives every message, `fail` the reason why the script cannot run. */
  listen(take: (message: FromWorker) => void, fail: (reason: string) => void): void;
  terminate(): void;
  /** Whether the process waits for the worker; browsers have no such setting. */
  keepAlive?(alive: boolean): void;
}

export interface Platform {
  /** Throws if there are no workers, or none may be started. */
  startWorker(options: ClientOptions): PlatformWorker;
  /** Whether every `Blob` can be sent to a worker; Node cannot send file-backed ones. */
  readonly clonesBlobs: boolean;
  /** Returns the module, if this entry point contains it. */
  embeddedModule?(): Promise<WasmBytes>;
  /** Reads a file that `fetch` cannot read. */
  readonly readFile?: ModuleSource["readFile"];
  /** The number of workers that this device can run at once. */
  readonly workers: () => number;
  /** Returns what the package's modules can do together, without loading them. */
  capabilities?(): Promise<Capabilities>;
}

/** A frame that the worker owns and overwrites. */
export type SentFrame = VideoFrameInput & { readonly data: Uint8Array<ArrayBuffer> };

/** A job with its input and its callbacks on the caller's side. */
export interface Task {
  readonly job: Job;
  readonly transfer?: readonly ArrayBuffer[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Returns the next chunk of a stream, or a video's next frame; `undefined` at the end. */
  readonly nextChunk?: () => Promise<Uint8Array<ArrayBuffer> | SentFrame | undefined>;
  /** Returns a part of a file that is streamed. */
  readonly read?: (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>;
  /** Whether the worker must survive an input that cannot be read. */
  readonly keepsWorker?: boolean;
}
