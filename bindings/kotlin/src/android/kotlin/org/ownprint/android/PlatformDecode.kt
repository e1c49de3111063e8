package org.ownprint.android

import android.content.ContentResolver
import android.content.res.AssetFileDescriptor
import android.graphics.Bitmap
import android.graphics.ImageDecoder
import android.net.Uri
import android.os.Build
import java.io.IOException
import java.nio.ByteBuffer
import org.ownprint.Limits
import org.ownprint.Options
import org.ownprint.OwnprintException
import org.ownprint.PixelLayout
import org.ownprint.checkFileBytes
import org.ownprint.checkSize
import org.ownprint.showAll
import org.ownprint.wipe

/** An image as Android's own decoder gives it. */
internal class PlatformImage(val bitmap: Bitmap, val format: String)

/**
 * Decodes an image by Android's own decoder, upright, in software, into a bitmap that is the caller's to erase.
 *
 * The numbers in the file are wanted, not colours for a screen. So no colour space is asked for, which leaves an image in its
 * own where that is an RGB one, and alpha is not multiplied in. What Android does beyond that (images of more than 8 bits)
 * cannot be turned off: results of this say that they are not exact.
 */
internal fun platformDecode(resolver: ContentResolver, uri: Uri, options: Options): PlatformImage {
    if (options.stored) {
        throw OwnprintException("unsupported-feature", "Android gives such images upright only; ask for upright pixels")
    }
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) throw cannotDecode(null)
    val length = (resolver.openAssetFileDescriptor(uri, "r") ?: throw nothingThere()).use { it.length }
    if (length != AssetFileDescriptor.UNKNOWN_LENGTH) checkFileBytes(length, options.limits)
    var format = ""
    val bitmap = try {
        ImageDecoder.decodeBitmap(ImageDecoder.createSource(resolver, uri)) { decoder, info, _ ->
            format = formatName(info.mimeType)
            // Before Android takes memory for it.
            checkSize(info.size.width, info.size.height, options.limits)
            decoder.allocator = ImageDecoder.ALLOCATOR_SOFTWARE
            decoder.isUnpremultipliedRequired = true
            decoder.isMutableRequired = true
        }
    } catch (error: IOException) {
        throw cannotDecode(error)
    }
    return PlatformImage(bitmap, format)
}

/** The capabilities's name for a media type: they differ for HEIC alone, which Android calls by its container's name. */
private fun formatName(mimeType: String): String = when (val name = mimeType.substringAfter('/')) {
    "heif" -> "heic"
    else -> name
}

private fun cannotDecode(cause: Throwable?) = OwnprintException(
    UNSUPPORTED,
    "this phone cannot decode such images; save or share the image as JPEG and use that file",
    cause,
)

/** Copies a bitmap's pixels, if they are within the limits, into a direct buffer, which is overwritten with zeros afterwards. */
internal inline fun <T> withPixels(bitmap: Bitmap, limits: Limits?, work: (ByteBuffer, PixelLayout) -> T): T {
    checkSize(bitmap.width, bitmap.height, limits)
    // A bitmap in the graphics processor's memory, or of another depth, gives its pixels to a copy only.
    val plain = if (bitmap.config == Bitmap.Config.ARGB_8888) bitmap else bitmap.copy(Bitmap.Config.ARGB_8888, true)
    val pixels = ByteBuffer.allocateDirect(plain.rowBytes * plain.height)
    try {
        // `ARGB_8888` lies in memory as red, green, blue, alpha.
        plain.copyPixelsToBuffer(pixels)
        pixels.showAll()
        return work(pixels, PixelLayout(plain.width, plain.height, "rgba8", stride = plain.rowBytes))
    } finally {
        pixels.wipe()
        if (plain !== bitmap) {
            plain.eraseColor(0)
            plain.recycle()
        }
    }
}
