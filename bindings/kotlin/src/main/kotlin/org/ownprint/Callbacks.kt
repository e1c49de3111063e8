package org.ownprint

import java.io.InputStream
import org.ownprint.ffi.ByteSource
import org.ownprint.ffi.CancelToken
import org.ownprint.ffi.SourceException

/** Told how far a call is. */
public fun interface ProgressListener {
    /**
     * Called on the thread that computes, about once a megabyte, and once more at the end. What it throws ends the call, and
     * comes out of it as itself.
     *
     * @param bytesRead the bytes read so far
     */
    public fun onProgress(bytesRead: Long)
}

/**
 * The caller's own code during one native call: what it throws must not unwind through native frames, so it is kept, the call is
 * ended, and it is thrown again behind the border.
 */
internal class Callbacks(private val token: CancelToken, listener: ProgressListener?) {
    private var failure: Throwable? = null

    val progress: org.ownprint.ffi.ProgressListener? = listener?.let { NativeListener(it) }

    /** What the call gives, or what the caller's code threw in it, or the core's error. */
    inline fun <T> result(call: () -> T): T {
        val result = try {
            atBorder(call)
        } catch (error: OwnprintException) {
            throw failure ?: error
        }
        failure?.let { throw it }
        return result
    }

    /** Lends a stream to a call as the source of its bytes. */
    inline fun <T> reading(stream: InputStream, call: (ByteSource) -> T): T {
        val source = StreamSource(stream)
        try {
            return call(source)
        } finally {
            source.wipe()
        }
    }

    private inner class NativeListener(private val listener: ProgressListener) : org.ownprint.ffi.ProgressListener {
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
        /** One piece for the whole call, so that the heap holds few of the file's bytes, and where they are is known. */
        private var piece = ByteArray(0)
        private var lastPiece = ByteArray(0)

        override fun read(most: UInt): ByteArray = try {
            next(most.toInt())
        } catch (thrown: Throwable) {
            if (failure == null) failure = thrown
            // Not its message, in which Java names files: who called gets the exception itself.
            throw SourceException.Failed(thrown.javaClass.name)
        }

        private fun next(most: Int): ByteArray {
            if (piece.size != most) {
                wipe()
                piece = ByteArray(most)
            }
            var filled = 0
            // Whole pieces: many streams give a few kilobytes at a time, and each crossing of the border costs.
            while (filled < most) {
                // A piece may be long in coming.
                if (token.isCancelled()) throw SourceException.Failed("cancelled")
                val count = stream.read(piece, filled, most - filled)
                if (count < 0) break
                filled += count
            }
            if (filled == most) return piece
            lastPiece = piece.copyOf(filled)
            return lastPiece
        }

        fun wipe() {
            piece.fill(0)
            lastPiece.fill(0)
        }
    }
}
