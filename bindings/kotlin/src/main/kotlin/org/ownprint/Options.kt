package org.ownprint

/**
 * What to compute, and over what. What is skipped keeps the core's default.
 *
 * @property algorithms hashes and digests by their stable names ([Ownprint.capabilities] lists them); `all` is every one
 * @property digestsOnly computes no hash, whatever was chosen: for files of any kind and length
 * @property stored hashes pixels the way the file stores them, not upright
 * @property acceptDamaged hashes damaged files as far as they can be decoded, with a warning, instead of refusing them
 * @property rgbMd5 adds the MD5 of the hashed RGB bytes, which tells a decoder's difference from a hash's
 * @property limits what an image may ask for
 * @property variants the `pdq` hashes of the image's likely edits too: the name of a set (`compact` has 8 hashes, `standard` 16,
 *   `wide` 32), or the names of variants (`mirror`, `crop:4`)
 */
public data class Options @JvmOverloads constructor(
    val algorithms: List<String>? = null,
    val digestsOnly: Boolean = false,
    val stored: Boolean = false,
    val acceptDamaged: Boolean = false,
    val rgbMd5: Boolean = false,
    val limits: Limits? = null,
    val variants: List<String>? = null,
)

/**
 * Bounds on an image, 0 or more, checked before anything is allocated for it. What is skipped keeps the core's default.
 *
 * @property fileBytes length of the encoded file in bytes
 * @property width width in pixels, as stored
 * @property height height in pixels, as stored
 * @property pixels width times height
 * @property memory bytes of decoded samples
 * @property expansion the same for each byte of the file, beyond the first 64 MiB
 */
public data class Limits @JvmOverloads constructor(
    val fileBytes: Long? = null,
    val width: Int? = null,
    val height: Int? = null,
    val pixels: Long? = null,
    val memory: Long? = null,
    val expansion: Int? = null,
) {
    init {
        val bounds = listOfNotNull(fileBytes, width?.toLong(), height?.toLong(), pixels, memory, expansion?.toLong())
        require(bounds.all { it >= 0 }) { "a limit is below 0" }
    }
}

/**
 * How pixels lie in a buffer.
 *
 * @property width pixels a row
 * @property height rows
 * @property format the bytes of one pixel: `rgb8`, `rgba8`, `bgra8` or `l8`
 * @property stride bytes from the start of one row to that of the next; nothing where rows follow one another
 * @property orientation the orientation that the pixels are in, as EXIF numbers it: 1 to 8, where 1 is upright
 */
public data class PixelLayout @JvmOverloads constructor(
    val width: Int,
    val height: Int,
    val format: String,
    val stride: Int? = null,
    val orientation: Int = 1,
) {
    init {
        require(width >= 0 && height >= 0 && (stride ?: 0) >= 0) { "a width, height or stride is below 0" }
        require(orientation in 0..UShort.MAX_VALUE.toInt()) { "an orientation is 1 to 8" }
    }
}
