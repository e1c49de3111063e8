/** The core that a worker uses: fingerprints and, with the full build, an index. */

import type { HashAlgorithm } from "./algorithms.js";
import { checkedBytes } from "./bytes.js";
import { OwnprintError } from "./errors.js";
import { FingerprintCore } from "./fingerprint-core.js";
import { glue, type Glue } from "./generated/glue-full.js";
import { HashIndex, type GlueHashIndex } from "./hash-index.js";
import { asText } from "./options.js";

/** An instance of a module; the full build can also search. */
export class SearchingCore extends FingerprintCore {
  /** Whether the module is the full build. */
  readonly #isFull: boolean;

  /** @internal */
  constructor(module: WebAssembly.Module, decoders?: ReadonlyMap<string, WebAssembly.Module>) {
    super(module, glue, decoders);
    this.#isFull = WebAssembly.Module.exports(module).some(({ name }) => name === "exchangeLine");
  }

  /**
   * Returns an empty index. It is in this core's memory until it is freed.
   *
   * @throws {@link OwnprintError} `unknown-algorithm`, `not-comparable` for hashes of more than
   *   1,024 bits, `needs-full` without the full build
   */
  index(algorithm: HashAlgorithm = "pdq"): HashIndex {
    const name = asText("algorithm", algorithm);
    return this.#open((glue) => new glue.HashIndex(name));
  }

  /**
   * Loads an index that {@link HashIndex.save} or `ownprint index build` wrote. Entries are
   * numbered anew from 0, in the same order.
   *
   * @throws {@link OwnprintError} `invalid-index` if the bytes are truncated or altered,
   *   `unknown-algorithm`, `needs-full`
   */
  loadIndex(bytes: ArrayBuffer | ArrayBufferView): HashIndex {
    const file = checkedBytes(bytes);
    return this.#open((glue) => glue.HashIndex.load(file));
  }

  /**
   * Calls a function that only the full build has.
   *
   * @internal
   */
  protected full<T>(step: (glue: Glue) => T): T {
    if (!this.#isFull) {
      throw new OwnprintError(
        "needs-full",
        "this module has no search and no records; load the full build: " +
          "loadCore({ full: true }), or the client option wasmFull",
      );
    }
    return this.call(step);
  }

  #open(make: (glue: Glue) => InstanceType<Glue["HashIndex"]>): HashIndex {
    const inner = this.full(make) as GlueHashIndex;
    return new HashIndex(inner, (object, what) => this.hold(object, what));
  }
}
