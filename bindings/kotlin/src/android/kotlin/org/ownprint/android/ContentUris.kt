package org.ownprint.android

import android.content.ContentResolver
import android.net.Uri
import java.io.IOException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.ownprint.Decoder
import org.ownprint.Diagnostic
import org.ownprint.Fingerprint
import org.ownprint.Fingerprinter
import org.ownprint.OwnprintException
import org.ownprint.ProgressListener

/**
 * Fingerprints the content of a URI: an image from the photo picker, or a shared file.
 *
 * The content is read as a stream and decoded by ownprint, so every phone computes the same bits.
 * Formats that this build of ownprint does not decode (HEIC, AVIF) have digests and the warning
 * `unsupported-format`.
 *
 * With [platformDecode], Android 9 or newer decodes those formats if the phone has the codec. Such
 * a result states [Decoder.PLATFORM] and is not deterministic: another phone may compute other
 * bits. Its digests are those of the file. Android always applies the orientation. The limits of
 * this object apply before Android allocates memory, and to the length of the file if it is known.
 * If Android cannot decode the file either, [Fingerprint.error] gives the reason.
 *
 * @param platformDecode lets Android decode what ownprint recognizes and cannot decode
 * @param onProgress receives the number of bytes read
 * @throws OwnprintException as [Fingerprinter.fingerprint]
 * @throws IOException if the content cannot be opened or read
 * @throws SecurityException if the app may not read it
 */
public suspend fun Fingerprinter.fingerprint(
    resolver: ContentResolver,
    uri: Uri,
    platformDecode: Boolean = false,
    onProgress: ProgressListener? = null,
): Fingerprint {
    val stream = withContext(Dispatchers.IO) { resolver.openInputStream(uri) } ?: throw noContent()
    val file = stream.use { fingerprint(it, onProgress) }
    val isUnsupported =
        (file.warnings + listOfNotNull(file.error)).any { it.code == UNSUPPORTED_FORMAT }
    return if (platformDecode && isUnsupported) withPlatformImage(file, resolver, uri) else file
}

/** Adds the hashes of the image that Android decodes, or the reason why it cannot. */
private suspend fun Fingerprinter.withPlatformImage(
    file: Fingerprint,
    resolver: ContentResolver,
    uri: Uri,
): Fingerprint {
    val decoded =
        try {
            withContext(Dispatchers.IO) { platformDecode(resolver, uri, options) }
        } catch (error: OwnprintException) {
            return file.copy(error = Diagnostic(error.code, error.message))
        }
    try {
        val pixels = fingerprint(decoded.bitmap)
        val image =
            pixels.image?.let {
                val info =
                    it.info.copy(
                        format = decoded.format,
                        decoder = Decoder.PLATFORM,
                        deterministic = false,
                    )
                it.copy(info = info)
            }
        return pixels.copy(image = image, digests = file.digests)
    } finally {
        // The bitmap is mutable, and was not shared.
        decoded.bitmap.eraseColor(0)
        decoded.bitmap.recycle()
    }
}
