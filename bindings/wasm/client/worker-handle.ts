/** One worker: started, given one job at a time, ended with everything it holds. */

import type { CodecModules } from "./optional-codecs.js";
import { sendable, wipeSent, type FromWorker, type Job, type ToWorker } from "./protocol.js";
import { OwnprintError } from "./types.js";
import type { Capabilities, ClientOptions, VideoFrame, CodecModule, Progress } from "./types.js";

/** A worker as this platform has it. */
export interface WorkerHandle {
  send(message: ToWorker, transfer: readonly ArrayBuffer[]): void;
  /** `take` gets every message, `fail` what kept the script from running. */
  listen(take: (message: FromWorker) => void, fail: (reason: string) => void): void;
  terminate(): void;
  /** Whether a process should wait for it; browsers have no such question. */
  keepAlive?(alive: boolean): void;
}

/** What differs between browsers and Node. */
export interface Platform {
  startWorker(options: ClientOptions): WorkerHandle;
  /** Whether every `Blob` can be handed to a worker; Node's file-backed ones cannot. */
  readonly clonesBlobs: boolean;
  /** The module, where this build of the package carries it inside. */
  embeddedModule?(): Promise<BufferSource>;
  /** The package's own module for a further format, or for videos. */
  codecModule?(name: CodecModule): Promise<BufferSource>;
  /** What the package's own modules can do together, where a worker may load either. */
  capabilities?(): Promise<Capabilities>;
}

/** A frame that a worker owns and overwrites. */
export type SentFrame = VideoFrame & { readonly data: Uint8Array<ArrayBuffer> };

/** A job with what belongs to it on the caller's side. */
export interface Task {
  readonly job: Job;
  readonly transfer?: readonly ArrayBuffer[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Gives the next piece of a streamed input, or a video's next frame; `undefined` at its end. */
  readonly nextPiece?: () => Promise<Uint8Array<ArrayBuffer> | SentFrame | undefined>;
  /** Whether the worker holds something that must outlive a source which cannot be read. */
  readonly keepsWorker?: boolean;
}

/** What a worker starts with, and may ask for. */
export interface WorkerHandleOptions {
  /** Whether to start with the full build. */
  readonly full?: boolean;
  readonly further?: CodecModules;
}

/** A worker that has not started by then never will: a slow phone on a slow network takes some seconds. */
const START_MILLISECONDS = 60_000;

/** One worker. */
export class WorkerHandle {
  busy = false;
  /** Held by the worker's module after its last job. */
  memoryBytes = 0;
  readonly #worker: WorkerHandle;
  readonly #broken: (reason: unknown) => void;
  readonly #started: Promise<unknown>;
  /** What is being waited for: the start, then one job after another. */
  #settle: { readonly done: (value: unknown) => void; readonly fail: (reason: unknown) => void } | undefined;
  #task: Task | undefined;
  /** Why the present job is to be given up. */
  #cancelled: { readonly reason: unknown } | undefined;
  #ended: { readonly reason: unknown } | undefined;

  readonly #further: CodecModules | undefined;

  /** `leave` is called when the worker came to its end by itself. */
  constructor(platform: Platform, options: ClientOptions, leave: (handle: WorkerHandle) => void, { full = false, further }: WorkerHandleOptions = {}) {
    this.#further = further;
    this.#broken = (reason) => {
      leave(this);
      this.end(reason);
    };
    this.#worker = platform.startWorker(options);
    this.#worker.listen(
      (message) => this.#take(message),
      (reason) => this.#broken(new OwnprintError("load-failed", `the worker could not be run: ${reason}`)),
    );
    this.#started = this.#start(platform, options, full);
    this.#started.catch(this.#broken);
  }

  take(): this {
    this.busy = true;
    this.#worker.keepAlive?.(true);
    return this;
  }

  idle(): void {
    this.busy = false;
    this.#worker.keepAlive?.(false);
  }

  async run(task: Task): Promise<unknown> {
    await this.#started;
    task.signal?.throwIfAborted();
    this.#task = task;
    try {
      return await this.#ask({ type: "job", job: task.job }, task.transfer);
    } finally {
      this.#task = undefined;
      this.#cancelled = undefined;
    }
  }

  /** Has the worker give up its job and live on. The job fails for this reason, unless it is done before the worker hears of it. */
  cancel(reason: unknown): void {
    if (this.#task !== undefined && this.#cancelled === undefined) {
      this.#cancelled = { reason };
      this.#worker.send({ type: "cancel" }, []);
    }
  }

  /** Ends the worker, and with it all it holds. */
  end(reason?: unknown): void {
    this.#ended ??= { reason };
    this.#worker.terminate();
    this.#settle?.fail(reason);
    this.#settle = undefined;
  }

  async #start(platform: Platform, options: ClientOptions, full: boolean): Promise<unknown> {
    const { wasm = await platform.embeddedModule?.(), wasmFull, integrity } = options;
    // Some browsers say nothing when a script is not to be had.
    const timer = setTimeout(
      () => this.#broken(new OwnprintError("load-failed", "the worker could not be run: it did not start")),
      START_MILLISECONDS,
    );
    try {
      const [sent, sentFull] = [wasm && sendable(wasm), wasmFull && sendable(wasmFull)];
      return await this.#ask({ type: "start", wasm: sent, wasmFull: sentFull, integrity, full });
    } finally {
      clearTimeout(timer);
    }
  }

  #ask(message: ToWorker, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    return new Promise((done, fail) => {
      if (this.#ended !== undefined) {
        // Nobody would answer.
        return fail(this.#ended.reason);
      }
      this.#settle = { done, fail };
      this.#worker.send(message, transfer);
    });
  }

  #take(message: FromWorker): void {
    switch (message.type) {
      case "started":
        return this.#settle?.done(undefined);
      case "progress":
        return this.#task?.onProgress?.({ bytes: message.bytes, total: message.total });
      case "more":
        return void this.#feed();
      case "decoder":
        return void this.#sendDecoder(message.format);
      case "done":
        this.memoryBytes = message.memoryBytes;
        return this.#settle?.done(message.value);
      case "failed":
        this.memoryBytes = message.memoryBytes;
        return this.#settle?.fail(this.#cancelled ? this.#cancelled.reason : new OwnprintError(message.code, message.message));
    }
  }

  async #sendDecoder(format: CodecModule): Promise<void> {
    try {
      this.#worker.send({ type: "decoder", wasm: await this.#further?.get(format) }, []);
    } catch (error) {
      const code = error instanceof OwnprintError ? error.code : "load-failed";
      this.#worker.send({ type: "decoder", failure: { code, message: error instanceof Error ? error.message : String(error) } }, []);
    }
  }

  async #feed(): Promise<void> {
    const task = this.#task;
    const isOver = (): boolean => task !== this.#task || this.#cancelled !== undefined;
    try {
      const piece = await task?.nextPiece?.();
      if (isOver()) {
        return wipeSent(piece);
      }
      if (piece === undefined) {
        this.#worker.send({ type: "end" }, []);
      } else {
        const { buffer } = "data" in piece ? piece.data : piece;
        this.#worker.send({ type: "piece", piece }, [buffer]);
      }
    } catch (error) {
      if (isOver()) {
        return;
      }
      // The worker waits for a piece that will never come.
      if (task?.keepsWorker === true) {
        this.cancel(error);
      } else {
        this.#broken(error);
      }
    }
  }
}
