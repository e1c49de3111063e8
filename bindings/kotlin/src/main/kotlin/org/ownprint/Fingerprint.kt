package org.ownprint

/**
 * Everything that was computed of one image or file.
 *
 * @property image the image, or nothing for a file that is no image this build decodes; such a file has digests only
 * @property hashes the perceptual hashes, in the capabilities's order
 * @property digests the digests of the file's bytes, in the capabilities's order; none for bare pixels
 * @property warnings what a person should know about this result
 * @property variants the hashes of the image's edited forms, where they were asked for
 */
public data class Fingerprint(
    val image: ImageInfo?,
    val hashes: List<PerceptualHash>,
    val digests: List<Digest>,
    val warnings: List<Warning>,
    val variants: VariantHashes? = null,
) {
    /** The hash under an algorithm's stable name, such as `pdq`; nothing where it was not computed. */
    public fun hash(algorithm: String): PerceptualHash? = hashes.find { it.algorithm == algorithm }

    /** The lower-case hexadecimal digits of a digest by its stable name, such as `sha256`; nothing where it was not computed. */
    public fun digest(algorithm: String): String? = digests.find { it.algorithm == algorithm }?.hex
}

/**
 * What is known of a decoded image.
 *
 * @property format the file format's stable name; nothing for bare pixels
 * @property width pixels a row, as hashed
 * @property height rows, as hashed
 * @property orientation the orientation that the file or the caller states, as EXIF numbers it: 1 to 8
 * @property storedWidth pixels a row, as stored
 * @property storedHeight rows, as stored
 * @property pixels which way round the pixels were hashed: `upright` or `stored`
 * @property damaged whether only part of the file could be decoded; always false unless damaged files were accepted
 * @property rgbMd5 MD5 of the hashed RGB bytes as 32 hexadecimal digits, where it was asked for
 * @property decoder who decoded the image
 * @property exact whether every device computes the same bits from this file: not so where the system decoded it, nor of lossy JPEG XL
 */
public data class ImageInfo(
    val format: String?,
    val width: Int,
    val height: Int,
    val orientation: Int,
    val storedWidth: Int,
    val storedHeight: Int,
    val pixels: String,
    val damaged: Boolean,
    val rgbMd5: String?,
    val decoder: Decoder,
    val exact: Boolean,
)

/** Who turned a file into pixels. */
public enum class Decoder {
    /** The decoders compiled into this library, the same everywhere; also said of bare pixels, which are taken as they are. */
    OWNPRINT,

    /** The operating system's, which differ between systems and their versions. */
    PLATFORM,
}

/**
 * An image's hash under one algorithm, with what makes it meaningful. Never send a PDQ hash without its quality.
 *
 * @property algorithm the algorithm's stable name
 * @property values the hashes in lower-case hexadecimal digits: one, eight of a dihedral set, or as many as the image has regions
 * @property quality how much the image has to recognise, 0 to 100, where the algorithm says it. Exchanges discard below 50.
 */
public data class PerceptualHash(val algorithm: String, val values: List<String>, val quality: Int?) {
    /** The hash in lower-case hexadecimal digits; of a set the first. Empty where the image has none. */
    public val hex: String get() = values.firstOrNull().orEmpty()
}

/**
 * The digest of a file's bytes. MD5 and SHA-1 find identical files, and prove nothing against a forger.
 *
 * @property algorithm the algorithm's stable name
 * @property hex lower-case hexadecimal digits
 */
public data class Digest(val algorithm: String, val hex: String)

/**
 * What a person should know about a result.
 *
 * @property code the stable name of this kind of warning, in kebab case
 * @property message a sentence
 */
public data class Warning(val code: String, val message: String)

/**
 * How far apart two hashes of one algorithm are.
 *
 * @property algorithm the algorithm both hashes come from
 * @property distance bits that differ
 * @property bits bits a hash
 * @property threshold the distance up to which two hashes are taken for the same image
 * @property isMatch whether the distance is within the threshold
 * @property verdict the distance in words
 * @property variant the name of the variant that was the nearest, where a set of them was compared
 */
public data class Comparison(
    val algorithm: String,
    val distance: Int,
    val bits: Int,
    val threshold: Int,
    val isMatch: Boolean,
    val verdict: String,
    val variant: String? = null,
)
