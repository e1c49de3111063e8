/** What a client compares. */

import type { HashAlgorithm } from "./algorithms.js";
import { OwnprintError } from "./errors.js";
import type { Fingerprint, VariantHashes, VariantSetName } from "./fingerprint-types.js";

/** A hash in hexadecimal digits, or a fingerprint of an image. */
export type Comparable = string | Pick<Fingerprint, "image">;

/** Returns the set of variants of a side, if `algorithm` is that of its hashes. */
export function variantsOf(side: Comparable, algorithm: HashAlgorithm): VariantHashes | undefined {
  return typeof side === "string" || algorithm !== "pdq" ? undefined : side.image?.variants;
}

/** The sets of images that are looked up. */
const QUERY_SETS: readonly (VariantSetName | undefined)[] = ["query", "query-wide"];

/**
 * Returns the set of an image that is looked up. Another set of the second side is not compared: it
 * would need the full build, and the edits of both sides are more than one edit apart.
 */
export function queryOf(side: Comparable, algorithm: HashAlgorithm): VariantHashes | undefined {
  const variants = variantsOf(side, algorithm);
  return QUERY_SETS.includes(variants?.set) ? variants : undefined;
}

/** Returns the only hash of a side. */
export function hashOf(side: Comparable, algorithm: HashAlgorithm): string {
  if (typeof side === "string") {
    return side;
  }
  const [hash, ...others] = side.image?.hashes[algorithm]?.values ?? [];
  if (hash === undefined || others.length > 0) {
    throw new OwnprintError(
      "not-comparable",
      `these hashes cannot be compared: a fingerprint has no single ${algorithm} hash`,
    );
  }
  return hash;
}
