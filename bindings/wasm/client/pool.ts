/** Workers: started when there is work, one job at a time each, ended with everything they hold. */

import type { FromWorker, Job, SentModule, ToWorker } from "./protocol.js";
import { OwnprintError } from "./types.js";
import type { Catalogue, ClientOptions, LoadOptions, Progress } from "./types.js";

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
  /** What the package's own modules can do together, where a worker may load either. */
  catalogue?(): Promise<Catalogue>;
}

/** A job with what belongs to it on the caller's side. */
export interface Task {
  readonly job: Job;
  readonly transfer?: readonly ArrayBuffer[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Gives the next piece of a streamed input, `undefined` at its end. */
  readonly nextPiece?: () => Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** Beyond this, an idle worker's memory is given back: WebAssembly's never shrinks, and phones end greedy pages. */
const KEPT_BYTES = 256 << 20;

/** A worker that has not started by then never will: a slow phone on a slow network takes some seconds. */
const START_MILLISECONDS = 60_000;

export class Pool {
  readonly #platform: Platform;
  readonly #options: ClientOptions;
  readonly #slots = new Set<Slot>();
  readonly #waiting = new Set<{ readonly go: () => void; readonly fail: (reason: unknown) => void }>();

  constructor(platform: Platform, options: ClientOptions) {
    this.#platform = platform;
    this.#options = options;
  }

  /** Does a task in an idle worker, or in a new one while there are fewer than `atMost`, or when its turn comes. */
  async run<T>(task: Task, atMost: number): Promise<T> {
    const slot = await this.#acquire(task.signal, atMost);
    const abort = (): void => this.#drop(slot, task.signal?.reason);
    task.signal?.addEventListener("abort", abort);
    try {
      return (await slot.run(task)) as T;
    } finally {
      task.signal?.removeEventListener("abort", abort);
      if (slot.memoryBytes > KEPT_BYTES) {
        this.#drop(slot);
      }
      slot.idle();
      const [next] = this.#waiting;
      next?.go();
    }
  }

  /** Ends every worker; what they were doing fails, and what waits for one too. */
  dispose(): void {
    const reason = new OwnprintError("cancelled", "cancelled: the client was disposed of");
    for (const waiting of this.#waiting) {
      waiting.fail(reason);
    }
    for (const slot of this.#slots) {
      this.#drop(slot, reason);
    }
  }

  async #acquire(signal: AbortSignal | undefined, atMost: number): Promise<Slot> {
    for (;;) {
      signal?.throwIfAborted();
      const idle = [...this.#slots].find((slot) => !slot.busy);
      if (idle !== undefined) {
        return idle.take();
      }
      if (this.#slots.size < Math.max(1, atMost)) {
        const slot = new Slot(this.#platform, this.#options, (it) => this.#slots.delete(it));
        this.#slots.add(slot);
        return slot.take();
      }
      await this.#turn(signal);
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiting);
        signal?.removeEventListener("abort", abort);
      };
      const waiting = {
        go: (): void => {
          leave();
          resolve();
        },
        fail: (reason: unknown): void => {
          leave();
          reject(reason);
        },
      };
      const abort = (): void => waiting.fail(signal?.reason);
      this.#waiting.add(waiting);
      signal?.addEventListener("abort", abort);
    });
  }

  #drop(slot: Slot, reason?: unknown): void {
    this.#slots.delete(slot);
    slot.end(reason);
  }
}

/** One worker. */
class Slot {
  busy = false;
  /** Held by the worker's module after its last job. */
  memoryBytes = 0;
  readonly #worker: WorkerHandle;
  readonly #broken: (reason: unknown) => void;
  readonly #started: Promise<unknown>;
  /** What is being waited for: the start, then one job after another. */
  #settle: { readonly done: (value: unknown) => void; readonly fail: (reason: unknown) => void } | undefined;
  #task: Task | undefined;

  /** `leave` is called when the worker came to its end by itself. */
  constructor(platform: Platform, options: ClientOptions, leave: (slot: Slot) => void) {
    this.#broken = (reason) => {
      leave(this);
      this.end(reason);
    };
    this.#worker = platform.startWorker(options);
    this.#worker.listen(
      (message) => this.#take(message),
      (reason) => this.#broken(new OwnprintError("load-failed", `the worker could not be run: ${reason}`)),
    );
    this.#started = this.#start(platform, options);
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
    }
  }

  /** Ends the worker, and with it all it holds. */
  end(reason?: unknown): void {
    this.#worker.terminate();
    this.#settle?.fail(reason);
    this.#settle = undefined;
  }

  async #start(platform: Platform, options: ClientOptions): Promise<unknown> {
    const { wasm = await platform.embeddedModule?.(), wasmFull, integrity } = options;
    // Some browsers say nothing when a script is not to be had.
    const timer = setTimeout(
      () => this.#broken(new OwnprintError("load-failed", "the worker could not be run: it did not start")),
      START_MILLISECONDS,
    );
    try {
      return await this.#ask({ type: "start", wasm: sendable(wasm), wasmFull: sendable(wasmFull), integrity });
    } finally {
      clearTimeout(timer);
    }
  }

  #ask(message: ToWorker, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    return new Promise((done, fail) => {
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
      case "done":
        this.memoryBytes = message.memoryBytes;
        return this.#settle?.done(message.value);
      case "failed":
        this.memoryBytes = message.memoryBytes;
        return this.#settle?.fail(new OwnprintError(message.code, message.message));
    }
  }

  async #feed(): Promise<void> {
    try {
      const bytes = await this.#task?.nextPiece?.();
      if (bytes === undefined) {
        this.#worker.send({ type: "end" }, []);
      } else {
        this.#worker.send({ type: "piece", bytes }, [bytes.buffer]);
      }
    } catch (error) {
      // The worker waits for a piece that will never come.
      this.#broken(error);
    }
  }
}

function sendable(wasm: LoadOptions["wasm"]): SentModule | undefined {
  return wasm instanceof URL ? wasm.href : wasm;
}
