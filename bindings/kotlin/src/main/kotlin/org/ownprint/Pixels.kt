package org.ownprint

/**
 * The layout of an image in a buffer: rows from top to bottom.
 *
 * @property width pixels in a row
 * @property height number of rows
 * @property format the bytes of one pixel
 * @property stride bytes from the start of one row to the start of the next; `null` if the rows
 *   have no padding
 * @property orientation the orientation of the pixels
 */
public data class PixelLayout
@JvmOverloads
constructor(
    val width: Int,
    val height: Int,
    val format: Format,
    val stride: Int? = null,
    val orientation: ExifOrientation = ExifOrientation.NORMAL,
) {
    init {
        require(width >= 0 && height >= 0 && (stride ?: 0) >= 0) {
            "a width, height or stride is negative"
        }
    }

    /**
     * The bytes of one pixel, in memory order. Alpha is not composited: it is ignored, or divided
     * out where the colors are multiplied by it.
     */
    public enum class Format {
        /** Red, green, blue. */
        RGB8,

        /** Red, green, blue, alpha. */
        RGBA8,

        /** Blue, green, red, alpha. */
        BGRA8,

        /** One byte of luminance. */
        L8,

        /**
         * Red, green, blue, alpha, with colors multiplied by alpha: an Android bitmap with
         * `ARGB_8888`.
         *
         * Alpha is divided out before hashing. That does not recover every color: a pixel of alpha
         * `a` has only `a + 1` levels, and a transparent pixel is black.
         */
        RGBA8_PREMULTIPLIED,

        /** As [RGBA8_PREMULTIPLIED], in the order blue, green, red, alpha. */
        BGRA8_PREMULTIPLIED,
    }
}

/**
 * How stored pixels must be rotated or mirrored for display.
 *
 * @property exif the value of the EXIF tag 0x0112, 1 to 8
 */
public enum class ExifOrientation(public val exif: Int) {
    /** Neither rotated nor mirrored. */
    NORMAL(1),

    /** Mirrored left to right. */
    MIRRORED(2),

    /** Rotated by 180 degrees. */
    ROTATED_180(3),

    /** Mirrored top to bottom. */
    MIRRORED_ROTATED_180(4),

    /** Mirrored across the diagonal from the top left. */
    TRANSPOSED(5),

    /** To be rotated clockwise by 90 degrees. */
    ROTATED_90(6),

    /** Mirrored across the diagonal from the top right. */
    TRANSVERSED(7),

    /** To be rotated clockwise by 270 degrees. */
    ROTATED_270(8);

    public companion object {
        /** Returns the orientation of an EXIF value; `null` for values other than 1 to 8. */
        @JvmStatic public fun ofExif(value: Int): ExifOrientation? = entries.getOrNull(value - 1)
    }
}
