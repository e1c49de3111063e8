/// <reference lib="esnext.disposable" preserve="true" />
/** An index in a worker of its own: a search keeps no page waiting, and no image's end takes the index along. */

import type { Hit } from "./hash-index.js";
import { prepare, type Prepared } from "./input.js";
import { asCount, asRadius, asText } from "./options.js";
import type { IndexMember } from "./protocol.js";
import { WorkerHandle, type Platform, type Task } from "./worker-handle.js";
import { OwnprintError } from "./types.js";
import type { ClientOptions, FileInput, Progress } from "./types.js";

/** Options of what a {@link WorkerIndex} does. */
export interface IndexOptions {
  /**
   * Gives up what was asked for, and leaves the index as it was. The promise rejects with the signal's reason; what is done
   * by the time that the worker hears of it is done, and its promise resolves.
   */
  readonly signal?: AbortSignal;
}

/** Options of what reads a file into a {@link WorkerIndex}. */
export interface IndexFileOptions extends IndexOptions {
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Hashes of one algorithm, each with a text, found by their distance from another. Answers are exact, and fast among millions too.
 *
 * ```js
 * const index = await createIndex("pdq");
 * await index.insertList(file);
 * for (const hit of await index.within(fingerprint.hashes.pdq.hex)) console.log(`${hit.payload}: ${hit.distance} bits`);
 * index.free();
 * ```
 *
 * It lives in a worker of its own, and in nothing else: {@link save} what you want to have again. Calls are answered one after
 * another. After the client's `dispose()`, or when the worker came to its end, they reject with `cancelled`.
 */
export class WorkerIndex {
  /** The stable name of the algorithm whose hashes it has. */
  readonly algorithm: string;
  readonly #worker: IndexWorker;
  readonly #clonesBlobs: boolean;

  /** @internal */
  constructor(algorithm: string, worker: IndexWorker, clonesBlobs: boolean) {
    this.algorithm = algorithm;
    this.#worker = worker;
    this.#clonesBlobs = clonesBlobs;
  }

  /** How many entries it has. */
  size(options: IndexOptions = {}): Promise<number> {
    return this.#ask("size", [], options);
  }

  /**
   * Adds a hash.
   *
   * @param hex the hash in hexadecimal digits
   * @param payload a text that is found with it; halves of surrogate pairs, which are no Unicode, become U+FFFD
   * @returns the entry's number: 0, 1, 2 … in the order in which entries come
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  async insert(hex: string, payload = "", options: IndexOptions = {}): Promise<number> {
    return this.#ask("insert", [asText("hex", hex), asText("payload", payload)], options);
  }

  /**
   * Adds the hashes of {@link algorithm} that a list has: JSON lines or a table as the command line writes them, or lines `pdq HASH`
   * of an exchange, as a file, a stream or a text. It is read piece by piece. Each hash goes in under its name there, if it has
   * one. When any line is wrong, or the reading is given up, none is added.
   *
   * @returns how many were added
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column, `io`
   */
  async insertList(list: FileInput | string, { signal, onProgress }: IndexFileOptions = {}): Promise<number> {
    // A worker that reads a blob hears between its pieces that it is to stop.
    const isWhole = typeof list === "string" || list instanceof ArrayBuffer || ArrayBuffer.isView(list);
    const file = isWhole ? new Blob([list as BlobPart]) : list;
    return this.#worker.run(signal, async () => {
      const { input, ...source } = await prepare(file, false, this.#clonesBlobs);
      return { job: { kind: "insertList", input }, onProgress, ...source };
    });
  }

  /** Removes an entry and gives its text; nothing where there is none of that number. */
  async remove(entry: number, options: IndexOptions = {}): Promise<string | undefined> {
    return this.#ask("remove", [asCount("entry", entry)], options);
  }

