/** The Hamming distance of two hashes, which needs no module. */

import { OwnprintError } from "./errors.js";
import { asText } from "./options.js";

/**
 * Returns the number of bits that differ between two hashes in hexadecimal digits. The core has the
 * same function, and tests compare them.
 *
 * @throws {@link OwnprintError} `invalid-hash`, `not-comparable` if their lengths differ
 */
export function distance(a: string, b: string): number {
  const [first, second] = [checked(asText("a", a)), checked(asText("b", b))];
  if (first.length !== second.length) {
    throw new OwnprintError(
      "not-comparable",
      `these hashes cannot be compared: ${first.length * 4} and ${second.length * 4} bits`,
    );
  }
  let bits = 0;
  // Eight digits are 32 bits, on which JavaScript's operators work.
  for (let at = 0; at < first.length; at += 8) {
    bits += ones(word(first, at) ^ word(second, at));
  }
  return bits;
}

function checked(hash: string): string {
  if (hash.length === 0 || hash.length % 2 !== 0) {
    throw new OwnprintError(
      "invalid-hash",
      `invalid hash: expected an even number of hexadecimal digits, found ${hash.length} characters`,
    );
  }
  if (!/^[0-9a-f]*$/i.test(hash)) {
    throw new OwnprintError("invalid-hash", "invalid hash: only hexadecimal digits are allowed");
  }
  return hash;
}

function word(digits: string, at: number): number {
  return Number.parseInt(digits.slice(at, at + 8), 16);
}

function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
