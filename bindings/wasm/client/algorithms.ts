/** The names of hash and digest algorithms. */

/**
 * Names of the perceptual hashes, with their default parameters. A name may carry other parameters,
 * for example `phash:16`; {@link Capabilities} lists what a module computes.
 */
export const HashAlgorithm = {
  PDQ: "pdq",
  PDQ_512: "pdq-512",
  PDQ_DIHEDRAL: "pdq-dihedral",
  PDQ_512_DIHEDRAL: "pdq-512-dihedral",
  AHASH: "ahash",
  DHASH: "dhash",
  DHASH_VERTICAL: "dhash-vertical",
  PHASH: "phash",
  PHASH_SIMPLE: "phash-simple",
  WHASH: "whash",
  COLORHASH: "colorhash",
  CROP_RESISTANT: "crop-resistant",
  IMG_HASH_MEAN: "img-hash-mean",
  IMG_HASH_GRADIENT: "img-hash-gradient",
  IMG_HASH_VERTICAL_GRADIENT: "img-hash-vertical-gradient",
  IMG_HASH_DOUBLE_GRADIENT: "img-hash-double-gradient",
  BLOCKHASH: "blockhash",
} as const;

type BaseName = (typeof HashAlgorithm)[keyof typeof HashAlgorithm];
type NameWithParameters = `${BaseName}:${string}`;

/** The name of a perceptual hash: one of the constants, or one with parameters (`phash:16`). */
export type HashAlgorithm = BaseName | NameWithParameters;

/** Values by the name of a perceptual hash. */
export type ByHashAlgorithm<Value> = Readonly<Partial<Record<BaseName, Value>>> &
  Readonly<Record<NameWithParameters, Value>>;

/** Names of the digests of a file's bytes. */
export const DigestAlgorithm = {
  MD5: "md5",
  SHA1: "sha1",
  SHA256: "sha256",
  SHA512: "sha512",
  BLAKE3: "blake3",
} as const;

/** The name of a digest. */
export type DigestAlgorithm = (typeof DigestAlgorithm)[keyof typeof DigestAlgorithm];
