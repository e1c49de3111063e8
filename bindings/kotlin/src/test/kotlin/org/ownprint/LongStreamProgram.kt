package org.ownprint

import java.io.InputStream

/**
 * Runs in a process with a small heap: prints the digest of a long stream, and the growth in KiB.
 */
fun main() =
    Fingerprinter(Support.digests(DigestAlgorithm.BLAKE3)).use { fingerprinter ->
        // A first call on a short stream, so that classes and compiled code are not counted.
        fingerprinter.digestsBlocking(RepeatedByte(64L shl 20))
        lateinit var digests: List<Digest>
        val grown =
            PeakMemory.growth { digests = fingerprinter.digestsBlocking(RepeatedByte(3L shl 30)) }
        println("${digests.single().hex} $grown")
    }

/** The byte 90, repeated. */
private class RepeatedByte(private var remaining: Long) : InputStream() {
    private val block = ByteArray(64 * 1024) { 90 }

    override fun read(): Int = error("byte by byte")

    override fun read(bytes: ByteArray, offset: Int, length: Int): Int {
        if (remaining == 0L) return -1
        val count = minOf(length.toLong(), remaining, block.size.toLong()).toInt()
        block.copyInto(bytes, offset, 0, count)
        remaining -= count
        return count
    }
}
