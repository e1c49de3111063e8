package org.ownprint.android

import android.graphics.Bitmap
import java.nio.ByteBuffer
import kotlinx.coroutines.Dispatchers
import org.ownprint.Fingerprint
import org.ownprint.Fingerprinter
import org.ownprint.OwnprintException
import org.ownprint.PixelLayout
import org.ownprint.cancellable
import org.ownprint.checkSize
import org.ownprint.ffi.CancelToken
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
 * Android multiplies the colors of a bitmap with alpha by it. They are divided by alpha again,
 * which does not recover every color: a pixel of alpha `a` has only `a + 1` levels, and a
 * transparent pixel is black. The hash of such a bitmap differs by a few bits from that of its
 * file. Decode with `inPremultiplied = false` or `isUnpremultipliedRequired = true` to keep the
 * colors.
 *
 * The bitmap must not be changed or recycled during the call.
 *
 * @throws OwnprintException `invalid-pixels` for a bitmap that was recycled, that cannot be
 *   converted, or that has no colors (`ALPHA_8`); `limit-exceeded`
 */
public suspend fun Fingerprinter.fingerprint(bitmap: Bitmap): Fingerprint =
    cancellable(Dispatchers.Default) { token -> ofBitmap(bitmap, token) }

/** [fingerprint] of a bitmap, in a call that has a token. */
internal fun Fingerprinter.ofBitmap(bitmap: Bitmap, token: CancelToken): Fingerprint {
    checkOpen()
    // Reading the pixels of a recycled bitmap ends the process.
    if (bitmap.isRecycled) throw invalidBitmap("was recycled; fingerprint it before that")
    checkSize(bitmap.width, bitmap.height, options.limits)
    if (bitmap.config == Bitmap.Config.ARGB_8888) return ofPlainBitmap(bitmap, token)
    if (bitmap.config == Bitmap.Config.ALPHA_8)
        throw invalidBitmap("has no colors; pass its bytes as pixels of the format L8")
    // Android has no memory for the copy, or no conversion.
    val plain =
        bitmap.copy(Bitmap.Config.ARGB_8888, true)
            ?: throw invalidBitmap("cannot be converted to ARGB_8888; draw it on such a bitmap")
    try {
        return ofPlainBitmap(plain, token)
    } finally {
        plain.erase()
    }
}

/** Overwrites the pixels of a mutable bitmap that nobody else uses, and releases it. */
internal fun Bitmap.erase() {
    eraseColor(0)
    recycle()
}

/** Fingerprints a bitmap with `ARGB_8888`: red, green, blue, alpha in memory. */
private fun Fingerprinter.ofPlainBitmap(bitmap: Bitmap, token: CancelToken): Fingerprint {
    val pixels = ByteBuffer.allocateDirect(bitmap.byteCount)
    try {
        bitmap.copyPixelsToBuffer(pixels)
        pixels.selectAll()
        // False for an opaque bitmap.
        val format =
            if (bitmap.isPremultiplied) PixelLayout.Format.RGBA8_PREMULTIPLIED
            else PixelLayout.Format.RGBA8
        return ofPixels(
            pixels,
            PixelLayout(bitmap.width, bitmap.height, format, bitmap.rowBytes),
            token,
        )
    } finally {
        pixels.wipe()
    }
}

private fun invalidBitmap(detail: String) =
    OwnprintException("invalid-pixels", "the bitmap $detail")
