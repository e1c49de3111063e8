/** Lists of hashes, in whichever form, on their way in. */

import { asBytes } from "./bytes.js";
import { Handle, type GlueObject, type Hold } from "./handle.js";
import type { Glue } from "./generated/glue-full.js";

/** A hash of a list. */
export interface ListedHash {
  /** The algorithm's stable name. */
  readonly algorithm: string;
  /** Lower-case hexadecimal digits. */
  readonly hex: string;
  /** The quality, where the list has it. */
  readonly quality?: number;
  /** The path or name, where the list has it. */
  readonly name?: string;
  /** The line it stands on, from 1. */
  readonly line: number;
  /** Of which edit of its image it is the hash, in a record with a set of variants. */
  readonly variant?: string;
}

/** Bytes that enter the module at a time: its memory never shrinks, and a list may be longer than it could hold. */
const PUSHED_BYTES = 256 << 10;

/** A list in the module, of whichever use. */
interface Pushed<Result> extends GlueObject {
  push(bytes: Uint8Array): Result;
}

/** Pushes a list's next bytes; `take` gets what the module says of each piece. */
function pushPieces<Result>(handle: Handle<Pushed<Result>>, bytes: ArrayBuffer | ArrayBufferView, take: (result: Result) => void): void {
  const whole = asBytes(bytes);
  const { inner } = handle;
  for (let start = 0; start < whole.length; start += PUSHED_BYTES) {
    const piece = whole.subarray(start, start + PUSHED_BYTES);
    take(handle.call(() => inner.push(piece), false));
  }
}

/** What calls are told that come after a list's end. */
const FINISHED = "this list is finished; start another";

/**
 * The hashes of a list that comes in pieces, cut anywhere: never more of it in memory than one record. A list ends with its first
 * mistake. {@link Core.listReader} gives one.
 */
export class ListReader {
  readonly #handle: Handle<GlueListReader>;

  /** @internal */
  constructor(inner: GlueListReader, hold: Hold) {
    this.#handle = new Handle(inner, hold, FINISHED);
  }

  /**
   * Takes the next bytes, and gives the hashes that they complete.
   *
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column
   */
  push(bytes: ArrayBuffer | ArrayBufferView): ListedHash[] {
    const hashes: ListedHash[] = [];
    pushPieces(this.#handle, bytes, (rows) => takeRows(rows, hashes));
    return hashes;
  }

  /**
   * Ends the list, and gives the hashes that its last line completes.
   *
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column
   */
  finish(): ListedHash[] {
    const hashes: ListedHash[] = [];
    takeRows(this.#handle.end((inner) => inner.finish()), hashes);
    return hashes;
  }

  /** Gives up. */
  dispose(): void {
    this.#handle.dispose();
  }
}

/** A list on its way into an index, which is as it was until {@link finish}. {@link HashIndex.stream} gives one. */
export class IndexReader {
  readonly #handle: Handle<GlueIndexReader>;
  readonly #insert: (inner: GlueIndexReader) => number;

  /** @internal */
  constructor(inner: GlueIndexReader, hold: Hold, insert: (inner: GlueIndexReader) => number) {
    this.#handle = new Handle(inner, hold, FINISHED);
    this.#insert = insert;
  }

  /**
   * Takes the next bytes of the list, cut anywhere.
   *
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column
   */
  push(bytes: ArrayBuffer | ArrayBufferView): void {
    pushPieces(this.#handle, bytes, () => undefined);
  }

  /**
   * Adds the list's hashes to the index.
   *
   * @returns how many were added
   * @throws {@link OwnprintError} `invalid-record`; then none was added
   */
  finish(): number {
    return this.#handle.end(this.#insert);
  }

  /** Gives up; the index is as it was. */
  dispose(): void {
    this.#handle.dispose();
  }
}

/** @internal */
export type GlueListReader = InstanceType<Glue["ListReader"]> & GlueObject;

/** @internal */
export type GlueIndexReader = ReturnType<InstanceType<Glue["HashIndex"]>["stream"]> & GlueObject;

type ListRow = [algorithm: string, hex: string, quality: number | null, name: string | null, line: number, variant: string | null];

function takeRows(json: string, hashes: ListedHash[]): void {
  for (const row of JSON.parse(json) as ListRow[]) {
    const [quality, name, variant] = [row[2], row[3], row[5]];
    if (quality === null && name === null && variant === null) {
      // What an exchange's lines have, by the million: members that may be missing cost as much as all the rest.
      hashes.push({ algorithm: row[0], hex: row[1], line: row[4] });
    } else {
      hashes.push({ algorithm: row[0], hex: row[1], ...(quality !== null && { quality }), ...(name !== null && { name }), line: row[4], ...(variant !== null && { variant }) });
    }
  }
}
