/** One worker: it is started, runs one job at a time, and is ended with everything it holds. */

import type { CodecModules } from "./codecs.js";
import { invalidArgument, OwnprintError, textOf } from "./errors.js";
import type { Platform, PlatformWorker, Task } from "./platform.js";
import { sendable, wipeSent, type FromWorker, type ToWorker } from "./protocol.js";
import type { ClientOptions, CodecModule } from "./types.js";

/** How a worker starts. */
export interface WorkerHandleOptions {
  /** Whether to start with the full build. */
  readonly full?: boolean;
  readonly codecs?: CodecModules;
}

/** Slow phones on slow networks take some seconds to start a worker. */
const START_MILLISECONDS = 60_000;

export class WorkerHandle {
  busy = false;
  /** Resolves when the worker has started. */
  readonly started: Promise<unknown>;
  /** Size of the module's memory after the last job. */
  memoryBytes = 0;
  readonly #worker: PlatformWorker;
  readonly #codecs: CodecModules | undefined;
  readonly #broken: (reason: unknown) => void;
  /** Callbacks of the start, then of one job after another. */
  #pending:
    | { readonly done: (value: unknown) => void; readonly fail: (reason: unknown) => void }
    | undefined;
  #task: Task | undefined;
  /** Why the current job was cancelled. */
  #cancelled: { readonly reason: unknown } | undefined;
  #ended: { readonly reason: unknown } | undefined;

  /** `leave` is called if the worker ends by itself. */
  constructor(
    platform: Platform,
    options: ClientOptions,
    leave: (handle: WorkerHandle) => void,
    { full = false, codecs }: WorkerHandleOptions = {},
  ) {
    this.#codecs = codecs;
    this.#broken = (reason) => {
      leave(this);
      this.end(reason);
    };
    this.#worker = startedWorker(platform, options);
    this.#worker.listen(
      (message) => this.#take(message),
      (reason) => this.#broken(cannotRun(reason)),
    );
    this.started = this.#start(platform, options, full);
    this.started.catch(this.#broken);
  }

  /** Marks the worker as busy. */
  take(): this {
    this.busy = true;
    this.#worker.keepAlive?.(true);
    return this;
  }

  /** Marks the worker as idle. */
  idle(): void {
    this.busy = false;
    this.#worker.keepAlive?.(false);
  }

  /** Runs a task. */
  async run(task: Task): Promise<unknown> {
    await this.started;
    task.signal?.throwIfAborted();
    this.#task = task;
    try {
      return await this.#ask({ type: "job", job: task.job }, task.transfer);
    } finally {
      this.#task = undefined;
      this.#cancelled = undefined;
    }
  }

  /** Cancels the current job and keeps the worker. The job may still succeed. */
  cancel(reason: unknown): void {
    if (this.#task !== undefined && this.#cancelled === undefined) {
      this.#cancelled = { reason };
      this.#worker.send({ type: "cancel" }, []);
    }
  }

  /** Ends the worker and releases its memory. */
  end(reason?: unknown): void {
    this.#ended ??= { reason };
    this.#worker.terminate();
    this.#pending?.fail(reason);
    this.#pending = undefined;
  }

  async #start(platform: Platform, options: ClientOptions, full: boolean): Promise<unknown> {
    // Some browsers report no error if the script cannot be loaded.
    const timer = setTimeout(() => this.#broken(cannotRun("it did not start")), START_MILLISECONDS);
    try {
      const { wasm = await platform.embeddedModule?.(), wasmFull, integrity } = options;
      const [sent, sentFull] = [wasm && sendable(wasm), wasmFull && sendable(wasmFull)];
      return await this.#ask({ type: "start", wasm: sent, wasmFull: sentFull, integrity, full });
    } catch (error) {
      // The reason of a cancellation is the caller's.
      throw this.#ended === undefined ? asLoadFailed(error) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  #ask(message: ToWorker, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    return new Promise((done, fail) => {
      if (this.#ended !== undefined) {
        return fail(this.#ended.reason);
      }
      this.#pending = { done, fail };
      try {
        this.#worker.send(message, transfer);
      } catch (error) {
        // A function or a symbol among the options.
        fail(invalidArgument(`an option cannot be sent to a worker: ${textOf(error)}`, error));
      }
    });
  }

  #take(message: FromWorker): void {
    switch (message.type) {
      case "started":
        return this.#pending?.done(undefined);
      case "progress":
        return this.#report(message);
      case "more":
        return void this.#sendMore(() => this.#task?.nextChunk?.());
      case "read":
        return void this.#sendMore(() => this.#task?.read?.(message.start, message.end));
      case "decoder":
        return void this.#sendDecoder(message.format);
      case "done":
        this.memoryBytes = message.memoryBytes;
        return this.#pending?.done(message.value);
      case "failed":
        this.memoryBytes = message.memoryBytes;
        return this.#pending?.fail(
          this.#cancelled
            ? this.#cancelled.reason
            : new OwnprintError(message.code, message.message),
        );
    }
  }

  /** What the caller's function throws fails the call; it must not end the process. */
  #report({ type: _, ...progress }: Extract<FromWorker, { type: "progress" }>): void {
    try {
      this.#task?.onProgress?.(progress);
    } catch (error) {
      this.#fail(this.#task, error);
    }
  }

  /** Fails the current job, because the caller's side cannot go on with it. */
  #fail(task: Task | undefined, error: unknown): void {
    if (task?.keepsWorker === true) {
      this.cancel(error);
    } else {
      this.#broken(error);
    }
  }

  async #sendDecoder(format: CodecModule): Promise<void> {
    try {
      this.#worker.send({ type: "decoder", wasm: await this.#codecs?.get(format) }, []);
    } catch (error) {
      const code = error instanceof OwnprintError ? error.code : "load-failed";
      const message = textOf(error);
      this.#worker.send({ type: "decoder", failure: { code, message } }, []);
    }
  }

  async #sendMore(next: () => ReturnType<NonNullable<Task["nextChunk"]>> | undefined): Promise<void> {
    const task = this.#task;
    const isOver = (): boolean => task !== this.#task || this.#cancelled !== undefined;
    try {
      const chunk = await next();
      if (isOver()) {
        return wipeSent(chunk);
      }
      if (chunk === undefined) {
        this.#worker.send({ type: "end" }, []);
      } else {
        const { buffer } = "data" in chunk ? chunk.data : chunk;
        this.#worker.send({ type: "chunk", chunk }, [buffer]);
      }
    } catch (error) {
      if (isOver()) {
        return;
      }
      // The worker waits for a chunk that will never arrive.
      this.#fail(task, error);
    }
  }
}

function cannotRun(reason: string, cause?: unknown): OwnprintError {
  return new OwnprintError("load-failed", `cannot run the worker: ${reason}`, { cause });
}

function asLoadFailed(error: unknown): OwnprintError {
  return error instanceof OwnprintError ? error : cannotRun(textOf(error), error);
}

/** Starts a worker; what the platform throws becomes an error that says what to do. */
function startedWorker(platform: Platform, options: ClientOptions): PlatformWorker {
  try {
    return platform.startWorker(options);
  } catch (error) {
    const { trustedTypes } = globalThis as { trustedTypes?: unknown };
    if (trustedTypes !== undefined && error instanceof TypeError) {
      const detail =
        "if the page's policy requires Trusted Types, give `worker` a TrustedScriptURL of " +
        "the file worker.js, or use ownprint/inline and allow its policy `ownprint`";
      throw cannotRun(`${textOf(error)}; ${detail}`, error);
    }
    throw asLoadFailed(error);
  }
}
