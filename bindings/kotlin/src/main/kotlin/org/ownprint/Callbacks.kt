package org.ownprint

import java.io.InputStream
import org.ownprint.ffi.ByteSource
import org.ownprint.ffi.CancelToken
import org.ownprint.ffi.SourceException

/** Receives the progress of a call. */
public fun interface ProgressListener {
    /**
     * Called on the computing thread, about once a megabyte, and once at the end. What it throws
     * ends the call, which then throws it.
     *
     * @param bytesRead the number of bytes read
     */
    public fun onProgress(bytesRead: Long)
}

/**
 * The caller's code during one native call. Its exceptions must not unwind through native frames:
 * they are stored, the call is cancelled, and they are thrown again when it has returned.
 */
internal class Callbacks(private val token: CancelToken, listener: ProgressListener?) {
    private var failure: Throwable? = null

    val progress: org.ownprint.ffi.ProgressListener? = listener?.let { NativeListener(it) }

    /**
     * Returns the result of a call, or throws the exception of the caller's code or the error of
     * the core.
     */
    inline fun <T> result(call: () -> T): T {
        val result =
            try {
                native(call)
            } catch (error: OwnprintException) {
                throw failure ?: error
            }
        failure?.let { throw it }
        return result
    }

    /** Passes a stream to a call as the source of its bytes. */
    inline fun <T> reading(stream: InputStream, call: (ByteSource) -> T): T {
        val source = StreamSource(stream)
        try {
            return call(source)
        } finally {
            source.wipe()
        }
    }

    private inner class NativeListener(private val listener: ProgressListener) :
        org.ownprint.ffi.ProgressListener {
        override fun onProgress(bytesRead: ULong) {
            if (failure != null) return
            try {
                listener.onProgress(bytesRead.toLong())
            } catch (thrown: Throwable) {
                failure = thrown
                token.cancel()
            }
        }
    }

    internal inner class StreamSource(private val stream: InputStream) : ByteSource {
        /**
         * One chunk for the whole call, so that the heap holds few bytes of the file, and they can
         * be cleared.
         */
        private var chunk = ByteArray(0)
        private var lastChunk = ByteArray(0)

        override fun read(limit: UInt): ByteArray =
            try {
                next(limit.toInt())
            } catch (thrown: Throwable) {
                if (failure == null) failure = thrown
                // Without its message, in which Java names files. The caller gets the exception
                // itself.
                throw SourceException.Failed(thrown.javaClass.name)
            }

        private fun next(limit: Int): ByteArray {
            if (chunk.size != limit) {
                wipe()
                chunk = ByteArray(limit)
            }
            var filled = 0
            // Whole chunks: many streams return a few kilobytes a read, and each native call has a
            // cost.
            while (filled < limit) {
                // Each read may block for long.
                if (token.isCancelled()) throw SourceException.Failed("cancelled")
                val count = stream.read(chunk, filled, limit - filled)
                if (count < 0) break
                filled += count
            }
            if (filled == limit) return chunk
            lastChunk = chunk.copyOf(filled)
            return lastChunk
        }

        fun wipe() {
            chunk.fill(0)
            lastChunk.fill(0)
        }
    }
}
