/** Readers for lists of hashes: records as JSON lines or CSV, and lines of a hash exchange. */

import type { HashAlgorithm } from "./algorithms.js";
import { asBytes } from "./bytes.js";
import type { ErrorCode } from "./errors.js";
import type { Glue } from "./generated/glue-full.js";
import { Handle, type GlueObject, type Hold } from "./handle.js";

/** A hash in a list. */
export interface ListedHash {
  readonly algorithm: HashAlgorithm;
  /** Lower-case hexadecimal digits. */
  readonly hash: string;
  /** The quality, if the list has it. */
  readonly quality?: number;
  /** The path or name, if the list has it. */
  readonly name?: string;
  /** The line of the list, from 1. */
  readonly line: number;
  /** The edit that the hash belongs to, in a record with a set of variants. */
  readonly variant?: string;
}

/** A row of a list, or a record of a page, that was skipped because it is invalid. */
export interface SkippedRow {
  /** The line of the error, from 1. */
  readonly line: number;
  /** The character in that line, from 1. */
  readonly column: number;
  /** For programs; a code never changes its meaning. */
  readonly code: ErrorCode;
  /** What is wrong, and what is expected. */
  readonly message: string;
}

/** The rows that tolerant reading skipped. */
export interface SkippedRows {
  /** The number of all of them. */
  readonly count: number;
  /** The first 1,000, in order. */
  readonly rows: readonly SkippedRow[];
}

/** Bytes that are copied into the module at a time: its memory never shrinks. */
const CHUNK_BYTES = 256 << 10;

/** A reader in the module. */
interface GlueReader<Result> extends GlueObject {
  update(bytes: Uint8Array): Result;
}

/** Passes the next bytes of a list to the module, and each of its results to `take`. */
function updateReader<Result>(
  handle: Handle<GlueReader<Result>>,
  bytes: ArrayBuffer | ArrayBufferView,
  take: (result: Result) => void,
): void {
  const all = asBytes(bytes);
  const { inner } = handle;
  for (let start = 0; start < all.length; start += CHUNK_BYTES) {
    const chunk = all.subarray(start, start + CHUNK_BYTES);
    take(handle.call(() => inner.update(chunk), false));
  }
}

/** The message for calls after the end of a list. */
const FINISHED = "this list is finished; start another";

/**
 * Reads a list of hashes in chunks of any length. Only one record is in memory at a time. The first
 * error ends the list. {@link Core.listReader} returns one.
 */
export class ListReader {
  readonly #handle: Handle<GlueListReader>;

  /** @internal */
  constructor(inner: GlueListReader, hold: Hold) {
    this.#handle = new Handle(inner, hold, FINISHED);
  }

  /**
   * Reads the next bytes and returns the hashes that they complete.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column
   */
  update(bytes: ArrayBuffer | ArrayBufferView): ListedHash[] {
    const hashes: ListedHash[] = [];
    updateReader(this.#handle, bytes, (rows) => takeRows(rows, hashes));
    return hashes;
  }

  /**
   * Ends the list and returns the hashes that its last line completes.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column
   */
  finalize(): ListedHash[] {
    const hashes: ListedHash[] = [];
    takeRows(
      this.#handle.end((inner) => inner.finalize()),
      hashes,
    );
    return hashes;
  }

  /**
   * Ends a list that skips invalid rows.
   *
   * @internal
   */
  finalizeWithSkipped(): { hashes: ListedHash[]; skipped: SkippedRows } {
    const hashes: ListedHash[] = [];
    const [rows, skipped] = JSON.parse(
      this.#handle.end((inner) => inner.finalizeWithSkipped()),
    ) as [ListRow[], SkippedJson];
    addRows(rows, hashes);
    return { hashes, skipped: skippedFrom(skipped) };
  }

  /** Cancels. */
  dispose(): void {
    this.#handle.dispose();
  }
}

/**
 * Reads a list of hashes for an index, which does not change before {@link finalize}.
 * {@link HashIndex.listReader} returns one.
 */
export class IndexReader {
  readonly #handle: Handle<GlueIndexReader>;
  readonly #insert: (inner: GlueIndexReader) => number;

  /** @internal */
  constructor(inner: GlueIndexReader, hold: Hold, insert: (inner: GlueIndexReader) => number) {
    this.#handle = new Handle(inner, hold, FINISHED);
    this.#insert = insert;
  }

  /**
   * Reads the next bytes of the list.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column
   */
  update(bytes: ArrayBuffer | ArrayBufferView): void {
    updateReader(this.#handle, bytes, () => undefined);
  }

  /**
   * Adds the hashes of the list to the index.
   *
   * @returns the number of hashes added
   * @throws {@link OwnprintError} `invalid-record`; then no hash is added
   */
  finalize(): number {
    return this.#handle.end(this.#insert);
  }

  /** Cancels; the index does not change. */
  dispose(): void {
    this.#handle.dispose();
  }
}

/** @internal */
export type GlueListReader = InstanceType<Glue["ListReader"]> & GlueObject;

/** @internal */
export type GlueIndexReader = ReturnType<InstanceType<Glue["HashIndex"]>["listReader"]> &
  GlueObject;

type ListRow = [
  algorithm: HashAlgorithm,
  hash: string,
  quality: number | null,
  name: string | null,
  line: number,
  variant: string | null,
];

/**
 * Skipped rows as the module returns them.
 *
 * @internal
 */
export type SkippedJson = [
  count: number,
  rows: [line: number, column: number, code: ErrorCode, message: string][],
];

/** @internal */
export function skippedFrom([count, rows]: SkippedJson): SkippedRows {
  return {
    count,
    rows: rows.map(([line, column, code, message]) => ({ line, column, code, message })),
  };
}

function takeRows(json: string, hashes: ListedHash[]): void {
  addRows(JSON.parse(json) as ListRow[], hashes);
}

function addRows(rows: readonly ListRow[], hashes: ListedHash[]): void {
  for (const [algorithm, hash, quality, name, line, variant] of rows) {
    if (quality === null && name === null && variant === null) {
      // Lists of exchanges have millions of such lines: the spreads below double the time.
      hashes.push({ algorithm, hash, line });
    } else {
      hashes.push({
        algorithm,
        hash,
        ...(quality !== null && { quality }),
        ...(name !== null && { name }),
        line,
        ...(variant !== null && { variant }),
      });
    }
  }
}
