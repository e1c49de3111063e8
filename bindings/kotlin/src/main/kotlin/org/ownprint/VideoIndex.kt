package org.ownprint

import java.nio.ByteBuffer
import java.nio.file.Path
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.ownprint.ffi.VideoHit as NativeHit
import org.ownprint.ffi.VideoIndex as NativeVideoIndex
import org.ownprint.ffi.VideoThresholds as NativeThresholds

/**
 * Videos in memory, each with a text. A query finds those that have its frames. The results equal
 * those of [Ownprint.compareVideos] with every video of the index.
 *
 * ```kotlin
 * VideoIndex().use { index ->
 *     index.insertList(Files.readAllBytes(Path.of("videos.jsonl")))
 *     for (hit in index.matches(features)) println("${hit.payload}: ${hit.comparison.queryPercent}")
 * }
 * ```
 *
 * An index can be used from any number of threads at once. The suspend functions leave the calling
 * thread.
 */
public class VideoIndex private constructor(private val index: NativeVideoIndex) : AutoCloseable {
    /**
     * An empty index.
     *
     * @param quality the minimum quality of the frames that are stored; `null` for the core's
     *   default
     */
    @JvmOverloads
    @Throws(OwnprintException::class)
    public constructor(
        quality: Int? = null
    ) : this(native { NativeVideoIndex(quality?.toQuality()) })

    /** The minimum quality of the frames in the index. */
    public val quality: Int
        get() = index.quality().toInt()

    /** The number of videos. */
    public val size: Long
        get() = index.count().toLong()

    /** The number of hashes: of each video, the distinct ones of sufficient quality. */
    public val frames: Long
        get() = index.frames().toLong()

    /**
     * Inserts a video.
     *
     * @param video the hashes of its frames
     * @param payload a text that searches return with it
     * @return the number of the video: 0, 1, 2, ... in the order of insertion
     * @throws OwnprintException `invalid-hash`, `not-comparable`, `invalid-video`
     */
    @JvmOverloads
    @Throws(OwnprintException::class)
    public fun insert(video: List<VpdqFeature>, payload: String = ""): Int =
        native { index.insert(video.map { it.toNative() }, payload) }.toInt()

    /**
     * Inserts the videos of a list, with their names. The list is JSON lines or CSV as the command
     * line writes them, the lines of vPDQ, or the JSON of python-threatexchange. If a line is
     * invalid, none is inserted.
     *
     * @return the number of inserted videos
     * @throws OwnprintException `invalid-record`, with line and column
     */
    public suspend fun insertList(list: ByteArray): Long =
        withContext(Dispatchers.Default) { insertListBlocking(list) }

    /** [insertList], on the calling thread. */
    @Throws(OwnprintException::class)
    public fun insertListBlocking(list: ByteArray): Long =
        ByteBuffer.wrap(list).borrow { borrowed -> native { index.insertList(borrowed) } }.toLong()

    /** Removes a video, and returns its text; `null` if there is no video with that number. */
    public fun remove(video: Int): String? = index.remove(video.toUInt())

    /**
     * Returns every video that a query matches, the best one first.
     *
     * @throws OwnprintException `invalid-hash`, `not-comparable` also if the minimum quality is
     *   below that of the index, `invalid-video`
     */
    public suspend fun matches(
        query: List<VpdqFeature>,
        thresholds: VideoThresholds = VideoThresholds(),
    ): List<VideoHit> = withContext(Dispatchers.Default) { matchesBlocking(query, thresholds) }

    /** [matches], on the calling thread. */
    @JvmOverloads
    @Throws(OwnprintException::class)
    public fun matchesBlocking(
        query: List<VpdqFeature>,
        thresholds: VideoThresholds = VideoThresholds(),
    ): List<VideoHit> =
        native { index.matches(query.map { it.toNative() }, thresholds.toNative()) }
            .map { it.toPublic() }

    /**
     * Returns the videos that match others, in groups. A video that matches one member of a group,
     * or that a member matches, belongs to the group.
     *
     * @throws OwnprintException `not-comparable` if the minimum quality is below that of the index
     */
    public suspend fun groups(
        thresholds: VideoThresholds = VideoThresholds()
    ): List<List<Int>> = withContext(Dispatchers.Default) { groupsBlocking(thresholds) }

    /** [groups], on the calling thread. */
    @JvmOverloads
    @Throws(OwnprintException::class)
    public fun groupsBlocking(
        thresholds: VideoThresholds = VideoThresholds()
    ): List<List<Int>> =
        native { index.groups(thresholds.toNative()) }.map { group -> group.map { it.toInt() } }

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
         * Loads an index from a file. The videos are renumbered from 0, in the order of insertion.
         *
         * @throws OwnprintException `io`, `invalid-index` for a file that is cut off or altered, or
         *   an index of hashes
         */
        public suspend fun load(path: Path): VideoIndex =
            withContext(Dispatchers.IO) { loadBlocking(path) }

        /** [load], on the calling thread. */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun loadBlocking(path: Path): VideoIndex =
            VideoIndex(native { NativeVideoIndex.load(path.toAbsolutePath().toString()) })
    }
}

/**
 * A video that a search found.
 *
 * @property video the number of the video
 * @property payload the text that was inserted with it
 * @property comparison the comparison of the query with the video
 */
public data class VideoHit(val video: Int, val payload: String, val comparison: VideoComparison)

/**
 * The thresholds at which two frames, and two videos, match. A property that is `null` keeps the
 * core's default.
 *
 * @property quality the minimum quality of a frame, 0 to 100
 * @property distance the largest distance of two frames that match, in bits
 * @property queryPercent the percentage of the query's frames that must be in the compared video
 * @property comparedPercent the percentage of the compared video's frames that must be in the query
 */
public data class VideoThresholds
@JvmOverloads
constructor(
    val quality: Int? = null,
    val distance: Int? = null,
    val queryPercent: Double? = null,
    val comparedPercent: Double? = null,
)

internal fun VideoThresholds.toNative() =
    NativeThresholds(quality?.toQuality(), distance?.toDistance(), queryPercent, comparedPercent)

private fun NativeHit.toPublic() = VideoHit(video.toInt(), payload, comparison.toPublic())
