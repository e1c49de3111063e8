/** Selects the hashes that are handed in: those that services compare, and nothing else. */

import type { Fingerprint } from "ownprint/inline";

import type { FileHashes } from "./types";

/** Below this quality, exchanges do not accept a PDQ hash. */
const MIN_QUALITY = 50;

/**
 * Returns the hashes of a file, or `undefined` if it has none that services accept. The digests of
 * an image are left out: they find only exact copies, and the owner of a copy could recognise them.
 */
export function hashesOf(
  { image, video, digests }: Fingerprint,
  kind: "image" | "video",
): FileHashes | undefined {
  if (kind === "video") {
    if (digests.md5 === undefined) return undefined;
    const vpdq = (video?.vpdq ?? [])
      .filter(({ quality }) => quality >= MIN_QUALITY)
      .map(({ frame, quality, hash, seconds }) => ({ frame, quality, hex: hash, seconds }));
    return { kind, md5: digests.md5, ...(vpdq.length > 0 && { vpdq }) };
  }
  const pdq = image?.pdq;
  if (!pdq || pdq.quality < MIN_QUALITY) return undefined;
  const variants = (image.variants?.hashes ?? [])
    .filter(({ quality }) => quality >= MIN_QUALITY)
    .map(({ variant, hash, quality }) => ({ variant, hex: hash, quality }));
  return {
    kind,
    pdq: { hex: pdq.hash, quality: pdq.quality },
    ...(variants.length > 0 && { variants }),
  };
}
