/** One fingerprint of two parts: a file's digests, and the hashes of its picture, which was decoded elsewhere. */

import { isNotice } from "./errors.js";
import type { Fingerprint } from "./types.js";

/** What whoever decoded the picture knows of it. */
export type KnownPicture = Pick<Fingerprint, "format" | "damaged" | "warnings" | "decoder" | "exact">;

/** What is known of a file whose format the module cannot decode: it refuses such a file when no digest was asked for. */
export function fileAlone(finish: () => Fingerprint): Fingerprint {
  try {
    return finish();
  } catch (error) {
    if (isNotice(error, "unsupported-format")) {
      return { schema: 1, hashes: {}, digests: {}, warnings: [error] };
    }
    throw error;
  }
}

/** `hashed` is what the picture's pixels gave. */
export function withPicture(file: Fingerprint, known: KnownPicture, hashed: Fingerprint): Fingerprint {
  const { format = null, damaged, decoder, exact } = known;
  const supported = file.warnings.filter((warning) => !isNotice(warning, "unsupported-format"));
  return {
    ...hashed,
    format,
    ...(damaged !== undefined && { damaged }),
    digests: file.digests,
    warnings: [...supported, ...known.warnings, ...hashed.warnings],
    ...(decoder !== undefined && { decoder }),
    ...(exact !== undefined && { exact }),
  };
}
