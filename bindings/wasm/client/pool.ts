/** Workers: started when there is work, one job at a time each, ended with everything they hold. */

import type { FurtherModules } from "./further-formats.js";
import { Slot, type Platform, type Task } from "./slot.js";
import { OwnprintError } from "./types.js";
import type { ClientOptions } from "./types.js";

/** Beyond this, an idle worker's memory is given back: WebAssembly's never shrinks, and phones end greedy pages. */
const KEPT_BYTES = 256 << 20;

export class Pool {
  readonly #platform: Platform;
  readonly #options: ClientOptions;
  readonly #further: FurtherModules;
  readonly #slots = new Set<Slot>();
  readonly #waiting = new Set<{ readonly go: () => void; readonly fail: (reason: unknown) => void }>();

  constructor(platform: Platform, options: ClientOptions, further: FurtherModules) {
    this.#platform = platform;
    this.#options = options;
    this.#further = further;
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
        const further = this.#further;
        const slot = new Slot(this.#platform, this.#options, (it) => this.#slots.delete(it), { further });
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