  /**
   * Every entry within a distance of a hash, nearest first.
   *
   * @param hex the hash in hexadecimal digits
   * @param radius bits that may differ; the algorithm's threshold where none is given
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  async within(hex: string, radius?: number, options: IndexOptions = {}): Promise<Hit[]> {
    return this.#ask("within", [asText("hex", hex), asRadius(radius)], options);
  }

  /**
   * The entries nearest to a hash, nearest first.
   *
   * @param hex the hash in hexadecimal digits
   * @param count how many at most
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  async nearest(hex: string, count: number, options: IndexOptions = {}): Promise<Hit[]> {
    return this.#ask("nearest", [asText("hex", hex), asCount("count", count)], options);
  }

  /**
   * The entries that have others near them, in groups: who is near one member is a member too.
   *
   * @param radius bits that may differ; the algorithm's threshold where none is given
   */
  async groups(radius?: number, options: IndexOptions = {}): Promise<number[][]> {
    return this.#ask("groups", [asRadius(radius)], options);
  }

  /** The bytes of its file, with a checksum: the same that the command line and the other packages write. */
  save(options: IndexOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask("save", [], options);
  }

  /** Ends its worker, and with it all its memory; what it was doing rejects with `cancelled`. Calls after this one reject with a `TypeError`. */
  free(): void {
    this.#worker.end(new OwnprintError("cancelled", "cancelled: the index was freed"), new TypeError("this index was freed; make or load another"));
  }

  /** The same as {@link free}, at the end of a `using` declaration's block. */
  [Symbol.dispose](): void {
    this.free();
  }

  #ask<T>(member: IndexMember, values: readonly unknown[], { signal }: IndexOptions): Promise<T> {
    return this.#worker.run(signal, () => ({ job: { kind: "index", member, arguments: values } }));
  }
}

/** What an index's worker is given to do. */
type IndexTask = Omit<Task, "signal"> & Pick<Prepared, "close">;

/**
 * The worker of one index: one call after another, in the order in which they came, and none once it has ended.
 *
 * @internal
 */
export class IndexWorker {
  readonly #handle: WorkerHandle;
  readonly #leave: (worker: IndexWorker) => void;
  /** What calls that wait reject with then, and later ones. */
  #ended: { readonly reason: unknown; readonly later: unknown } | undefined;
  /** Settles when all calls so far have. */
  #last: Promise<unknown> = Promise.resolve();

  /** `leave` is called when the worker has ended. */
  constructor(platform: Platform, options: ClientOptions, leave: (worker: IndexWorker) => void) {
    this.#leave = leave;
    this.#handle = new WorkerHandle(platform, options, () => this.#end(gone(), gone()), { full: true });
  }

  /** Makes a task, and has it done, when those before it are done. */
  run<T>(signal: AbortSignal | undefined, make: () => IndexTask | Promise<IndexTask>): Promise<T> {
    const before = this.#last;
    const mine = this.#turn(before, signal, make);
    // A call that is given up while it waits does not let the next one pass those before it.
    this.#last = Promise.allSettled([before, mine]);
    return mine as Promise<T>;
  }

  /** Ends the worker: calls that run or wait reject with `reason`, later ones with `later`. */
  end(reason: unknown, later = reason): void {
    this.#end(reason, later);
    this.#handle.end(reason);
  }

  async #turn(before: Promise<unknown>, signal: AbortSignal | undefined, make: () => IndexTask | Promise<IndexTask>): Promise<unknown> {
    if (this.#ended !== undefined) {
      throw this.#ended.later;
    }
    signal?.throwIfAborted();
    await unlessAborted(before, signal);
    const { close, ...task } = await make();
    try {
      return await this.#do({ ...task, signal, keepsWorker: true });
    } finally {
      close?.();
    }
  }

  async #do(task: Task): Promise<unknown> {
    if (this.#ended !== undefined) {
      throw this.#ended.reason;
    }
    const handle = this.#handle.take();
    const abort = (): void => handle.cancel(task.signal?.reason);
    task.signal?.addEventListener("abort", abort);
    try {
      return await handle.run(task);
    } finally {
      task.signal?.removeEventListener("abort", abort);
      handle.idle();
    }
  }

  #end(reason: unknown, later: unknown): void {
    this.#ended ??= { reason, later };
    this.#leave(this);
  }
}

function gone(): OwnprintError {
  return new OwnprintError("cancelled", "cancelled: the worker that held this index was ended; make or load the index again");
}

/** What `work` gives, or the signal's reason, whichever comes first. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return work;
  }
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort);
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
