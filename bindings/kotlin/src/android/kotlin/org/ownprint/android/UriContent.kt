package org.ownprint.android

import android.content.ContentResolver
import android.content.res.AssetFileDescriptor
import android.net.Uri
import android.os.CancellationSignal
import android.os.OperationCanceledException
import java.io.FileNotFoundException
import java.io.IOException
import java.io.InputStream

/**
 * The content of a URI, opened once.
 *
 * Providers return a whole file, a part of one with an offset and a length, or a pipe. All three
 * are descriptors; [ContentResolver.openInputStream] reads from one too.
 */
internal class UriContent(private val resolver: ContentResolver, private val uri: Uri) {
    private val signal = CancellationSignal()
    @Volatile private var opened: AssetFileDescriptor? = null

    /**
     * Passes the descriptor to [work], and closes it.
     *
     * @throws IOException if the content cannot be opened
     * @throws SecurityException if the app may not read it
     */
    fun <T> open(work: (AssetFileDescriptor) -> T): T {
        val descriptor =
            try {
                resolver.openAssetFileDescriptor(uri, "r", signal)
            } catch (error: OperationCanceledException) {
                // The coroutine's cancellation takes its place.
                throw IOException("cancelled", error)
            }
        return (descriptor ?: throw noContent()).use {
            opened = it
            work(it)
        }
    }

    /**
     * Passes the content to [work] as a stream, with its length; the length is `null` if the
     * provider does not state it.
     *
     * @throws IOException as [open]
     */
    fun <T> read(work: (InputStream, Long?) -> T): T = open { descriptor ->
        val length = descriptor.length.takeIf { it != AssetFileDescriptor.UNKNOWN_LENGTH }
        descriptor.createInputStream().use { work(it, length) }
    }

    /** Ends the opening and reading, from another thread. Does nothing afterwards. */
    fun cancel() {
        signal.cancel()
        try {
            opened?.close()
        } catch (ignored: IOException) {
            // It is not used any more.
        }
    }
}

/** The message omits the URI, which may contain a name. */
private fun noContent() = FileNotFoundException("this content URI has no content")
