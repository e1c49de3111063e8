package org.ownprint.android

import android.content.ContentResolver
import android.net.Uri
import java.io.ByteArrayInputStream
import java.io.IOException
import java.io.InputStream
import java.io.SequenceInputStream
import kotlinx.coroutines.Dispatchers
import org.ownprint.Decoder
import org.ownprint.Diagnostic
import org.ownprint.Digest
import org.ownprint.Fingerprint
import org.ownprint.Fingerprinter
import org.ownprint.FormatInfo
import org.ownprint.OwnprintException
import org.ownprint.ProgressListener
import org.ownprint.ffi.CancelToken
import org.ownprint.interruptible
import org.ownprint.probe
import org.ownprint.probeBytes

/**
 * Fingerprints the content of a URI: an image from the photo picker, or a shared file.
 *
 * The content is opened once and read as a stream. Formats that this build of ownprint decodes have
 * the same bits on every phone.
 *
 * Android decodes the other formats: HEIC on Android 9 or newer, AVIF on Android 12 or newer, if
 * the phone has the codec. Such a result states [Decoder.PLATFORM] and is not deterministic:
 * another phone may compute other bits. Android always applies the orientation. The limits of this object
 * apply before Android allocates memory. The digests are those of the file, whether or not Android
 * decodes it. If it cannot, [Fingerprint.error] gives the reason.
 *
 * MediaStore removes the location from a photo that an app opens without the permission
 * `ACCESS_MEDIA_LOCATION`. The hashes of the image stay the same, but the digests differ from those
 * of the file. Pass `MediaStore.setRequireOriginal(uri)` if the app has the permission.
 *
 * Cancellation ends a blocking read of the content. It does not interrupt Android's decoder.
 *
 * @param platformDecode `false` does not let Android decode: such files have digests and the
 *   warning `unsupported-format`
 * @param onProgress receives the number of bytes read
 * @throws OwnprintException as [Fingerprinter.fingerprint]
 * @throws IOException if the content cannot be opened or read
 * @throws SecurityException if the app may not read it
 */
public suspend fun Fingerprinter.fingerprint(
    resolver: ContentResolver,
    uri: Uri,
    platformDecode: Boolean = true,
    onProgress: ProgressListener? = null,
): Fingerprint {
    val isForPlatform = { format: FormatInfo ->
        platformDecode && hasPlatformDecoder && !format.decoded
    }
    return fingerprint(UriContent(resolver, uri), isForPlatform, onProgress)
}

/** Fingerprints content, and lets Android decode the formats that [isForPlatform] selects. */
internal suspend fun Fingerprinter.fingerprint(
    content: UriContent,
    isForPlatform: (FormatInfo) -> Boolean,
    onProgress: ProgressListener? = null,
): Fingerprint {
    checkOpen()
    // Opened and used on one thread: a result that a cancelled coroutine drops would stay open.
    return interruptible(Dispatchers.IO, content::cancel) { token ->
        content.read { stream, length ->
            val head = head(stream)
            val whole = SequenceInputStream(ByteArrayInputStream(head), stream)
            val format = probe(head)?.takeIf { hashesImages && isForPlatform(it) }
            if (format == null) ofStream(whole, token, onProgress)
            else withPlatformImage(whole, length, format, token, onProgress)
        }
    }
}

/** Whether the options select hashes of images. */
private val Fingerprinter.hashesImages: Boolean
    get() = options.hashes?.isEmpty() != true || options.variants != null

/** Returns the first bytes of a stream. */
private fun head(stream: InputStream): ByteArray {
    val head = ByteArray(probeBytes())
    var filled = 0
    while (filled < head.size) {
        val count = stream.read(head, filled, head.size - filled)
        if (count < 0) break
        filled += count
    }
    return head.copyOf(filled)
}

/** The digests of a file, and the hashes of the image that Android decodes from the same bytes. */
private fun Fingerprinter.withPlatformImage(
    stream: InputStream,
    length: Long?,
    format: FormatInfo,
    token: CancelToken,
    onProgress: ProgressListener?,
): Fingerprint =
    FileBuffer(options.limits).use { file ->
        try {
            file.read(stream, length)
        } catch (error: OwnprintException) {
            // Too long for Android's decoder, which needs the whole file in memory.
            val whole = SequenceInputStream(file.stream(), stream)
            return withoutImage(digestsOf(whole, token, onProgress), error)
        }
        val digests = digestsOf(file.content(), token, onProgress)
        try {
            val bitmap = platformDecode(file.content(), format, options)
            try {
                ofBitmap(bitmap, token).byPlatform(format, digests)
            } finally {
                bitmap.erase()
            }
        } catch (error: OwnprintException) {
            withoutImage(digests, error)
        }
    }

private fun withoutImage(digests: List<Digest>, error: OwnprintException) =
    Fingerprint(
        image = null,
        digests = digests,
        warnings = emptyList(),
        error = Diagnostic(error.code, error.message),
    )

private fun Fingerprint.byPlatform(
    format: FormatInfo,
    digests: List<Digest>,
): Fingerprint {
    val image =
        image?.let {
            val info =
                it.info.copy(
                    format = format.name,
                    decoder = Decoder.PLATFORM,
                    deterministic = false,
                )
            it.copy(info = info)
        }
    return copy(image = image, digests = digests)
}
