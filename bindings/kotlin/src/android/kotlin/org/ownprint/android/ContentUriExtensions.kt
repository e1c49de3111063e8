package org.ownprint.android

import android.content.ContentResolver
import android.graphics.Bitmap
import android.net.Uri
import java.io.FileNotFoundException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.ownprint.Decoder
import org.ownprint.Digest
import org.ownprint.Fingerprint
import org.ownprint.Ownprint
import org.ownprint.OwnprintException
import org.ownprint.ProgressListener

/**
 * Fingerprints what a content URI names: an image that the photo picker gave, a file that was shared.
 *
 * It is read as a stream and decoded by ownprint, so every phone gives the same bits. HEIC, AVIF and the like are not decoded
 * by ownprint: they get digests and the warning `unsupported-format`, unless [platformDecode] lets Android decode them
 * (9 and newer, where the phone has the codec). Such a result has the digests of the file's own bytes, and says
 * [Decoder.PLATFORM] and `exact = false`: another phone may get other bits. Android gives images upright only. Their sides
 * are held to this object's [limits][org.ownprint.Options.limits] before it takes memory for them, and so is the file's length, where
 * it is known before it is read.
 *
 * @param platformDecode lets Android decode what ownprint recognises and cannot decode
 * @param onProgress told the bytes read so far
 * @throws OwnprintException as [Ownprint.fingerprint]; with [platformDecode] `unsupported-format` where this phone cannot decode
 *   the image either, `unsupported-feature` where pixels were asked for as stored, `limit-exceeded`
 * @throws java.io.IOException when the content cannot be opened or read
 * @throws SecurityException when the app may not read it
 */
public suspend fun Ownprint.fingerprint(
    resolver: ContentResolver,
    uri: Uri,
    platformDecode: Boolean = false,
    onProgress: ProgressListener? = null,
): Fingerprint {
    val file = try {
        reading(resolver, uri, onProgress)
    } catch (error: OwnprintException) {
        // So it is where no digest was asked for.
        if (!platformDecode || error.code != UNSUPPORTED) throw error
        return platformFingerprint(resolver, uri, emptyList())
    }
    val isUnsupported = file.image == null && file.warnings.any { it.code == UNSUPPORTED }
    return if (platformDecode && isUnsupported) platformFingerprint(resolver, uri, file.digests) else file
}

/**
 * Fingerprints a bitmap's pixels as they are; there are no digests, for there is no file.
 *
 * A bitmap was decoded by the system, and perhaps scaled: the fingerprint of the file it came from may be another one, so give
 * the file where there is one. The pixels are copied once, and the copy is overwritten with zeros; hardware bitmaps and other
 * configurations than `ARGB_8888` are copied into such a bitmap first.
 *
 * @throws OwnprintException `limit-exceeded`
 */
public suspend fun Ownprint.fingerprint(bitmap: Bitmap): Fingerprint =
    withContext(Dispatchers.Default) { withPixels(bitmap, options.limits) { pixels, layout -> fingerprintPixels(pixels, layout) } }

private suspend fun Ownprint.reading(resolver: ContentResolver, uri: Uri, onProgress: ProgressListener?): Fingerprint {
    val stream = withContext(Dispatchers.IO) { resolver.openInputStream(uri) }
    return (stream ?: throw nothingThere()).use { fingerprint(it, onProgress) }
}

private suspend fun Ownprint.platformFingerprint(resolver: ContentResolver, uri: Uri, digests: List<Digest>): Fingerprint {
    val decoded = withContext(Dispatchers.IO) { platformDecode(resolver, uri, options) }
    try {
        val pixels = fingerprint(decoded.bitmap)
        val image = pixels.image?.copy(format = decoded.format, decoder = Decoder.PLATFORM, exact = false)
        return pixels.copy(image = image, digests = digests)
    } finally {
        // It is ours, and mutable: nobody else has seen it.
        decoded.bitmap.eraseColor(0)
        decoded.bitmap.recycle()
    }
}

/** Without the URI, which may be a name. */
internal fun nothingThere() = FileNotFoundException("nothing is behind this content URI")

internal const val UNSUPPORTED: String = "unsupported-format"
