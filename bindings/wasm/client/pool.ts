/** The workers of a client. Each is started on demand and runs one job at a time. */

import type { CodecModules } from "./codecs.js";
import { OwnprintError } from "./errors.js";
import type { Platform, Task } from "./platform.js";
import type { ClientOptions } from "./types.js";
import { WorkerHandle } from "./worker-handle.js";

/**
 * A worker with more memory is ended after its job: WebAssembly memory never shrinks, and phones
 * end pages that use much memory.
 */
const RETAINED_BYTES = 256 << 20;

/** How long a worker may be idle, in seconds. */
const IDLE_SECONDS = 30;

/** The longest delay of a timer, in milliseconds. */
const MAXIMUM_DELAY = 2 ** 31 - 1;

/** A task that waits for a worker. */
interface Waiting {
  readonly go: () => void;
  readonly fail: (reason: unknown) => void;
}

export class Pool {
  readonly #platform: Platform;
  readonly #options: ClientOptions;
  readonly #codecs: CodecModules;
  readonly #handles = new Set<WorkerHandle>();
  readonly #waiting = new Set<Waiting>();
  readonly #timers = new Map<WorkerHandle, ReturnType<typeof setTimeout>>();
  /** Whether one worker is never ended for being idle. */
  #keepsOne = false;

  constructor(platform: Platform, options: ClientOptions, codecs: CodecModules) {
    this.#platform = platform;
    this.#options = options;
    this.#codecs = codecs;
  }

  /**
   * Runs a task in an idle worker, in a new one if there are fewer than `limit`, or waits.
   *
   * @param life aborted by `dispose`; a task that began before it must not start a worker after it
   */
  async run<T>(task: Task, limit: number, life: AbortSignal): Promise<T> {
    const handle = await this.#acquire(task.signal, limit, life);
    const abort = (): void => this.#drop(handle, task.signal?.reason);
    task.signal?.addEventListener("abort", abort);
    try {
      return (await handle.run(task)) as T;
    } finally {
      task.signal?.removeEventListener("abort", abort);
      if (handle.memoryBytes > RETAINED_BYTES) {
        this.#drop(handle);
      }
      this.#release(handle);
    }
  }

  /** Keeps one worker until `dispose`, so that its modules remain loaded. */
  keepOne(): void {
    this.#keepsOne = true;
  }

  /** Ends all workers. Their jobs, and those that wait for a worker, fail with `reason`. */
  dispose(reason: unknown): void {
    this.#keepsOne = false;
    for (const waiting of this.#waiting) {
      waiting.fail(reason);
    }
    for (const handle of this.#handles) {
      this.#drop(handle, reason);
    }
  }

  async #acquire(
    signal: AbortSignal | undefined,
    maximum: number,
    life: AbortSignal,
  ): Promise<WorkerHandle> {
    let limit = Math.max(1, maximum);
    for (;;) {
      signal?.throwIfAborted();
      life.throwIfAborted();
      const idle = [...this.#handles].find((handle) => !handle.busy);
      if (idle !== undefined) {
        this.#stopTimer(idle);
        return idle.take();
      }
      if (this.#handles.size < limit) {
        try {
          return await this.#started(signal);
        } catch (error) {
          // Without a network, a further worker may not start; those that run do the work.
          if (this.#handles.size === 0 || !isLoadFailed(error)) {
            throw error;
          }
          limit = this.#handles.size;
          continue;
        }
      }
      await this.#turn(signal);
    }
  }

  /** Starts a worker, which is busy then. */
  async #started(signal: AbortSignal | undefined): Promise<WorkerHandle> {
    const handle = this.#start();
    const abort = (): void => this.#drop(handle, signal?.reason);
    signal?.addEventListener("abort", abort);
    try {
      await handle.started;
      return handle;
    } catch (error) {
      this.#drop(handle);
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  #start(): WorkerHandle {
    const leave = (it: WorkerHandle): void => {
      this.#stopTimer(it);
      this.#handles.delete(it);
      this.#next();
    };
    const handle = new WorkerHandle(this.#platform, this.#options, leave, {
      codecs: this.#codecs,
    });
    this.#handles.add(handle);
    return handle.take();
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiting);
        signal?.removeEventListener("abort", abort);
      };
      const waiting: Waiting = {
        go: () => {
          leave();
          resolve();
        },
        fail: (reason) => {
          leave();
          reject(reason);
        },
      };
      const abort = (): void => waiting.fail(signal?.reason);
      this.#waiting.add(waiting);
      signal?.addEventListener("abort", abort);
    });
  }

  #release(handle: WorkerHandle): void {
    handle.idle();
    if (this.#handles.has(handle)) {
      this.#startTimer(handle);
    }
    this.#next();
  }

  #next(): void {
    const [next] = this.#waiting;
    next?.go();
  }

  #startTimer(handle: WorkerHandle): void {
    this.#stopTimer(handle);
    const { idleSeconds = IDLE_SECONDS } = this.#options;
    if (idleSeconds * 1000 > MAXIMUM_DELAY) {
      return;
    }
    const timer = setTimeout(() => this.#endIdle(handle), idleSeconds * 1000);
    // In Node, an idle worker does not keep the process alive.
    (timer as { unref?: () => void }).unref?.();
    this.#timers.set(handle, timer);
  }

  #stopTimer(handle: WorkerHandle): void {
    clearTimeout(this.#timers.get(handle));
    this.#timers.delete(handle);
  }

  #endIdle(handle: WorkerHandle): void {
    const isKept = this.#keepsOne && this.#handles.size === 1;
    if (!handle.busy && !isKept) {
      this.#drop(handle);
    }
  }

  #drop(handle: WorkerHandle, reason?: unknown): void {
    this.#stopTimer(handle);
    this.#handles.delete(handle);
    handle.end(reason);
  }
}

function isLoadFailed(error: unknown): boolean {
  return error instanceof OwnprintError && error.code === "load-failed";
}
