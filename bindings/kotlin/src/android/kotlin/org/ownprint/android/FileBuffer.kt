package org.ownprint.android

import java.io.InputStream
import java.nio.ByteBuffer
import org.ownprint.Limits
import org.ownprint.OwnprintException
import org.ownprint.checkFileBytes
import org.ownprint.selectAll
import org.ownprint.selectWritten
import org.ownprint.wipe

/** A file in native memory, which is overwritten with zeros on [close]. */
internal class FileBuffer(private val limits: Limits?) : AutoCloseable {
    private var bytes = ByteBuffer.allocateDirect(0)

    /**
     * Reads the rest of a stream.
     *
     * @param length the number of bytes, if it is known
     * @throws OwnprintException `limit-exceeded` for a file that is longer than the limit; the
     *   bytes up to there are in this buffer
     */
    fun read(stream: InputStream, length: Long?) {
        if (length != null) checkFileBytes(length, limits)
        reserve(minOf(length ?: 0, Int.MAX_VALUE.toLong()).toInt())
        val chunk = ByteArray(CHUNK)
        try {
            while (true) {
                val count = stream.read(chunk)
                if (count < 0) return
                if (bytes.remaining() < count) reserve(grown(count))
                bytes.put(chunk, 0, count)
                checkFileBytes(bytes.position().toLong(), limits)
            }
        } finally {
            chunk.fill(0)
        }
    }

    /** Returns the bytes that were read, in a buffer that starts with them. */
    fun content(): ByteBuffer = bytes.duplicate().also { it.selectWritten() }

    /** Returns the bytes that were read as a stream. */
    fun stream(): InputStream = BufferStream(content())

    private fun grown(count: Int): Int =
        minOf(maxOf(2L * bytes.capacity(), bytes.position().toLong() + count), MAXIMUM).toInt()

    private fun reserve(capacity: Int) {
        val larger = ByteBuffer.allocateDirect(maxOf(capacity, CHUNK))
        larger.put(content())
        bytes.wipe()
        bytes = larger
    }

    override fun close() = bytes.wipe()

    private class BufferStream(private val bytes: ByteBuffer) : InputStream() {
        override fun read(): Int = if (bytes.hasRemaining()) bytes.get().toInt() and 0xff else -1

        override fun read(target: ByteArray, offset: Int, length: Int): Int {
            if (!bytes.hasRemaining()) return -1
            val count = minOf(length, bytes.remaining())
            bytes.get(target, offset, count)
            return count
        }
    }

    private companion object {
        const val CHUNK = 64 * 1024

        /** The largest buffer of Java. */
        const val MAXIMUM = Int.MAX_VALUE.toLong()
    }
}
