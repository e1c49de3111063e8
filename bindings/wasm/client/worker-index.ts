/// <reference lib="esnext.disposable" preserve="true" />
/** An index in a worker of its own, which cancelling an image does not end. */

import type { HashAlgorithm } from "./algorithms.js";
import { isBuffer } from "./bytes.js";
import type { FileInput, Progress } from "./compute-types.js";
import { OwnprintError } from "./errors.js";
import type { Hit } from "./hash-index.js";
import { prepare, type Prepared } from "./input.js";
import { asCount, asRadius, asText } from "./options.js";
import type { Platform, Task } from "./platform.js";
import type { IndexMember } from "./protocol.js";
import type { ClientOptions } from "./types.js";
import { WorkerHandle } from "./worker-handle.js";

/** Options of the methods of {@link WorkerIndex}. */
export interface IndexOptions {
  /**
   * Cancels the call; the index does not change, and the promise rejects with the signal's reason.
   * If the worker has already finished, the promise resolves.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Options of methods that read a file. */
export interface IndexFileOptions extends IndexOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * An index of hashes of one algorithm, each with a text. Searches are exact and stay fast with
 * millions of entries.
 *
 * ```js
 * const index = await createIndex("pdq");
 * await index.insertList(file);
 * const hits = await index.within(fingerprint.image.pdq.hash);
 * for (const { payload, distance } of hits) console.log(`${payload}: ${distance} bits`);
 * index.dispose();
 * ```
 *
 * The index exists only in the memory of its worker; {@link save} returns it as a file. Calls run
 * in order. After the client's `dispose()`, or if the worker ends, they reject with `cancelled`.
 */
export class WorkerIndex {
  /** The algorithm of the hashes. */
  readonly algorithm: HashAlgorithm;
  readonly #worker: IndexWorker;
  readonly #clonesBlobs: boolean;

  /** @internal */
  constructor(algorithm: HashAlgorithm, worker: IndexWorker, clonesBlobs: boolean) {
    this.algorithm = algorithm;
    this.#worker = worker;
    this.#clonesBlobs = clonesBlobs;
  }

  /** Returns the number of entries. */
  size(options: IndexOptions = {}): Promise<number> {
    return this.#ask("size", [], options);
  }

  /**
   * Adds a hash.
   *
   * @param hash the hash in hexadecimal digits
   * @param payload a text that searches return; lone surrogates become U+FFFD
   * @returns the entry's number; entries are numbered from 0 in the order of insertion
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  async insert(hash: string, payload = "", options: IndexOptions = {}): Promise<number> {
    return this.#ask("insert", [asText("hash", hash), asText("payload", payload)], options);
  }

  /**
   * Adds the hashes of {@link algorithm} in a list: JSON lines or CSV as the command line writes
   * them, or lines `pdq HASH` of a hash exchange. The payload is the name in the list, if any. If a
   * line is invalid, or the call is cancelled, no hash is added.
   *
   * @returns the number of hashes added
   * @throws {@link OwnprintError} `invalid-record` with line and column, `io`
   */
  async insertList(
    list: FileInput | string,
    { signal, onProgress }: IndexFileOptions = {},
  ): Promise<number> {
    // As a blob, the list is read in chunks, between which the worker notices a cancellation.
    const isWhole =
      typeof list === "string" || isBuffer(list) || ArrayBuffer.isView(list);
    const file = isWhole ? new Blob([list as BlobPart]) : list;
    return this.#worker.run(signal, async () => {
      const { input, ...source } = await prepare(file, false, this.#clonesBlobs);
      return { job: { kind: "insertList", input }, onProgress, ...source };
    });
  }

  /** Removes an entry and returns its text; `undefined` if there is no such entry. */
  async remove(entry: number, options: IndexOptions = {}): Promise<string | undefined> {
    return this.#ask("remove", [asCount("entry", entry)], options);
  }

