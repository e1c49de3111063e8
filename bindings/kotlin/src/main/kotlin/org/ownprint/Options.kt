package org.ownprint

/**
 * What to compute. A property that is `null` keeps the core's default; [Ownprint.defaultOptions]
 * returns those defaults.
 *
 * @property hashes the perceptual hashes of images to compute; with an empty list no image is
 *   decoded
 * @property digests the digests to compute
 * @property variants the variants of the image whose PDQ hashes are computed too; `null` for none
 * @property orientation whether the EXIF orientation is applied before hashing
 * @property acceptDamaged hashes the part of a damaged file that can be decoded, with a warning
 * @property rgbMd5 adds the MD5 of the hashed RGB bytes, which tells whether two decoders or two
 *   hash implementations differ
 * @property limits the limits on images
 * @property vpdq whether the frames of videos are hashed; `null` for the core's default if [hashes]
 *   is `null`, otherwise for `false`. A library without a video decoder reports the warning
 *   `unsupported-video`
 */
public data class Options
@JvmOverloads
constructor(
    val hashes: List<HashAlgorithm>? = null,
    val digests: List<DigestAlgorithm>? = null,
    val variants: VariantSet? = null,
    val orientation: Orientation? = null,
    val acceptDamaged: Boolean = false,
    val rgbMd5: Boolean = false,
    val limits: Limits? = null,
    val vpdq: Boolean? = null,
)

/** Whether the EXIF orientation is applied to the pixels before they are hashed. */
public enum class Orientation {
    /** Apply it: hash what a viewer shows. */
    APPLY,

    /** Ignore it: hash the pixels as the file stores them. */
    IGNORE,
}

/**
 * Limits on an image, 0 or more, checked before memory is allocated for it. A limit that is `null`
 * keeps the core's default; [Ownprint.defaultOptions] returns those defaults.
 *
 * @property fileBytes length of the encoded file in bytes
 * @property width width in pixels, as stored
 * @property height height in pixels, as stored
 * @property pixels width times height
 * @property memory bytes of decoded samples
 * @property expansion bytes of RGB for each byte of the file, if an image has more than 60
 *   megapixels
 */
public data class Limits
@JvmOverloads
constructor(
    val fileBytes: Long? = null,
    val width: Int? = null,
    val height: Int? = null,
    val pixels: Long? = null,
    val memory: Long? = null,
    val expansion: Int? = null,
) {
    init {
        val limits =
            listOfNotNull(
                fileBytes,
                width?.toLong(),
                height?.toLong(),
                pixels,
                memory,
                expansion?.toLong(),
            )
        require(limits.all { it >= 0 }) { "a limit is negative" }
    }
}
