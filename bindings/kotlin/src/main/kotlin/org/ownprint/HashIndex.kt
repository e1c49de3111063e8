package org.ownprint

import java.io.IOException
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.file.Path
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import org.ownprint.ffi.HashIndex as NativeHashIndex
import org.ownprint.ffi.Hit as NativeHit

/**
 * Hashes of one algorithm in memory, each with a text. Searches by distance are exact, and fast
 * among millions.
 *
 * ```kotlin
 * HashIndex().use { index ->
 *     index.insertList(Files.readAllBytes(Path.of("known.txt")))
 *     for (hit in index.within(pdq.hex)) println("${hit.payload}: ${hit.distance} bits")
 * }
 * ```
 *
 * An index can be used from any number of threads at once. The suspend functions, which read or
 * write whole lists and files, leave the calling thread; cancelling them has an effect between two
 * chunks of a stream. [insert], [remove], [within] and [nearest] take less than a millisecond, and
 * work on the calling thread.
 */
public class HashIndex private constructor(private val index: NativeHashIndex) : AutoCloseable {
    /**
     * An empty index.
     *
     * @param algorithm the algorithm of its hashes
     * @throws OwnprintException `unknown-algorithm`, `not-comparable` for hashes of more than 1,024
     *   bits
     */
    @JvmOverloads
    @Throws(OwnprintException::class)
    public constructor(
        algorithm: HashAlgorithm = HashAlgorithm.PDQ
    ) : this(native { NativeHashIndex(algorithm.name) })

    /** The algorithm of the hashes. */
    public val algorithm: HashAlgorithm
        get() = HashAlgorithm(index.algorithm())

    /** The number of entries. */
    public val size: Long
        get() = index.count().toLong()

    /**
     * Inserts a hash.
     *
     * @param hex the hash in hexadecimal digits
     * @param payload a text that searches return with it
     * @return the number of the entry: 0, 1, 2, ... in the order of insertion
     * @throws OwnprintException `invalid-hash`, `not-comparable`
     */
    @JvmOverloads
    @Throws(OwnprintException::class)
    public fun insert(hex: String, payload: String = ""): Int =
        native { index.insert(hex, payload) }.toInt()

    /**
     * Inserts the hashes of a list that have this [algorithm], with their names. The list is JSON
     * lines or CSV as the command line writes them, or lines `pdq HASH` of an exchange. Hashes
     * with a quality below 50 are skipped, because they would match unrelated images. If a line is
     * invalid, none is inserted.
     *
     * @return the number of inserted hashes
     * @throws OwnprintException `invalid-record`, with line and column
     */
    public suspend fun insertList(list: ByteArray): Long =
        withContext(Dispatchers.Default) { insertListBlocking(list) }

    /**
     * Inserts the hashes of a list from the rest of a stream, read in chunks. The stream is not
     * closed. If the stream fails or the call is cancelled, none is inserted.
     *
     * @return the number of inserted hashes
     * @throws OwnprintException `invalid-record`, with line and column
     * @throws Exception what the stream throws
     */
    public suspend fun insertList(stream: InputStream): Long =
        runInterruptible(Dispatchers.IO) {
            insertChunks(stream) {
                if (Thread.currentThread().isInterrupted) throw InterruptedException()
            }
        }

    /** [insertList], on the calling thread. */
    @Throws(OwnprintException::class)
    public fun insertListBlocking(list: ByteArray): Long =
        ByteBuffer.wrap(list).borrow { borrowed -> native { index.insertList(borrowed) } }.toLong()

    /** [insertList] of a stream, on the calling thread. */
    @Throws(OwnprintException::class, IOException::class)
    public fun insertListBlocking(stream: InputStream): Long = insertChunks(stream) {}

    private inline fun insertChunks(stream: InputStream, checkCancelled: () -> Unit): Long =
        native { index.reader() }
            .use { reader ->
                val chunks = StreamChunks(stream)
                while (true) {
                    checkCancelled()
                    val chunk = chunks.next() ?: break
                    native { reader.update(chunk) }
                }
                native { index.insertReader(reader) }.toLong()
            }

    /** Removes an entry, and returns its text; `null` if there is no entry with that number. */
    public fun remove(entry: Int): String? = index.remove(entry.toUInt())

    /**
     * Returns every entry within a distance of a hash, nearest first.
     *
     * @param hex the hash in hexadecimal digits
     * @param radius the largest distance; `null` for the algorithm's threshold
     * @throws OwnprintException `invalid-hash`, `not-comparable`
     */
    @JvmOverloads
    @Throws(OwnprintException::class)
    public fun within(hex: String, radius: Int? = null): List<Hit> =
        native { index.within(hex, radius?.toDistance()) }.map { it.toPublic() }

    /**
     * Returns the entries nearest to a hash, nearest first.
     *
     * @param hex the hash in hexadecimal digits
     * @param count the maximum number of entries
     * @throws OwnprintException `invalid-hash`, `not-comparable`
     */
    @Throws(OwnprintException::class)
    public fun nearest(hex: String, count: Int): List<Hit> {
        require(count >= 0) { "a count is negative" }
        return native { index.nearest(hex, count.toUInt()) }.map { it.toPublic() }
    }

    /**
     * Returns the entries that have others within a distance, in groups. An entry near one member
     * of a group belongs to the group.
     *
     * @param radius the largest distance; `null` for the algorithm's threshold
     */
    public suspend fun groups(radius: Int? = null): List<List<Int>> =
        withContext(Dispatchers.Default) { groupsBlocking(radius) }

    /** [groups], on the calling thread. */
    @JvmOverloads
    public fun groupsBlocking(radius: Int? = null): List<List<Int>> =
        index.groups(radius?.toDistance()).map { group -> group.map { it.toInt() } }

    /**
     * Saves the index to a file, with a checksum, and replaces an existing file.
     *
     * @throws OwnprintException `io`
     */
    public suspend fun save(path: Path): Unit = withContext(Dispatchers.IO) { saveBlocking(path) }

    /** [save], on the calling thread. */
    @Throws(OwnprintException::class)
    public fun saveBlocking(path: Path): Unit = native {
        index.save(path.toAbsolutePath().toString())
    }

    /** Releases the native object. Later calls fail with [IllegalStateException]. */
    override fun close(): Unit = index.close()

    public companion object {
        /**
         * Loads an index from a file. The entries are renumbered from 0, in the order of insertion.
         *
         * @throws OwnprintException `io`, `unknown-algorithm`, `invalid-index` for a file that is
         *   cut off or altered
         */
        public suspend fun load(path: Path): HashIndex =
            withContext(Dispatchers.IO) { loadBlocking(path) }

        /** [load], on the calling thread. */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun loadBlocking(path: Path): HashIndex =
            HashIndex(native { NativeHashIndex.load(path.toAbsolutePath().toString()) })
    }
}

/**
 * An entry that a search found.
 *
 * @property entry the number of the entry
 * @property distance number of bits that differ from the query
 * @property payload the text that was inserted with the hash. For a variant of a list: the name,
 *   `#`, and the variant
 * @property variant the variant, if the payload ends with `#` and a variant
 */
public data class Hit(
    val entry: Int,
    val distance: Int,
    val payload: String,
    val variant: String? = null,
)

private fun NativeHit.toPublic() = Hit(entry.toInt(), distance.toInt(), payload, variant)

/** Converts a distance; a negative value must not become a large one. */
internal fun Int.toDistance(): UInt {
    require(this >= 0) { "a distance is negative" }
    return toUInt()
}