  /**
   * Returns all entries within a distance of a hash, nearest first.
   *
   * @param hash the hash in hexadecimal digits
   * @param radius the largest distance in bits; default: the algorithm's threshold
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  async within(hash: string, radius?: number, options: IndexOptions = {}): Promise<Hit[]> {
    return this.#ask("within", [asText("hash", hash), asRadius(radius)], options);
  }

  /**
   * Returns the entries nearest to a hash, nearest first.
   *
   * @param hash the hash in hexadecimal digits
   * @param count the maximum number of entries
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  async nearest(hash: string, count: number, options: IndexOptions = {}): Promise<Hit[]> {
    return this.#ask("nearest", [asText("hash", hash), asCount("count", count)], options);
  }

  /**
   * Returns groups of similar entries: an entry belongs to a group if it is near one of its
   * members. Entries without neighbours are omitted.
   *
   * @param radius the largest distance in bits; default: the algorithm's threshold
   */
  async groups(radius?: number, options: IndexOptions = {}): Promise<number[][]> {
    return this.#ask("groups", [asRadius(radius)], options);
  }

  /** Returns the index as a file with a checksum; every language reads and writes the same file. */
  save(options: IndexOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask("save", [], options);
  }

  /**
   * Ends the worker and releases its memory. Running calls reject with `cancelled`, later calls
   * with `disposed`.
   */
  dispose(): void {
    this.#worker.end(
      new OwnprintError("cancelled", "cancelled: the index was disposed of"),
      new OwnprintError("disposed", "this index was disposed of; create or load another"),
    );
  }

  /** As {@link dispose}, for `using` declarations. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #ask<T>(member: IndexMember, values: readonly unknown[], { signal }: IndexOptions): Promise<T> {
    return this.#worker.run(signal, () => ({ job: { kind: "index", member, arguments: values } }));
  }
}

/** A task of an index's worker. */
type IndexTask = Omit<Task, "signal"> & Pick<Prepared, "close">;

/**
 * The worker of one index. It runs one call at a time, in order.
 *
 * @internal
 */
export class IndexWorker {
  readonly #handle: WorkerHandle;
  readonly #leave: (worker: IndexWorker) => void;
  /** What pending calls and later calls reject with after the end. */
  #ended: { readonly reason: unknown; readonly later: unknown } | undefined;
  /** Resolves after all calls so far. */
  #last: Promise<unknown> = Promise.resolve();

  /** `leave` is called after the worker ended. */
  constructor(platform: Platform, options: ClientOptions, leave: (worker: IndexWorker) => void) {
    this.#leave = leave;
    const ended = (): void => this.#end(gone(), gone());
    this.#handle = new WorkerHandle(platform, options, ended, { full: true });
  }

  /** Creates a task and runs it after the previous ones. */
  run<T>(signal: AbortSignal | undefined, make: () => IndexTask | Promise<IndexTask>): Promise<T> {
    const before = this.#last;
    const call = this.#runAfter(before, signal, make);
    // A pending call that is cancelled does not let the next one overtake those before it.
    this.#last = Promise.allSettled([before, call]);
    return call as Promise<T>;
  }

  /** Ends the worker: running and pending calls reject with `reason`, later ones with `later`. */
  end(reason: unknown, later = reason): void {
    this.#end(reason, later);
    this.#handle.end(reason);
  }

  async #runAfter(
    before: Promise<unknown>,
    signal: AbortSignal | undefined,
    make: () => IndexTask | Promise<IndexTask>,
  ): Promise<unknown> {
    if (this.#ended !== undefined) {
      throw this.#ended.later;
    }
    signal?.throwIfAborted();
    await unlessAborted(before, signal);
    const { close, ...task } = await make();
    try {
      return await this.#runNow({ ...task, signal, keepsWorker: true });
    } finally {
      close?.();
    }
  }

  async #runNow(task: Task): Promise<unknown> {
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
  return new OwnprintError(
    "cancelled",
    "cancelled: the worker that held this index has ended; create or load the index again",
  );
}

/** Returns the outcome of `work`, or rejects with the signal's reason, whichever is first. */
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
