/// <reference lib="esnext.disposable" preserve="true" />
/** Search for hashes by their distance from another hash. */

import type { HashAlgorithm } from "./algorithms.js";
import { textOrBytes } from "./bytes.js";
import type { Glue } from "./generated/glue-full.js";
import { Handle, type GlueObject, type Hold } from "./handle.js";
import { IndexReader, type GlueIndexReader } from "./lists.js";
import { asCount, asRadius, asText } from "./options.js";

/** An entry that a search found. */
export interface Hit {
  /** The entry's number in the index. */
  readonly entry: number;
  /** Number of bits that differ from the searched hash. */
  readonly distance: number;
  /**
   * The text that was inserted with the hash. For a variant from a list: its name in the list, `#`
   * and the variant.
   */
  readonly payload: string;
  /** The variant, if the payload ends with `#` and a variant. */
  readonly variant?: string;
}

/**
 * An index of hashes of one algorithm, each with a text. Searches are exact and stay fast with
 * millions of entries. {@link Core.index} and {@link Core.loadIndex} return one.
 *
 * ```js
 * const index = core.index("pdq");
 * index.insertList(await readFile("known.txt"));
 * const { pdq } = fingerprint.image;
 * for (const hit of index.within(pdq.hash)) console.log(`${hit.payload}: ${hit.distance} bits`);
 * index.dispose();
 * ```
 *
 * The index is in the core's memory: after {@link Core.dispose}, or after a trap, its methods throw
 * `cancelled`.
 */
export class HashIndex {
  readonly #holdOf: (inner: GlueObject, what: string) => Hold;
  readonly #handle: Handle<GlueHashIndex>;

  /** @internal */
  constructor(inner: GlueHashIndex, holdOf: (inner: GlueObject, what: string) => Hold) {
    this.#holdOf = holdOf;
    this.#handle = new Handle(
      inner,
      holdOf(inner, "index"),
      "this index was disposed of; create or load another",
    );
  }

  /** The algorithm of the hashes. */
  get algorithm(): HashAlgorithm {
    return this.#call((inner) => inner.algorithm()) as HashAlgorithm;
  }

  /** Number of entries. */
  get size(): number {
    return this.#call((inner) => inner.size());
  }

  /**
   * Adds a hash.
   *
   * @param hash the hash in hexadecimal digits
   * @param payload a text that searches return; lone surrogates become U+FFFD
   * @returns the entry's number; entries are numbered from 0 in the order of insertion
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  insert(hash: string, payload = ""): number {
    const [digits, text] = [asText("hash", hash), asText("payload", payload)];
    return this.#call((inner) => inner.insert(digits, text));
  }

  /**
   * Adds the hashes of {@link algorithm} in a list: JSON lines or CSV as the command line writes
   * them, or lines `pdq HASH` of a hash exchange. The payload is the name in the list, if any.
   * Hashes with a quality below 50 are skipped, because they would match unrelated images. If a
   * line is invalid, no hash is added.
   *
   * @returns the number of hashes added
   * @throws {@link OwnprintError} `invalid-record` with line and column
   */
  insertList(list: string | ArrayBuffer | ArrayBufferView): number {
    const bytes = textOrBytes(list);
    const reader = this.listReader();
    try {
      reader.update(bytes);
      return reader.finalize();
    } finally {
      reader.dispose();
    }
  }

  /** Starts a list that arrives in chunks. */
  listReader(): IndexReader {
    const reader = this.#call((inner) => inner.listReader()) as GlueIndexReader;
    const insert = (list: GlueIndexReader): number =>
      this.#call((inner) => inner.insertReader(list));
    return new IndexReader(reader, this.#holdOf(reader, "list"), insert);
  }

  /** Removes an entry and returns its text; `undefined` if there is no such entry. */
  remove(entry: number): string | undefined {
    const number = asCount("entry", entry);
    return this.#call((inner) => inner.remove(number));
  }

  /**
   * Returns all entries within a distance of a hash, nearest first.
   *
   * @param hash the hash in hexadecimal digits
   * @param radius the largest distance in bits; default: the algorithm's threshold
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  within(hash: string, radius?: number): Hit[] {
    const [digits, bits] = [asText("hash", hash), asRadius(radius)];
    return hitsFrom(this.#call((inner) => inner.within(digits, bits)));
  }

  /**
   * Returns the entries nearest to a hash, nearest first.
   *
   * @param hash the hash in hexadecimal digits
   * @param count the maximum number of entries
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  nearest(hash: string, count: number): Hit[] {
    const [digits, most] = [asText("hash", hash), asCount("count", count)];
    return hitsFrom(this.#call((inner) => inner.nearest(digits, most)));
  }

  /**
   * Returns groups of similar entries: an entry belongs to a group if it is near one of its
   * members. Entries without neighbours are omitted.
   *
   * @param radius the largest distance in bits; default: the algorithm's threshold
   */
  groups(radius?: number): number[][] {
    const bits = asRadius(radius);
    return JSON.parse(this.#call((inner) => inner.groups(bits))) as number[][];
  }

  /** Returns the index as a file with a checksum; every language reads and writes the same file. */
  save(): Uint8Array<ArrayBuffer> {
    return this.#call((inner) => inner.save(), true) as Uint8Array<ArrayBuffer>;
  }

  /** Overwrites and releases the index. Later calls throw `disposed`. */
  dispose(): void {
    this.#handle.dispose();
  }

  /** As {@link dispose}, for `using` declarations. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #call<T>(step: (inner: GlueHashIndex) => T, wipes = false): T {
    const { inner } = this.#handle;
    return this.#handle.call(() => step(inner), wipes);
  }
}

/** @internal */
export type GlueHashIndex = InstanceType<Glue["HashIndex"]> & GlueObject;

type HitRow = [entry: number, distance: number, payload: string, variant: string | null];

function hitsFrom(json: string): Hit[] {
  const rows = JSON.parse(json) as HitRow[];
  return rows.map(([entry, distance, payload, variant]) => ({
    entry,
    distance,
    payload,
    ...(variant !== null && { variant }),
  }));
}
