/** The core that a worker uses: fingerprints and, with the full build, an index. */

import type { HashAlgorithm } from "./algorithms.js";
import { checkedBytes } from "./bytes.js";
import { invalidArgument, OwnprintError } from "./errors.js";
import { FingerprintCore } from "./fingerprint-core.js";
import type { Comparison, VariantHash, VariantHashes } from "./fingerprint-types.js";
import { glue, type Glue } from "./generated/glue-full.js";
import { HashIndex, type GlueHashIndex } from "./hash-index.js";
import { asQuality, asText } from "./options.js";
import { comparisonFrom, type ComparisonJson } from "./record-json.js";
import { VideoIndex, type GlueVideoIndex } from "./video-index.js";

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
   * Returns an empty index. It is in this core's memory until it is disposed of.
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
   * Returns an empty index of videos. It is in this core's memory until it is disposed of.
   *
   * @param quality the minimum quality of the frames that are stored; default: the core's, 50
   * @throws {@link OwnprintError} `needs-full` without the full build
   */
  videoIndex(quality?: number): VideoIndex {
    const lowest = asQuality(quality);
    return this.#openVideos((glue) => new glue.VideoIndex(lowest));
  }

  /**
   * Loads an index that {@link VideoIndex.save} or `ownprint index build` wrote. Videos are
   * numbered anew from 0, in the same order.
   *
   * @throws {@link OwnprintError} `invalid-index` if the bytes are truncated or altered, or are an
   *   index of hashes; `needs-full`
   */
  loadVideoIndex(bytes: ArrayBuffer | ArrayBufferView): VideoIndex {
    const file = checkedBytes(bytes);
    return this.#openVideos((glue) => glue.VideoIndex.load(file));
  }

  /**
   * Compares two hashes in hexadecimal digits, or the nearest hashes of sets of variants; the
   * result names the variants. Only the full build compares a second image that has a set. Two
   * images do not match if a quality is below 50.
   *
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`, `unknown-algorithm`,
   *   `needs-full` for a second set without the full build
   */
  override compare(
    a: string | VariantHashes,
    b: string | VariantHashes,
    algorithm: HashAlgorithm = "pdq",
  ): Comparison {
    if (typeof b === "string") {
      return super.compare(a, b, algorithm);
    }
    if (algorithm !== "pdq") {
      const name = asText("algorithm", algorithm);
      throw invalidArgument(`sets of variants have pdq hashes, not ${name}`);
    }
    const isSet = typeof a !== "string";
    const listed = linesOf(isSet ? a.hashes : [{ variant: "original", hash: a, quality: 100 }]);
    const query = linesOf(b.hashes);
    const text = this.full((glue) => glue.compareVariants(listed, query));
    const [comparison, [variant, queryVariant]] = JSON.parse(text) as ComparedVariants;
    return { ...comparisonFrom(comparison), ...(isSet && { variant }), queryVariant };
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
        "this module has no search, no records and no comparison of two sets of variants; load " +
          "the full build: loadCore({ full: true }), or the client option wasmFull",
      );
    }
    return this.call(step);
  }

  #open(make: (glue: Glue) => InstanceType<Glue["HashIndex"]>): HashIndex {
    const inner = this.full(make) as GlueHashIndex;
    return new HashIndex(inner, (object, what) => this.hold(object, what));
  }

  #openVideos(make: (glue: Glue) => InstanceType<Glue["VideoIndex"]>): VideoIndex {
    const inner = this.full(make) as GlueVideoIndex;
    return new VideoIndex(inner, (object, what) => this.hold(object, what));
  }
}

/** The comparison of two sets, and the names of the nearest variants. */
type ComparedVariants = readonly [ComparisonJson, readonly [string, string]];

/** Returns the hashes of a set as the module takes them: one on a line. */
function linesOf(hashes: readonly VariantHash[]): string {
  return hashes.map(({ variant, hash, quality }) => `${variant} ${hash} ${quality}`).join("\n");
}
