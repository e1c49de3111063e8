package org.ownprint

import java.nio.Buffer
import java.nio.ByteBuffer

/**
 * Passes the bytes from this buffer's position to its limit to native code, in a direct buffer that
 * starts with them. A direct buffer is passed in place. A heap buffer is copied, and the copy is
 * overwritten with zeros afterwards.
 */
internal inline fun <T> ByteBuffer.borrow(work: (ByteBuffer) -> T): T =
    if (isDirect) borrowInPlace(work) else borrowCopy(work)

private inline fun <T> ByteBuffer.borrowInPlace(work: (ByteBuffer) -> T): T {
    // The native call reads from the first byte of a buffer, whatever its position is.
    val borrowed = slice()
    try {
        return work(borrowed)
    } finally {
        // Native code holds an address, not the buffer. Using the buffer after the call keeps its
        // memory from being collected during the call. (`Reference.reachabilityFence` needs Android
        // 9.)
        borrowed.selectNothing()
    }
}

private inline fun <T> ByteBuffer.borrowCopy(work: (ByteBuffer) -> T): T {
    val copy = ByteBuffer.allocateDirect(remaining())
    try {
        copy.put(duplicate()).selectAll()
        return work(copy)
    } finally {
        copy.wipe()
    }
}

/** Overwrites the whole buffer with zeros. */
internal fun ByteBuffer.wipe() {
    selectAll()
    while (hasRemaining()) put(ZEROS, 0, minOf(ZEROS.size, remaining()))
}

// Methods of `Buffer`, and called as such: `ByteBuffer` overrides them since Java 9, but on Android
// only since version 13.

/** Sets position and limit to the whole buffer. */
internal fun Buffer.selectAll() {
    clear()
}

/** Sets position and limit to the bytes that were written. */
internal fun Buffer.selectWritten() {
    flip()
}

private fun Buffer.selectNothing() {
    limit(0)
}

private val ZEROS = ByteArray(64 * 1024)
