package org.ownprint.android

import android.graphics.Bitmap
import android.graphics.ImageDecoder
import android.graphics.ImageDecoder.DecodeException.SOURCE_INCOMPLETE
import android.os.Build
import java.io.IOException
import java.nio.ByteBuffer
import org.ownprint.FormatInfo
import org.ownprint.Options
import org.ownprint.Orientation
import org.ownprint.OwnprintException
import org.ownprint.checkSize

/** The oldest Android with [ImageDecoder]. */
internal val hasPlatformDecoder: Boolean
    get() = Build.VERSION.SDK_INT >= Build.VERSION_CODES.P

/**
 * Decodes an image with Android's decoder in software, with the orientation applied. The caller
 * erases the bitmap.
 *
 * No color space is requested, so an image in an RGB color space keeps its values, and alpha is not
 * premultiplied. Android converts images of more than 8 bits, which cannot be turned off: results
 * of this decoder are not deterministic.
 *
 * @throws OwnprintException `unsupported-format`, `unsupported-feature`, `truncated`, `damaged`,
 *   `limit-exceeded`
 */
internal fun platformDecode(file: ByteBuffer, format: FormatInfo, options: Options): Bitmap {
    if (options.orientation == Orientation.IGNORE) {
        val message = "Android always applies the orientation of such images; use Orientation.APPLY"
        throw OwnprintException("unsupported-feature", message)
    }
    var hasHeader = false
    try {
        return ImageDecoder.decodeBitmap(ImageDecoder.createSource(file)) { decoder, info, _ ->
            hasHeader = true
            // Before Android allocates memory for the pixels.
            checkSize(info.size.width, info.size.height, options.limits)
            decoder.allocator = ImageDecoder.ALLOCATOR_SOFTWARE
            decoder.isUnpremultipliedRequired = true
            decoder.isMutableRequired = true
        }
    } catch (error: ImageDecoder.DecodeException) {
        throw when {
            error.error == SOURCE_INCOMPLETE -> truncated(format, error)
            hasHeader -> damaged(format, error)
            // Android does not say which.
            else -> cannotDecode(format, error)
        }
    } catch (error: IOException) {
        throw cannotDecode(format, error)
    } catch (error: RuntimeException) {
        // Decoders of some phones throw what Android does not document.
        throw cannotDecode(format, error)
    }
}

private fun truncated(format: FormatInfo, cause: Throwable) =
    OwnprintException(
        "truncated",
        "this ${format.name} file is truncated; get a complete copy of it",
        cause,
    )

private fun damaged(format: FormatInfo, cause: Throwable) =
    OwnprintException(
        "damaged",
        "this ${format.name} file is damaged; get an intact copy of it",
        cause,
    )

private fun cannotDecode(format: FormatInfo, cause: Throwable) =
    OwnprintException(
        "unsupported-format",
        "this phone cannot decode this ${format.name} file, or the file is damaged; save or share " +
            "the image as JPEG and use that file",
        cause,
    )
