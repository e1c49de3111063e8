/** Workers: started when there is work, one job at a time each, ended with everything they hold. */

import type { CodecModules } from "./optional-codecs.js";
import { WorkerHandle, type Platform, type Task } from "./worker-handle.js";
import { OwnprintError } from "./types.js";
import type { ClientOptions } from "./types.js";

/** Beyond this, an idle worker's memory is given back: WebAssembly's never shrinks, and phones end greedy pages. */
const KEPT_BYTES = 256 << 20;

export class Pool {
  readonly #platform: Platform;
  readonly #options: ClientOptions;
  readonly #further: CodecModules;
  readonly #handles = new Set<WorkerHandle>();
  readonly #waiting = new Set<{ readonly go: () => void; readonly fail: (reason: unknown) => void }>();

  constructor(platform: Platform, options: ClientOptions, further: CodecModules) {
    this.#platform = platform;
    this.#options = options;
    this.#further = further;
  }

  /** Does a task in an idle worker, or in a new one while there are fewer than `atMost`, or when its turn comes. */
  async run<T>(task: Task, atMost: number): Promise<T> {
    const handle = await this.#acquire(task.signal, atMost);
    const abort = (): void => this.#drop(handle, task.signal?.reason);
    task.signal?.addEventListener("abort", abort);
    try {
      return (await handle.run(task)) as T;
    } finally {
      task.signal?.removeEventListener("abort", abort);
      if (handle.memoryBytes > KEPT_BYTES) {
        this.#drop(handle);
      }
      handle.idle();
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
    for (const handle of this.#handles) {
      this.#drop(handle, reason);
    }
  }

  async #acquire(signal: AbortSignal | undefined, atMost: number): Promise<WorkerHandle> {
    for (;;) {
      signal?.throwIfAborted();
      const idle = [...this.#handles].find((handle) => !handle.busy);
      if (idle !== undefined) {
        return idle.take();
      }
      if (this.#handles.size < Math.max(1, atMost)) {
        const further = this.#further;
        const handle = new WorkerHandle(this.#platform, this.#options, (it) => this.#handles.delete(it), { further });
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

  #drop(handle: WorkerHandle, reason?: unknown): void {
    this.#handles.delete(handle);
    handle.end(reason);
  }
}
