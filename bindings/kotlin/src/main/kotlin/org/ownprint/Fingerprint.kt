package org.ownprint

/**
 * The hashes and digests of one file or image.
 *
 * Digests do not depend on decoding: a file that cannot be decoded has its digests, and [error] or
 * a warning says why [image] is `null`.
 *
 * @property image the image and its hashes; `null` if the file was not decoded
 * @property digests the digests of the file's bytes, in the order of [Capabilities.digests]; none
 *   for pixels
 * @property warnings the warnings about this result. A file that is not an image has the warning
 *   `not-an-image`
 * @property error why requested hashes are missing: the file is damaged, truncated, or exceeds a
 *   limit; `null` if nothing is missing, or if a warning gives the reason
 * @property video the video and the hashes of its frames; `null` for another file, and in a library
 *   that does not decode it
 * @property decoderRevision the revision of the decoder of this library that made the pixels of the
 *   image or video; `null` for pixels and for the decoder of the system. Two results of one file
 *   with the same revision have the same hashes
 */
public data class Fingerprint
@JvmOverloads
constructor(
    val image: ImageFingerprint?,
    val digests: List<Digest>,
    val warnings: List<Diagnostic>,
    val error: Diagnostic?,
    val video: VideoFingerprint? = null,
    val decoderRevision: Int? = null,
) {
    /** Returns the hash of one algorithm; `null` if it was not computed. */
    public fun hash(algorithm: HashAlgorithm): PerceptualHash? = image?.hash(algorithm)

    /** Returns the digest of one algorithm; `null` if it was not computed. */
    public fun digest(algorithm: DigestAlgorithm): Digest? =
        digests.find { it.algorithm == algorithm }
}

/**
 * An image and its hashes.
 *
 * @property info the properties of the image
 * @property hashes the perceptual hashes, in the order of [Capabilities.hashes]
 * @property variants the hashes of the image's variants, if requested
 */
public data class ImageFingerprint(
    val info: ImageInfo,
    val hashes: List<PerceptualHash>,
    val variants: VariantHashes?,
) {
    /** The PDQ hash and its quality; `null` if it was not requested. */
    public val pdq: PdqHash?
        get() = hash(HashAlgorithm.PDQ)?.let { hash -> hash.quality?.let { PdqHash(hash.hex, it) } }

    /** Returns the hash of one algorithm; `null` if it was not requested. */
    public fun hash(algorithm: HashAlgorithm): PerceptualHash? =
        hashes.find { it.algorithm == algorithm }
}

/**
 * A PDQ hash and its quality. Always send both: exchanges discard hashes below 50.
 *
 * @property hex the hash in 64 lowercase hexadecimal digits
 * @property quality PDQ's measure of how much detail the image has, 0 to 100
 */
public data class PdqHash(val hex: String, val quality: Int)

/**
 * The properties of a decoded image.
 *
 * @property format the stable name of the file format; `null` for pixels
 * @property width pixels in a row, as hashed
 * @property height number of rows, as hashed
 * @property orientation the orientation that the file or the caller states
 * @property storedWidth pixels in a row, as stored
 * @property storedHeight number of rows, as stored
 * @property orientationApplied whether the orientation was applied before hashing
 * @property damaged whether only part of the file could be decoded; always false unless
 *   [Options.acceptDamaged] is set
 * @property rgbMd5 MD5 of the hashed RGB bytes in 32 hexadecimal digits, if requested
 * @property decoder which decoder made the pixels
 * @property deterministic whether every device computes the same bits from this file. False for an
 *   image that the system decoded, and for lossy JPEG XL
 */
public data class ImageInfo(
    val format: String?,
    val width: Int,
    val height: Int,
    val orientation: ExifOrientation,
    val storedWidth: Int,
    val storedHeight: Int,
    val orientationApplied: Boolean,
    val damaged: Boolean,
    val rgbMd5: String?,
    val decoder: Decoder,
    val deterministic: Boolean,
)

/** Which decoder turned a file into pixels. */
public enum class Decoder {
    /**
     * The decoders compiled into this library, the same on every device. Also stated for pixels.
     */
    OWNPRINT,

    /**
     * The decoder of the operating system or browser, which differs between systems and versions.
     */
    PLATFORM,
}

/**
 * The hash of an image under one algorithm.
 *
 * @property algorithm the algorithm
 * @property values the hashes in lowercase hexadecimal digits: one, eight of a dihedral set, or one
 *   for each region of the image
 * @property quality the quality of the image, 0 to 100, for algorithms that compute it
 */
public data class PerceptualHash(
    val algorithm: HashAlgorithm,
    val values: List<String>,
    val quality: Int?,
) {
    /** The first hash of [values]. Empty if there is none. */
    public val hex: String
        get() = values.firstOrNull().orEmpty()
}

/**
 * The digest of a file's bytes.
 *
 * @property algorithm the algorithm
 * @property hex the digest in lowercase hexadecimal digits
 */
public data class Digest(val algorithm: DigestAlgorithm, val hex: String)

/**
 * A warning or an error.
 *
 * @property code the stable code, in kebab case; [OwnprintException.code] has the same codes
 * @property message a sentence for people; empty for warnings that were read from CSV
 */
public data class Diagnostic(val code: String, val message: String)

/**
 * The distance between two hashes of one algorithm.
 *
 * @property algorithm the algorithm of both hashes
 * @property distance number of bits that differ
 * @property bits bits in one hash
 * @property threshold the largest distance of two hashes that match
 * @property isMatch whether the distance is within the threshold
 * @property variant the name of the nearest variant, if a set of variants was compared
 */
public data class Comparison(
    val algorithm: HashAlgorithm,
    val distance: Int,
    val bits: Int,
    val threshold: Int,
    val isMatch: Boolean,
    val variant: String? = null,
)
