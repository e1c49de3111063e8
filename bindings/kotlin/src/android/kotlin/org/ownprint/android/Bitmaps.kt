package org.ownprint.android

import android.graphics.Bitmap
import java.nio.ByteBuffer
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.ownprint.Fingerprint
import org.ownprint.Fingerprinter
import org.ownprint.Limits
import org.ownprint.OwnprintException
import org.ownprint.PixelLayout
import org.ownprint.checkSize
import org.ownprint.selectAll
import org.ownprint.wipe

/**
 * Fingerprints the pixels of a bitmap. There are no digests, because there is no file.
 *
 * The system decoded the bitmap, and may have scaled it, so the original file may have another
 * fingerprint. Fingerprint the file if there is one. The pixels are copied once, and the copy is
 * overwritten with zeros. Hardware bitmaps and configurations other than `ARGB_8888` are converted
 * first.
 *
 * @throws OwnprintException `limit-exceeded`
 */
public suspend fun Fingerprinter.fingerprint(bitmap: Bitmap): Fingerprint =
    withContext(Dispatchers.Default) {
        withPixels(bitmap, options.limits) { pixels, layout -> fingerprintPixels(pixels, layout) }
    }

/** Copies the pixels of a bitmap to a direct buffer, which is overwritten with zeros afterwards. */
private inline fun <T> withPixels(
    bitmap: Bitmap,
    limits: Limits?,
    work: (ByteBuffer, PixelLayout) -> T,
): T {
    checkSize(bitmap.width, bitmap.height, limits)
    val isPlain = bitmap.config == Bitmap.Config.ARGB_8888
    val plain = if (isPlain) bitmap else bitmap.copy(Bitmap.Config.ARGB_8888, true)
    val pixels = ByteBuffer.allocateDirect(plain.rowBytes * plain.height)
    try {
        // `ARGB_8888` is red, green, blue, alpha in memory.
        plain.copyPixelsToBuffer(pixels)
        pixels.selectAll()
        val layout =
            PixelLayout(plain.width, plain.height, PixelLayout.Format.RGBA8, plain.rowBytes)
        return work(pixels, layout)
    } finally {
        pixels.wipe()
        if (plain !== bitmap) {
            plain.eraseColor(0)
            plain.recycle()
        }
    }
}
