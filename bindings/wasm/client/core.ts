/** The module itself, synchronously: for callers with a worker of their own, for Node, Deno and edge runtimes. */

import { FingerprintCore } from "./fingerprint-core.js";
import { glue, type Glue } from "./generated/glue-full.js";
import { checkedBytes, textOrBytes } from "./bytes.js";
import { HashIndex, type GlueHashIndex, type ListedHash } from "./hash-index.js";
import { compileModule, FULL, PIXELS, USUAL, type ModuleFiles, type ModuleSource } from "./load.js";
import { asText } from "./options.js";
import { OwnprintError } from "./types.js";

export * from "./types.js";
export { hasSimd } from "./simd.js";
export { HashIndex, type Hit, type ListedHash } from "./hash-index.js";
export { Digester, Intake, type FingerprintCore, type IntakeOptions } from "./fingerprint-core.js";

/** Options of {@link loadCore}. */
export interface CoreOptions extends ModuleSource {
  /** `false` for the small module that has no picture decoders: pixels and digests only. */
  readonly decoders?: boolean;
  /** `true` for the fuller module: every family of hashes, every picture format, searching. */
  readonly full?: boolean;
}

/** Loads the package's own module, the one that suits this engine, or the one named. */
export async function loadCore(options: CoreOptions = {}): Promise<Core> {
  return new Core(await compileModule(options, filesFor(options)));
}

function filesFor({ decoders = true, full = false }: CoreOptions): ModuleFiles {
  if (full && !decoders) {
    throw new TypeError("decoders: false and full: true name two modules; give one of them");
  }
  return full ? FULL : decoders ? USUAL : PIXELS;
}

/** An instance of a module, with what the fuller one alone can do: searching hashes, and reading lists of them. */
export class Core extends FingerprintCore {
  /** Whether it is the fuller module. */
  readonly #isFull: boolean;

  constructor(module: WebAssembly.Module) {
    super(module, glue);
    this.#isFull = WebAssembly.Module.exports(module).some(({ name }) => name === "readList");
  }

  /**
   * An empty index of hashes. It lives in this core's memory until it is freed.
   *
   * @param algorithm the stable name of the algorithm whose hashes it takes
   * @throws {@link OwnprintError} `unknown-algorithm`, `not-comparable` for hashes of over 1,024 bits, `needs-full` without the
   *   fuller module
   */
  index(algorithm = "pdq"): HashIndex {
    const name = asText("algorithm", algorithm);
    return this.#open((glue) => new glue.HashIndex(name));
  }

  /**
   * The index that {@link HashIndex.save} gave, or `ownprint index build` wrote. Its entries are numbered anew, in the order in
   * which they came.
   *
   * @throws {@link OwnprintError} `invalid-index` for bytes that are cut off or altered, `unknown-algorithm`, `needs-full`
   */
  loadIndex(bytes: ArrayBuffer | ArrayBufferView): HashIndex {
    const file = checkedBytes(bytes);
    return this.#open((glue) => glue.HashIndex.load(file));
  }

  /**
   * The hashes of a list, in its order: JSON lines or a table as the command line writes them, or lines `pdq HASH` of an exchange.
   * Strict: upper case, a hash of another length, a byte order mark are errors.
   *
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column, `needs-full`
   */
  readList(list: string | ArrayBuffer | ArrayBufferView): ListedHash[] {
    const bytes = textOrBytes(list);
    const rows = JSON.parse(this.#search((glue) => glue.readList(bytes))) as ListRow[];
    return rows.map(([algorithm, hex, quality, name, line]) => ({
      algorithm,
      hex,
      ...(quality !== null && { quality }),
      ...(name !== null && { name }),
      line,
    }));
  }

  /**
   * The line by which a hash exchange takes a hash, without its end; nothing for an algorithm that exchanges do not take, and for
   * a quality that they discard.
   *
   * @param hex the hash in hexadecimal digits
   * @param quality 0 to 100, as the fingerprint has it
   * @throws {@link OwnprintError} `unknown-algorithm`, `invalid-hash`, `not-comparable`, `needs-full`
   */
  exchangeLine(algorithm: string, hex: string, quality?: number): string | undefined {
    if (quality !== undefined && !(Number.isInteger(quality) && quality >= 0 && quality <= 100)) {
      throw new TypeError(`quality is a whole number from 0 to 100, not ${String(quality)}`);
    }
    const [name, digits] = [asText("algorithm", algorithm), asText("hex", hex)];
    return this.#search((glue) => glue.exchangeLine(name, digits, quality));
  }

  #open(make: (glue: Glue) => InstanceType<Glue["HashIndex"]>): HashIndex {
    const inner = this.#search(make) as GlueHashIndex;
    return new HashIndex(inner, this.hold(inner, "index"));
  }

  /** A step that the fuller module alone can take. */
  #search<T>(step: (glue: Glue) => T): T {
    if (!this.#isFull) {
      throw new OwnprintError("needs-full", "this module cannot search or read lists; load the fuller one: loadCore({ full: true })");
    }
    return this.call((glue) => step(glue as Glue));
  }
}

type ListRow = [algorithm: string, hex: string, quality: number | null, name: string | null, line: number];
