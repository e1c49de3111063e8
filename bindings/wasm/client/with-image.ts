/** One fingerprint of two parts: a file's digests, and the hashes of its image, which was decoded elsewhere. */

import { isDiagnostic } from "./errors.js";
import { OwnprintError } from "./types.js";
import type { Fingerprint } from "./types.js";

/** What whoever decoded the image knows of it. */
export type KnownImage = Pick<Fingerprint, "format" | "damaged" | "warnings" | "decoder" | "exact">;

/** What videos that no module can decode are told of by. */
export const UNDECODED_VIDEO: readonly string[] = ["unsupported-video", "not-an-image"];

/** What is known of a file whose format the module cannot decode: it refuses such a file when no digest was asked for. */
export function fileAlone(finish: () => Fingerprint, codes: readonly string[] = ["unsupported-format"]): Fingerprint {
  try {
    return finish();
  } catch (error) {
    if (error instanceof OwnprintError && codes.includes(error.code)) {
      return { schema: 1, hashes: {}, digests: {}, warnings: [{ code: error.code, message: error.message }] };
    }
    throw error;
  }
}

/** `hashed` is what the image's pixels gave. */
export function withImage(file: Fingerprint, known: KnownImage, hashed: Fingerprint): Fingerprint {
  const { format = null, damaged, decoder, exact } = known;
  const supported = file.warnings.filter((warning) => !isDiagnostic(warning, "unsupported-format"));
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
