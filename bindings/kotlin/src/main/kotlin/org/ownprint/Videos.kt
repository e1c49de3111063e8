package org.ownprint

import java.nio.ByteBuffer
import org.ownprint.ffi.VideoComparison as NativeComparison
import org.ownprint.ffi.FrameLayout as NativeFrameLayout
import org.ownprint.ffi.PlaneLayout as NativePlaneLayout
import org.ownprint.ffi.VpdqHasher as NativeHasher

/**
 * vPDQ of a video whose frames somebody else decodes: it says which it wants, and takes them.
 *
 * ```kotlin
 * VpdqHasher.bySeconds().use { hasher ->
 *     for ((index, frame) in frames.withIndex()) {
 *         if (hasher.wants(index.toLong(), frame.seconds)) {
 *             hasher.push(index.toLong(), frame.seconds, frame.bytes, FrameLayout.nv12(frame.width, frame.height))
 *         }
 *     }
 *     val features = hasher.finish().map { it.feature }
 * }
 * ```
 *
 * One video, from one thread at a time. Memory is that of one frame and the hashes. Decoders differ in a few bits, so the hashes of one video by two decoders
 * do, too, by far less than what videos are compared by.
 */
public class VpdqHasher private constructor(private val native: NativeHasher) : AutoCloseable {
    /**
     * Whether a frame is to be pushed.
     *
     * @param index the frame's number, from 0, in the order in which frames are shown
     * @param seconds when it is shown, from the video's start
     * @throws OwnprintException `io` once [finish] was called
     */
    public fun wants(index: Long, seconds: Double): Boolean = atBorder { native.wants(index.toNumber(), seconds) }

    /**
     * Hashes a frame, from the buffer's position on; one that is not wanted is passed over.
     *
     * A direct buffer is read where it lies. A heap buffer is copied once into a direct one, which is then overwritten with zeros.
     *
     * @throws OwnprintException `invalid-pixels`, `limit-exceeded`, `invalid-video` for a time that is negative or none; `io` once [finish] was
     *   called
     */
    public fun push(index: Long, seconds: Double, bytes: ByteBuffer, layout: FrameLayout) {
        val native = layout.toNative()
        bytes.lend { borrowed -> atBorder { this.native.push(index.toNumber(), seconds, borrowed, native) } }
    }

    /**
     * The frames that were hashed, in the order of their numbers.
     *
     * @throws OwnprintException `io` when it was called before
     */
    public fun finish(): List<VpdqFrame> = atBorder { native.finish() }.map { it.toRecord() }

    /** Lets go of the native object. A call after this one fails with [IllegalStateException]. */
    override fun close(): Unit = native.close()

    public companion object {
        /**
         * The reference's rule: every `trunc(secondsPerHash * framesPerSecond)`-th frame, at least every one; a frame's time is its number
         * over the rate.
         *
         * @param framesPerSecond the video's rate, above 0
         * @param secondsPerHash 0 takes every frame
         * @param prune leaves out a frame whose hash is at most so many bits from that of the last one kept
         * @param limits what a frame may ask for
         * @throws OwnprintException `invalid-video`
         */
        @JvmStatic
        @JvmOverloads
        public fun byFrames(
            framesPerSecond: Double,
            secondsPerHash: Double = 1.0,
            prune: Int? = null,
            limits: Limits? = null,
        ): VpdqHasher =
            VpdqHasher(atBorder { NativeHasher.byFrames(framesPerSecond, secondsPerHash, prune?.toBits(), limits?.toNative()) })

        /**
         * For players that seek, and for videos of no steady rate: the first frame at or behind each multiple of [secondsPerHash], with its own time.
         *
         * @param prune as for [byFrames]
         * @param limits what a frame may ask for
         * @throws OwnprintException `invalid-video`
         */
        @JvmStatic
        @JvmOverloads
        public fun bySeconds(secondsPerHash: Double = 1.0, prune: Int? = null, limits: Limits? = null): VpdqHasher =
            VpdqHasher(atBorder { NativeHasher.bySeconds(secondsPerHash, prune?.toBits(), limits?.toNative()) })
    }
}

