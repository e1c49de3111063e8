/** The workers of a client. Each is started on demand and runs one job at a time. */

import { OwnprintError } from "./errors.js";
import type { CodecModules } from "./optional-codecs.js";
import type { Platform, Task } from "./platform.js";
import type { ClientOptions } from "./types.js";
import { WorkerHandle } from "./worker-handle.js";

/**
 * A worker with more memory is ended after its job: WebAssembly memory never shrinks, and phones
 * end pages that use much memory.
 */
const RETAINED_BYTES = 256 << 20;

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

  constructor(platform: Platform, options: ClientOptions, codecs: CodecModules) {
    this.#platform = platform;
    this.#options = options;
    this.#codecs = codecs;
  }

  /** Runs a task in an idle worker, in a new one if there are fewer than `limit`, or waits. */
  async run<T>(task: Task, limit: number): Promise<T> {
    const handle = await this.#acquire(task.signal, limit);
    const abort = (): void => this.#drop(handle, task.signal?.reason);
    task.signal?.addEventListener("abort", abort);
    try {
      return (await handle.run(task)) as T;
    } finally {
      task.signal?.removeEventListener("abort", abort);
      if (handle.memoryBytes > RETAINED_BYTES) {
        this.#drop(handle);
      }
      handle.idle();
      const [next] = this.#waiting;
      next?.go();
    }
  }

  /** Ends all workers. Their jobs, and those that wait for a worker, fail. */
  dispose(): void {
    const reason = new OwnprintError("cancelled", "cancelled: the client was disposed of");
    for (const waiting of this.#waiting) {
      waiting.fail(reason);
    }
    for (const handle of this.#handles) {
      this.#drop(handle, reason);
    }
  }

  async #acquire(signal: AbortSignal | undefined, limit: number): Promise<WorkerHandle> {
    for (;;) {
      signal?.throwIfAborted();
      const idle = [...this.#handles].find((handle) => !handle.busy);
      if (idle !== undefined) {
        return idle.take();
      }
      if (this.#handles.size < Math.max(1, limit)) {
        const leave = (it: WorkerHandle): void => void this.#handles.delete(it);
        const handle = new WorkerHandle(this.#platform, this.#options, leave, {
          codecs: this.#codecs,
        });
        this.#handles.add(handle);
        return handle.take();
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

  #drop(handle: WorkerHandle, reason?: unknown): void {
    this.#handles.delete(handle);
    handle.end(reason);
  }
}
