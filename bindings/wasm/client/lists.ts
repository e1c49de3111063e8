/** Lists of hashes, in whichever form, on their way in. */

import type { GlueObject, Hold } from "./fingerprint-core.js";
import type { Glue } from "./generated/glue-full.js";
import { asBytes } from "./bytes.js";

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
}

/** Bytes that enter the module at a time: its memory never shrinks, and a list may be longer than it could hold. */
const PUSHED_BYTES = 256 << 10;

/** A list in the module, of whichever use. */
interface Pushed<Result> extends GlueObject {
  push(bytes: Uint8Array): Result;
}

/** The part that every list on its way in has. */
class Pieces<Inner extends Pushed<unknown>> {
  readonly #hold: Hold;
  #inner: Inner | undefined;

  constructor(inner: Inner, hold: Hold) {
    this.#inner = inner;
    this.#hold = hold;
  }

  push(bytes: ArrayBuffer | ArrayBufferView, take: (result: ReturnType<Inner["push"]>) => void): void {
    const whole = asBytes(bytes);
    const inner = this.#open();
    for (let start = 0; start < whole.length; start += PUSHED_BYTES) {
      const piece = whole.subarray(start, start + PUSHED_BYTES);
      take(this.#hold.call(() => inner.push(piece), false) as ReturnType<Inner["push"]>);
    }
  }

  /** Ends it by a step that takes the inner object over. */
  end<T>(step: (inner: Inner) => T): T {
    const inner = this.#open();
    this.#inner = undefined;
    this.#hold.release();
    return this.#hold.call(() => step(inner));
  }

  dispose(): void {
    if (this.#inner === undefined) {
      return;
    }
    try {
      this.end((inner) => inner.free());
    } catch {
      // The instance is gone, and with it everything that was kept.
    }
  }

  #open(): Inner {
    if (this.#inner === undefined) {
      throw new TypeError("this list is finished; start another");
    }
    return this.#inner;
  }
}

/**
 * The hashes of a list that comes in pieces, cut anywhere: never more of it in memory than one record. A list ends with its first
 * mistake. {@link Core.listReader} gives one.
 */
export class ListReader {
  readonly #pieces: Pieces<GlueListIntake>;

  /** @internal */
  constructor(inner: GlueListIntake, hold: Hold) {
    this.#pieces = new Pieces(inner, hold);
  }

  /**
   * Takes the next bytes, and gives the hashes that they complete.
   *
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column
   */
  push(bytes: ArrayBuffer | ArrayBufferView): ListedHash[] {
    const hashes: ListedHash[] = [];
    this.#pieces.push(bytes, (rows) => takeRows(rows, hashes));
    return hashes;
  }

  /**
   * Ends the list, and gives the hashes that its last line completes.
   *
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column
   */
  finish(): ListedHash[] {
    const hashes: ListedHash[] = [];
    takeRows(this.#pieces.end((inner) => inner.finish()), hashes);
    return hashes;
  }

  /** Gives up. */
  dispose(): void {
    this.#pieces.dispose();
  }
}

/** A list on its way into an index, which is as it was until {@link finish}. {@link HashIndex.intake} gives one. */
export class IndexIntake {
  readonly #pieces: Pieces<GlueIndexIntake>;
  readonly #insert: (inner: GlueIndexIntake) => number;

  /** @internal */
  constructor(inner: GlueIndexIntake, hold: Hold, insert: (inner: GlueIndexIntake) => number) {
    this.#pieces = new Pieces(inner, hold);
    this.#insert = insert;
  }

  /**
   * Takes the next bytes of the list, cut anywhere.
   *
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column
   */
  push(bytes: ArrayBuffer | ArrayBufferView): void {
    this.#pieces.push(bytes, () => undefined);
  }

  /**
   * Adds the list's hashes to the index.
   *
   * @returns how many were added
   * @throws {@link OwnprintError} `invalid-record`; then none was added
   */
  finish(): number {
    return this.#pieces.end(this.#insert);
  }

  /** Gives up; the index is as it was. */
  dispose(): void {
    this.#pieces.dispose();
  }
}

/** @internal */
export type GlueListIntake = InstanceType<Glue["ListIntake"]> & GlueObject;

/** @internal */
export type GlueIndexIntake = ReturnType<InstanceType<Glue["HashIndex"]>["intake"]> & GlueObject;

type ListRow = [algorithm: string, hex: string, quality: number | null, name: string | null, line: number];

function takeRows(json: string, hashes: ListedHash[]): void {
  for (const row of JSON.parse(json) as ListRow[]) {
    const [quality, name] = [row[2], row[3]];
    if (quality === null && name === null) {
      // What an exchange's lines have, by the million: members that may be missing cost as much as all the rest.
      hashes.push({ algorithm: row[0], hex: row[1], line: row[4] });
    } else {
      hashes.push({ algorithm: row[0], hex: row[1], ...(quality !== null && { quality }), ...(name !== null && { name }), line: row[4] });
    }
  }
}
