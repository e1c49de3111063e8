@file:JvmName("HashLists")

package org.ownprint

import java.io.IOException
import java.io.InputStream
import java.nio.ByteBuffer
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.runInterruptible
import org.ownprint.ffi.ListReader
import org.ownprint.ffi.ListedHash as NativeListedHash
import org.ownprint.ffi.SkippedRows as NativeSkippedRows

/**
 * One hash of a list.
 *
 * @property algorithm the algorithm
 * @property hex the hash in lowercase hexadecimal digits
 * @property quality the quality, if the list states it
 * @property name the path or name, if the list states it
 * @property line the number of its line, from 1
 * @property variant the variant of the image whose hash this is, in a record with variants
 */
public data class ListedHash(
    val algorithm: HashAlgorithm,
    val hex: String,
    val quality: Int?,
    val name: String?,
    val line: Long,
    val variant: String? = null,
)

/**
 * A row of a list, or a record of a page, that was skipped because it is invalid.
 *
 * @property line the line of the error, from 1
 * @property column the character in that line, from 1
 * @property code the stable code of the error
 * @property message what is wrong, and what is expected
 */
public data class SkippedRow(
    val line: Long,
    val column: Long,
    val code: String,
    val message: String,
)

/**
 * The rows that tolerant reading skipped.
 *
 * @property count the number of all of them
 * @property rows the first 1,000, in order
 */
public data class SkippedRows(val count: Long, val rows: List<SkippedRow>)

/**
 * The valid hashes of a list.
 *
 * @property hashes the hashes, in order
 * @property skipped the rows that were skipped
 */
public data class TolerantList(val hashes: List<ListedHash>, val skipped: SkippedRows)

/**
 * Returns the hashes of a list as [readList] does, but skips invalid rows, and says what is wrong
 * with them. Errors that concern the whole list remain, such as an unknown form.
 *
 * @throws OwnprintException `invalid-record`, with line and column
 */
@Throws(OwnprintException::class)
public fun readListTolerant(list: ByteArray): TolerantList {
    val read =
        ByteBuffer.wrap(list).borrow { borrowed ->
            native { org.ownprint.ffi.readListTolerant(borrowed) }
        }
    return TolerantList(read.hashes.map { it.toPublic() }, read.skipped.toPublic())
}

internal fun NativeSkippedRows.toPublic() =
    SkippedRows(
        count.toLong(),
        rows.map { SkippedRow(it.line.toLong(), it.column.toLong(), it.code, it.message) },
    )

/**
 * Returns the hashes of a list, in its order. The list is JSON lines or CSV as the command line
 * writes them, lines `pdq HASH` of an exchange, lines `HASH,QUALITY,NAME` of pdq-photo-hasher, or a
 * page of StopNCII.org. A hash of another length and a byte order mark are errors.
 *
 * @throws OwnprintException `invalid-record`, with line and column
 */
@Throws(OwnprintException::class)
public fun readList(list: ByteArray): List<ListedHash> =
    ByteBuffer.wrap(list)
        .borrow { borrowed -> native { org.ownprint.ffi.readList(borrowed) } }
        .map { it.toPublic() }

/**
 * Returns the hashes of a list from the rest of a stream. The flow reads the stream in chunks, in
 * [Dispatchers.IO], as it is collected; memory holds one chunk and one record. The stream is not
 * closed.
 *
 * At the first invalid line the collection fails with [OwnprintException] `invalid-record`, with
 * line and column. It also fails with what the stream throws.
 */
public fun readList(stream: InputStream): Flow<ListedHash> =
    flow {
            ListReader().use { reader ->
                val chunks = StreamChunks(stream)
                while (true) {
                    val chunk = runInterruptible { chunks.next() } ?: break
                    for (listed in native { reader.update(chunk) }) emit(listed.toPublic())
                }
                for (listed in native { reader.doFinal() }) emit(listed.toPublic())
            }
        }
        .flowOn(Dispatchers.IO)

/**
 * Returns the hashes of a list from the rest of a stream, on the calling thread. The stream is not
 * closed.
 *
 * @throws OwnprintException `invalid-record`, with line and column
 */
@Throws(OwnprintException::class, IOException::class)
public fun readListBlocking(stream: InputStream): List<ListedHash> =
    ListReader().use { reader ->
        val chunks = StreamChunks(stream)
        val hashes = mutableListOf<NativeListedHash>()
        while (true) {
            val chunk = chunks.next() ?: break
            hashes += native { reader.update(chunk) }
        }
        hashes += native { reader.doFinal() }
        hashes.map { it.toPublic() }
    }

/**
 * Returns the line `pdq HASH` by which ThreatExchange accepts this hash, without a line break;
 * `null` for other algorithms, and for a quality that exchanges discard.
 *
 * @throws OwnprintException `unknown-algorithm`, `invalid-hash`, `not-comparable`
 */
@Throws(OwnprintException::class)
public fun PerceptualHash.threatExchangeLine(): String? = native {
    org.ownprint.ffi.threatexchangeLine(algorithm.name, hex, quality?.toQuality())
}

private fun NativeListedHash.toPublic() =
    ListedHash(HashAlgorithm(algorithm), hex, quality?.toInt(), name, line.toLong(), variant)

/** The bytes of a stream, in a direct buffer that native code reads in place. */
internal class StreamChunks(private val stream: InputStream) {
    private val bytes = ByteArray(CHUNK_BYTES)
    private val borrowed = ByteBuffer.allocateDirect(CHUNK_BYTES)

    /** Returns the next chunk, which is valid until the next call; `null` at the end. */
    fun next(): ByteBuffer? {
        val count = stream.read(bytes)
        if (count < 0) return null
        borrowed.selectAll()
        borrowed.put(bytes, 0, count)
        borrowed.selectWritten()
        return borrowed
    }
}

private const val CHUNK_BYTES = 256 * 1024
