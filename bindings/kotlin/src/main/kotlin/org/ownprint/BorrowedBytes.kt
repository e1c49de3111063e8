package org.ownprint

import java.nio.Buffer
import java.nio.ByteBuffer

/**
 * Lends the bytes from this buffer's position to its limit to native code, in a direct buffer that starts with them: this buffer's
 * own memory where it is direct, else a copy, which is overwritten with zeros afterwards.
 */
internal inline fun <T> ByteBuffer.lend(work: (ByteBuffer) -> T): T = if (isDirect) lendInPlace(work) else lendCopy(work)

private inline fun <T> ByteBuffer.lendInPlace(work: (ByteBuffer) -> T): T {
    // The border takes a buffer's first byte, whatever its position is.
    val borrowed = slice()
    try {
        return work(borrowed)
    } finally {
        // Native code holds an address, not the buffer: a use behind the call keeps the memory from being collected in it.
        // (`Reference.reachabilityFence` says so more plainly, from Android 9 on.)
        borrowed.showNothing()
    }
}

private inline fun <T> ByteBuffer.lendCopy(work: (ByteBuffer) -> T): T {
    val copy = ByteBuffer.allocateDirect(remaining())
    try {
        copy.put(duplicate()).showAll()
        return work(copy)
    } finally {
        copy.wipe()
    }
}

/** Overwrites the whole buffer with zeros. */
internal fun ByteBuffer.wipe() {
    showAll()
    while (hasRemaining()) put(ZEROS, 0, minOf(ZEROS.size, remaining()))
}

// Functions of `Buffer`, and called as such: since Java 9 `ByteBuffer` has its own of the same names, Android only since 13.

/** From the first byte to the last. */
internal fun Buffer.showAll() {
    clear()
}

/** From the first byte to the last that was put in. */
internal fun Buffer.showWritten() {
    flip()
}

private fun Buffer.showNothing() {
    limit(0)
}

private val ZEROS = ByteArray(64 * 1024)
