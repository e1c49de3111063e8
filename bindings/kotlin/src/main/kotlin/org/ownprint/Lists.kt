package org.ownprint

import java.io.InputStream
import java.nio.ByteBuffer
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.runInterruptible
import org.ownprint.ffi.ListReader
import org.ownprint.ffi.ListedHash as NativeListedHash

/**
 * A hash of a list.
 *
 * @property algorithm the algorithm's stable name
 * @property hex lower-case hexadecimal digits
 * @property quality the quality, where the list has it
 * @property name the path or name, where the list has it
 * @property line the line it stands on, from 1
 * @property variant the variant of its image that it is the hash of, in a record with a set of them
 */
public data class ListedHash(
    val algorithm: String,
    val hex: String,
    val quality: Int?,
    val name: String?,
    val line: Long,
    val variant: String? = null,
)

/**
 * The hashes of a list, in its order: JSON lines or a table as the command line writes them, or lines `pdq HASH` of an exchange.
 * Strict: upper case, a hash of another length, a byte order mark are errors.
 *
 * @throws OwnprintException `invalid-record`, with line and column
 */
public fun readList(list: ByteArray): List<ListedHash> =
    ByteBuffer.wrap(list).lend { borrowed -> atBorder { org.ownprint.ffi.readList(borrowed) } }.map { it.toRecord() }

/**
 * The hashes of a list that a stream gives, from where it stands to its end, read piece by piece as they are collected: never more
 * than a piece and a record of it in memory. The stream is read in [Dispatchers.IO], and not closed.
 *
 * Collecting fails with [OwnprintException] `invalid-record`, with line and column, at the list's first mistake; the hashes of
 * pieces before it were given by then. What the stream throws comes out as itself.
 */
public fun readList(stream: InputStream): Flow<ListedHash> = flow {
    ListReader().use { stream ->
        val pieces = Pieces(stream)
        while (true) {
            val piece = runInterruptible { pieces.next() } ?: break
            for (listed in atBorder { stream.push(piece) }) emit(listed.toRecord())
        }
        for (listed in atBorder { stream.finish() }) emit(listed.toRecord())
    }
}.flowOn(Dispatchers.IO)

/**
 * The line by which a hash exchange takes this hash, without its end; nothing for an algorithm that exchanges do not take, and for
 * a quality that they discard.
 */
public fun PerceptualHash.exchangeLine(): String? =
    atBorder { org.ownprint.ffi.exchangeLine(algorithm, hex, quality?.toUByte()) }

private fun NativeListedHash.toRecord() = ListedHash(algorithm, hex, quality?.toInt(), name, line.toLong(), variant)

/** What a stream gives, in direct buffers that native code reads where they lie. */
internal class Pieces(private val stream: InputStream) {
    private val bytes = ByteArray(PIECE_BYTES)
    private val borrowed = ByteBuffer.allocateDirect(PIECE_BYTES)

    /** The next piece, from the buffer's first byte to its limit; nothing at the end. It lasts until the next call. */
    fun next(): ByteBuffer? {
        val count = stream.read(bytes)
        if (count < 0) return null
        borrowed.showAll()
        borrowed.put(bytes, 0, count)
        borrowed.showWritten()
        return borrowed
    }
}

private const val PIECE_BYTES = 256 * 1024