/**
 * How the bytes of a frame stand in one buffer.
 *
 * @property format `i420`, `nv12`, or the name of a pixel format: `rgb8`, `rgba8`, `bgra8`, `l8`
 * @property width pixels a row
 * @property height rows
 * @property planes in the format's order: luma, blue- and red-difference (`i420`), luma and both in turn (`nv12`), all pixels
 * @property matrix of `i420` and `nv12` alone: `bt601`, which is meant where nothing is said, or `bt709`
 * @property range of `i420` and `nv12` alone: `limited`, which is meant where nothing is said, or `full`
 */
public data class FrameLayout @JvmOverloads constructor(
    val format: String,
    val width: Int,
    val height: Int,
    val planes: List<PlaneLayout>,
    val matrix: String? = null,
    val range: String? = null,
) {
    init {
        require(width >= 0 && height >= 0) { "a width or height is below 0" }
    }

    public companion object {
        /** The planes of `i420`, one behind the other, without anything between rows. */
        @JvmStatic
        @JvmOverloads
        public fun i420(width: Int, height: Int, matrix: String? = null, range: String? = null): FrameLayout {
            val (luma, chroma) = width.toLong() * height to half(width).toLong() * half(height)
            val planes = listOf(PlaneLayout(0, width), PlaneLayout(luma, half(width)), PlaneLayout(luma + chroma, half(width)))
            return FrameLayout("i420", width, height, planes, matrix, range)
        }

        /** The planes of `nv12`, one behind the other, without anything between rows. */
        @JvmStatic
        @JvmOverloads
        public fun nv12(width: Int, height: Int, matrix: String? = null, range: String? = null): FrameLayout {
            val planes = listOf(PlaneLayout(0, width), PlaneLayout(width.toLong() * height, 2 * half(width)))
            return FrameLayout("nv12", width, height, planes, matrix, range)
        }

        private fun half(length: Int) = length / 2 + length % 2
    }
}

/**
 * Where a plane's rows stand.
 *
 * @property offset the first row's place in the buffer, in bytes
 * @property stride bytes from the start of one row to the start of the next
 */
public data class PlaneLayout(val offset: Long, val stride: Int) {
    init {
        require(offset >= 0 && stride >= 0) { "an offset or stride is below 0" }
    }
}

/**
 * How much of two videos is in each other, by python-threatexchange's parameters: frames of quality 50 and more, up to 31 bits apart.
 *
 * @property queryPercent per cent of the query's frames that the compared video has
 * @property comparedPercent per cent of the compared video's frames that the query has
 * @property isMatch whether the query is taken for a part of the compared video: 80 per cent of it are there
 */
public data class VideoComparison(val queryPercent: Double, val comparedPercent: Double, val isMatch: Boolean)

/**
 * Compares the video that is asked about with one of a list.
 *
 * @throws OwnprintException `not-comparable`, `invalid-hash`, `invalid-record` for features that are none
 */
public fun compareVideos(query: List<VpdqFeature>, compared: List<VpdqFeature>): VideoComparison =
    atBorder { org.ownprint.ffi.compareVideos(query.map { it.toNative() }, compared.map { it.toNative() }) }.toRecord()

private fun NativeComparison.toRecord() = VideoComparison(queryPercent, comparedPercent, isMatch)

private fun FrameLayout.toNative() = NativeFrameLayout(
    format = format,
    width = width.toUInt(),
    height = height.toUInt(),
    planes = planes.map { NativePlaneLayout(it.offset.toULong(), it.stride.toUInt()) },
    matrix = matrix,
    range = range,
)

private fun Long.toNumber(): ULong {
    require(this >= 0) { "a frame's number is below 0" }
    return toULong()
}

private fun Int.toBits(): UInt {
    require(this >= 0) { "a distance is below 0" }
    return toUInt()
}
