/** Combines a file's digests with hashes of pixels that another decoder decoded. */

import type { Fingerprint, ImageFingerprint } from "./fingerprint-types.js";

/** Codes of images that no loaded module decodes. */
export const UNDECODED_IMAGE: readonly string[] = ["unsupported-format"];

/** Codes of videos that no module decodes. */
export const UNDECODED_VIDEO: readonly string[] = [
  "unsupported-video",
  "not-a-video",
  "not-an-image",
];

/** What the other decoder reports of an image. */
export interface ImageDescription extends Pick<
  Fingerprint,
  "warnings" | "decoder" | "deterministic"
> {
  readonly image?: Pick<ImageFingerprint, "format" | "damaged">;
}

/** Returns `true` if a file has an error or a warning with one of these codes. */
export function isUndecoded({ error, warnings }: Fingerprint, codes: readonly string[]): boolean {
  return [error, ...warnings].some((it) => it !== undefined && codes.includes(it.code));
}

/** Returns a fingerprint without the errors and warnings that the other decoder makes obsolete. */
export function withoutCodes(
  { error, warnings, ...rest }: Fingerprint,
  codes: readonly string[],
): Fingerprint {
  const isKept = ({ code }: { readonly code: string }): boolean => !codes.includes(code);
  return {
    ...rest,
    ...(error && isKept(error) && { error }),
    warnings: warnings.filter(isKept),
  };
}

/**
 * Returns the fingerprint of a file with the hashes of its image.
 *
 * @param file the fingerprint of the file, whose image was not decoded
 * @param description what the other decoder reports of the image
 * @param hashed the fingerprint of the decoded pixels
 */
export function mergeImage(
  file: Fingerprint,
  description: ImageDescription,
  hashed: Fingerprint,
): Fingerprint {
  const { warnings, ...rest } = withoutCodes(file, UNDECODED_IMAGE);
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
