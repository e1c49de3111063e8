package org.ownprint

import java.io.InputStream

/** A program for a process with a small heap: prints the digest of a long stream, and the kibibytes that reading it took. */
fun main() = Ownprint(Options(listOf("blake3"))).use { ownprint ->
    // Once on little, so that classes and compiled code are not counted.
    ownprint.digestsBlocking(VideoFingerprint(64L shl 20))
    lateinit var digests: List<Digest>
    val grown = PeakMemory.growth { digests = ownprint.digestsBlocking(VideoFingerprint(3L shl 30)) }
    println("${digests.single().hex} $grown")
}

/** The byte 90, over and over. */
private class VideoFingerprint(private var left: Long) : InputStream() {
    private val block = ByteArray(64 * 1024) { 90 }

    override fun read(): Int = error("byte by byte")

    override fun read(bytes: ByteArray, offset: Int, length: Int): Int {
        if (left == 0L) return -1
        val count = minOf(length.toLong(), left, block.size.toLong()).toInt()
        block.copyInto(bytes, offset, 0, count)
        left -= count
        return count
    }
}
