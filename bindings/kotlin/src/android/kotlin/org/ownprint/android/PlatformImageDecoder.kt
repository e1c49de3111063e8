package org.ownprint.android

import android.content.ContentResolver
import android.content.res.AssetFileDescriptor
import android.graphics.Bitmap
import android.graphics.ImageDecoder
import android.net.Uri
import android.os.Build
import java.io.IOException
import org.ownprint.Options
import org.ownprint.Orientation
import org.ownprint.OwnprintException
import org.ownprint.checkFileBytes
import org.ownprint.checkSize

/** An image that Android's decoder decoded. */
internal class PlatformImage(val bitmap: Bitmap, val format: String)

/**
 * Decodes an image with Android's decoder in software, with the orientation applied. The caller
 * erases the bitmap.
 *
 * No color space is requested, so an image in an RGB color space keeps its values, and alpha is not
 * premultiplied. Android converts images of more than 8 bits, which cannot be turned off: results
 * of this decoder are not deterministic.
 *
 * @throws OwnprintException `unsupported-format`, `unsupported-feature`, `limit-exceeded`
 * @throws IOException if the content cannot be opened
 */
internal fun platformDecode(resolver: ContentResolver, uri: Uri, options: Options): PlatformImage {
    if (options.orientation == Orientation.IGNORE) {
        val message = "Android always applies the orientation of such images; use Orientation.APPLY"
        throw OwnprintException("unsupported-feature", message)
    }
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) throw cannotDecodeImage(null)
    val length = (resolver.openAssetFileDescriptor(uri, "r") ?: throw noContent()).use { it.length }
    if (length != AssetFileDescriptor.UNKNOWN_LENGTH) checkFileBytes(length, options.limits)
    var format = ""
    val bitmap =
        try {
            ImageDecoder.decodeBitmap(ImageDecoder.createSource(resolver, uri)) { decoder, info, _
                ->
                format = formatName(info.mimeType)
                // Before Android allocates memory for the pixels.
                checkSize(info.size.width, info.size.height, options.limits)
                decoder.allocator = ImageDecoder.ALLOCATOR_SOFTWARE
                decoder.isUnpremultipliedRequired = true
                decoder.isMutableRequired = true
            }
        } catch (error: IOException) {
            throw cannotDecodeImage(error)
        }
    return PlatformImage(bitmap, format)
}

/** Returns the format's stable name for a media type. Android names HEIC after its container. */
private fun formatName(mimeType: String): String =
    when (val name = mimeType.substringAfter('/')) {
        "heif" -> "heic"
        else -> name
    }

private fun cannotDecodeImage(cause: Throwable?) =
    OwnprintException(
        UNSUPPORTED_FORMAT,
        "this phone cannot decode such images; save or share the image as JPEG and use that file",
        cause,
    )

/** The message omits the URI, which may contain a name. */
internal fun noContent() = java.io.FileNotFoundException("this content URI has no content")

internal const val UNSUPPORTED_FORMAT: String = "unsupported-format"
