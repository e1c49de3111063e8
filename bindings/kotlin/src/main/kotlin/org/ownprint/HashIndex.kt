package org.ownprint

import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.file.Path
import org.ownprint.ffi.Hit as NativeHit
import org.ownprint.ffi.HashIndex as NativeHashIndex

/**
 * Hashes of one algorithm in memory, each with a text, found by their distance from another. Answers are exact, and fast among
 * millions too.
 *
 * ```kotlin
 * HashIndex("pdq").use { index ->
 *     index.insertList(Files.readAllBytes(Path.of("known.txt")))
 *     for (hit in index.within(fingerprint.hash("pdq")!!.hex)) println("${hit.payload}: ${hit.distance} bits")
 * }
 * ```
 *
 * May be used from any number of threads at once. Calls compute on the thread that makes them: a search takes well under a
 * millisecond, loading or adding a million hashes about a second.
 */
public class HashIndex private constructor(private val native: NativeHashIndex) : AutoCloseable {
    /**
     * An empty index.
     *
     * @param algorithm the stable name of the algorithm whose hashes it takes
     * @throws OwnprintException `unknown-algorithm`, `not-comparable` for hashes of over 1,024 bits
     */
    @JvmOverloads
    public constructor(algorithm: String = "pdq") : this(atBorder { NativeHashIndex(algorithm) })

    /** The stable name of the algorithm whose hashes it has. */
    public val algorithm: String get() = native.algorithm()

    /** How many entries it has. */
    public val size: Long get() = native.count().toLong()

    /**
     * Adds a hash.
     *
     * @param hex the hash in hexadecimal digits
     * @param payload a text that is found with it
     * @return the entry's number: 0, 1, 2 … in the order in which entries come
     * @throws OwnprintException `invalid-hash`, `not-comparable`
     */
    @JvmOverloads
    public fun insert(hex: String, payload: String = ""): Int = atBorder { native.insert(hex, payload) }.toInt()

    /**
     * Adds the hashes of [algorithm] that a list has: JSON lines or a table as the command line writes them, or lines `pdq HASH`
     * of an exchange. Each goes in under its name there, if it has one. When any line is wrong, none is added.
     *
     * @return how many were added
     * @throws OwnprintException `invalid-record`, with line and column
     */
    public fun insertList(list: ByteArray): Long =
        ByteBuffer.wrap(list).lend { borrowed -> atBorder { native.insertList(borrowed) } }.toLong()

    /**
     * The same of a list that a stream gives, from where it stands to its end, read piece by piece; the stream is not closed.
     *
     * @return how many were added
     * @throws OwnprintException `invalid-record`, with line and column
     * @throws Exception what the stream threw, as itself; none is added then
     */
    public fun insertList(stream: InputStream): Long = atBorder { native.stream() }.use { stream ->
        val pieces = Pieces(stream)
        while (true) {
            val piece = pieces.next() ?: break
            atBorder { stream.push(piece) }
        }
        atBorder { native.insertReader(stream) }.toLong()
    }

    /** Removes an entry and gives its text; nothing where there is none of that number. */
    public fun remove(entry: Int): String? = native.remove(entry.toUInt())

    /**
     * Every entry within a distance of a hash, nearest first.
     *
     * @param hex the hash in hexadecimal digits
     * @param radius bits that may differ; the algorithm's threshold where none is given
     * @throws OwnprintException `invalid-hash`, `not-comparable`
     */
    @JvmOverloads
    public fun within(hex: String, radius: Int? = null): List<Hit> =
        atBorder { native.within(hex, radius?.toUInt()) }.map { it.toRecord() }

    /**
     * The entries nearest to a hash, nearest first.
     *
     * @param hex the hash in hexadecimal digits
     * @param count how many at most
     * @throws OwnprintException `invalid-hash`, `not-comparable`
     */
    public fun nearest(hex: String, count: Int): List<Hit> =
        atBorder { native.nearest(hex, count.toUInt()) }.map { it.toRecord() }

    /**
     * The entries that have others near them, in groups: who is near one member is a member too.
     *
     * @param radius bits that may differ; the algorithm's threshold where none is given
     */
    @JvmOverloads
    public fun groups(radius: Int? = null): List<List<Int>> =
        native.groups(radius?.toUInt()).map { group -> group.map { it.toInt() } }

    /**
     * Saves the index to a file, with a checksum; one that is there is replaced.
     *
     * @throws OwnprintException `io`
     */
    public fun save(path: Path): Unit = atBorder { native.save(path.toAbsolutePath().toString()) }

    /** Lets go of the native object. A call after this one fails with [IllegalStateException]. */
    override fun close(): Unit = native.close()

    public companion object {
        /**
         * The index that was saved to a file; its entries are numbered anew, in the order in which they came.
         *
         * @throws OwnprintException `io`, `invalid-index` for a file that is cut off or altered, `unknown-algorithm`
         */
        @JvmStatic
        public fun load(path: Path): HashIndex = HashIndex(atBorder { NativeHashIndex.load(path.toAbsolutePath().toString()) })
    }
}

/**
 * A hash that a search found.
 *
 * @property entry the entry's number in its index
 * @property distance bits that differ from the hash that was looked for
 * @property payload the text that was given with it; a list's hash of a variant has the name there, `#` and the variant
 * @property variant the variant, where the payload ends with `#` and one
 */
public data class Hit(val entry: Int, val distance: Int, val payload: String, val variant: String? = null)

private fun NativeHit.toRecord() = Hit(entry.toInt(), distance.toInt(), payload, variant)
