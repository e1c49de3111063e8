/** Combines a file's digests with the hashes of its image, which another decoder decoded. */

import type { Fingerprint, ImageFingerprint } from "./fingerprint-types.js";

/** What the other decoder reports of an image. */
export interface ImageDescription extends Pick<
  Fingerprint,
  "warnings" | "decoder" | "deterministic"
> {
  readonly image?: Pick<ImageFingerprint, "format" | "damaged">;
}

/**
 * @param file the fingerprint of the file: its digests, and the error of the missing decoder
 * @param description what the other decoder reports of the image
 * @param hashed the fingerprint of the decoded pixels
 */
export function mergeImage(
  file: Fingerprint,
  description: ImageDescription,
  hashed: Fingerprint,
): Fingerprint {
  const { error: _, warnings, ...rest } = file;
  const { image, decoder, deterministic } = description;
  const { format = null, damaged = false } = image ?? {};
  return {
    ...rest,
    ...(hashed.image && { image: { ...hashed.image, format, damaged } }),
    warnings: [...warnings, ...description.warnings, ...hashed.warnings],
    ...(decoder !== undefined && { decoder }),
    deterministic,
  };
}
