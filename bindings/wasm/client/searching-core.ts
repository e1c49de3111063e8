/** What a worker needs of a module: fingerprints, and with the full one an index. */

import { checkedBytes } from "./bytes.js";
import { FingerprintCore } from "./fingerprint-core.js";
import { glue, type Glue } from "./generated/glue-full.js";
import { HashIndex, type GlueHashIndex } from "./hash-index.js";
import { asText } from "./options.js";
import { OwnprintError } from "./types.js";

/** An instance of a module that can search hashes where it is the full one. */
export class SearchingCore extends FingerprintCore {
  /** Whether it is the full build. */
  readonly #isFull: boolean;

  /** @internal */
  constructor(module: WebAssembly.Module, decoders?: ReadonlyMap<string, WebAssembly.Module>) {
    super(module, glue, decoders);
    this.#isFull = WebAssembly.Module.exports(module).some(({ name }) => name === "exchangeLine");
  }

  /**
   * An empty index of hashes. It lives in this core's memory until it is freed.
   *
   * @param algorithm the stable name of the algorithm whose hashes it takes
   * @throws {@link OwnprintError} `unknown-algorithm`, `not-comparable` for hashes of over 1,024 bits, `needs-full` without the
   *   full build
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
   * A step that the full build alone can take.
   *
   * @internal
   */
  protected full<T>(step: (glue: Glue) => T): T {
    if (!this.#isFull) {
      throw new OwnprintError(
        "needs-full",
        "this module cannot search, and reads no records; load the full one: loadCore({ full: true }), or a client's wasmFull",
      );
    }
    return this.call(step);
  }

  #open(make: (glue: Glue) => InstanceType<Glue["HashIndex"]>): HashIndex {
    const inner = this.full(make) as GlueHashIndex;
    return new HashIndex(inner, (one, what) => this.hold(one, what));
  }
}
