/// <reference lib="esnext.disposable" preserve="true" />
/** Hashes that are found by their distance from another. */

import { textOrBytes } from "./bytes.js";
import { Handle, type GlueObject, type Hold } from "./handle.js";
import type { Glue } from "./generated/glue-full.js";
import { IndexReader, type GlueIndexReader } from "./lists.js";
import { asCount, asRadius, asText } from "./options.js";

/** A hash that a search found. */
export interface Hit {
  /** The entry's number in its index. */
  readonly entry: number;
  /** Bits that differ from the hash that was looked for. */
  readonly distance: number;
  /** The text that was given with it; a list's hash of a variant has the name there, `#` and the variant. */
  readonly payload: string;
  /** The variant, where the payload ends with `#` and one. */
  readonly variant?: string;
}

/**
 * Hashes of one algorithm in memory, each with a text, found by their distance from another. Answers are exact, and fast among
 * millions too. {@link Core.index} and {@link Core.loadIndex} give one.
 *
 * ```js
 * const index = core.index("pdq");
 * index.insertList(await readFile("known.txt"));
 * for (const hit of index.within(fingerprint.hashes.pdq.hex)) console.log(`${hit.payload}: ${hit.distance} bits`);
 * index.free();
 * ```
 *
 * Its memory is the core's, which an index does not outlive: after {@link Core.dispose}, or when a call met a defect, its methods
 * throw `cancelled`.
 */
export class HashIndex {
  readonly #holdOf: (inner: GlueObject, what: string) => Hold;
  readonly #handle: Handle<GlueHashIndex>;

  /** @internal */
  constructor(inner: GlueHashIndex, holdOf: (inner: GlueObject, what: string) => Hold) {
    this.#holdOf = holdOf;
    this.#handle = new Handle(inner, holdOf(inner, "index"), "this index was freed; make or load another");
  }

  /** The stable name of the algorithm whose hashes it has. */
  get algorithm(): string {
    return this.#call((inner) => inner.algorithm());
  }

  /** How many entries it has. */
  get size(): number {
    return this.#call((inner) => inner.size());
  }

  /**
   * Adds a hash.
   *
   * @param hex the hash in hexadecimal digits
   * @param payload a text that is found with it; halves of surrogate pairs, which are no Unicode, become U+FFFD
   * @returns the entry's number: 0, 1, 2 … in the order in which entries come
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  insert(hex: string, payload = ""): number {
    const [digits, text] = [asText("hex", hex), asText("payload", payload)];
    return this.#call((inner) => inner.insert(digits, text));
  }

  /**
   * Adds the hashes of {@link algorithm} that a list has: JSON lines or a table as the command line writes them, or lines `pdq HASH`
   * of an exchange. Each goes in under its name there, if it has one. When any line is wrong, none is added.
   *
   * @returns how many were added
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column
   */
  insertList(list: string | ArrayBuffer | ArrayBufferView): number {
    const bytes = textOrBytes(list);
    const stream = this.stream();
    try {
      stream.push(bytes);
      return stream.finish();
    } finally {
      stream.dispose();
    }
  }

  /** Starts a list that comes in pieces; nothing of it is in the index until {@link IndexReader.finish}. */
  stream(): IndexReader {
    const stream = this.#call((inner) => inner.stream()) as GlueIndexReader;
    const insert = (list: GlueIndexReader): number => this.#call((inner) => inner.insertReader(list));
    return new IndexReader(stream, this.#holdOf(stream, "list"), insert);
  }

  /** Removes an entry and gives its text; nothing where there is none of that number. */
  remove(entry: number): string | undefined {
    const number = asCount("entry", entry);
    return this.#call((inner) => inner.remove(number));
  }

  /**
   * Every entry within a distance of a hash, nearest first.
   *
   * @param hex the hash in hexadecimal digits
   * @param radius bits that may differ; the algorithm's threshold where none is given
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  within(hex: string, radius?: number): Hit[] {
    const [digits, bits] = [asText("hex", hex), asRadius(radius)];
    return hitsOf(this.#call((inner) => inner.within(digits, bits)));
  }

  /**
   * The entries nearest to a hash, nearest first.
   *
   * @param hex the hash in hexadecimal digits
   * @param count how many at most
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`
   */
  nearest(hex: string, count: number): Hit[] {
    const [digits, most] = [asText("hex", hex), asCount("count", count)];
    return hitsOf(this.#call((inner) => inner.nearest(digits, most)));
  }

  /**
   * The entries that have others near them, in groups: who is near one member is a member too.
   *
   * @param radius bits that may differ; the algorithm's threshold where none is given
   */
  groups(radius?: number): number[][] {
    const bits = asRadius(radius);
    return JSON.parse(this.#call((inner) => inner.groups(bits))) as number[][];
  }

  /** The bytes of its file, with a checksum: the same that the command line and the other packages write. */
  save(): Uint8Array<ArrayBuffer> {
    return this.#call((inner) => inner.save(), true) as Uint8Array<ArrayBuffer>;
  }

  /** Overwrites it and gives its memory back to the core, which uses it again. Calls after this one throw a `TypeError`. */
  free(): void {
    this.#handle.dispose();
  }

  /** The same as {@link free}, at the end of a `using` declaration's block. */
  [Symbol.dispose](): void {
    this.free();
  }

  #call<T>(step: (inner: GlueHashIndex) => T, wipes = false): T {
    const { inner } = this.#handle;
    return this.#handle.call(() => step(inner), wipes);
  }
}

/** @internal */
export type GlueHashIndex = InstanceType<Glue["HashIndex"]> & GlueObject;

function hitsOf(json: string): Hit[] {
  const rows = JSON.parse(json) as [entry: number, distance: number, payload: string, variant: string | null][];
  return rows.map(([entry, distance, payload, variant]) => ({ entry, distance, payload, ...(variant !== null && { variant }) }));
}
