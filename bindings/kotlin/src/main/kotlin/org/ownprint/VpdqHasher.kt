package org.ownprint

import java.nio.ByteBuffer
import org.ownprint.ffi.FrameLayout as NativeFrameLayout
import org.ownprint.ffi.FramePlanes as NativeFramePlanes
import org.ownprint.ffi.PlaneLayout as NativePlaneLayout
import org.ownprint.ffi.VpdqHasher as NativeHasher
import org.ownprint.ffi.YuvMatrix as NativeYuvMatrix
import org.ownprint.ffi.YuvRange as NativeYuvRange

/**
 * Computes vPDQ from the frames of a video that a player or another decoder delivers.
 *
 * ```kotlin
 * VpdqHasher.bySeconds().use { hasher ->
 *     for ((index, frame) in frames.withIndex()) {
 *         if (hasher.wants(index.toLong(), frame.seconds)) {
 *             val layout = FrameLayout.nv12(frame.width, frame.height)
 *             hasher.update(index.toLong(), frame.seconds, frame.bytes, layout)
 *         }
 *     }
 *     val features = hasher.doFinal().map { it.feature }
 * }
 * ```
 *
 * One object hashes one video, from one thread at a time. Memory holds one frame and the hashes.
 * Two decoders may produce frames whose hashes differ by a few bits, far fewer than the threshold.
 */
public class VpdqHasher private constructor(private val hasher: NativeHasher) : AutoCloseable {
    /**
     * Returns whether [update] uses a frame.
     *
     * @param index the number of the frame, from 0, in the order of display
     * @param seconds the time of the frame, from the video's start
     * @throws OwnprintException `io` after [doFinal]
     */
    @Throws(OwnprintException::class)
    public fun wants(index: Long, seconds: Double): Boolean = native {
        hasher.wants(index.toFrameNumber(), seconds)
    }

    /**
     * Hashes a frame, from the buffer's position. A frame that is not wanted is ignored.
     *
     * A direct buffer is read in place. A heap buffer is copied once into a direct buffer, which is
     * then overwritten with zeros.
     *
     * @throws OwnprintException `invalid-pixels`, `limit-exceeded`, `invalid-video` for a time that
     *   is negative or not finite; `io` after [doFinal]
     */
    @Throws(OwnprintException::class)
    public fun update(index: Long, seconds: Double, bytes: ByteBuffer, layout: FrameLayout) {
        val nativeLayout = layout.toNative()
        bytes.borrow { borrowed ->
            native { hasher.update(index.toFrameNumber(), seconds, borrowed, nativeLayout) }
        }
    }

    /**
     * Returns the hashed frames in the order of their numbers, and ends the hasher. (`finalize` is
     * the name of the method that the JVM's garbage collector calls.)
     *
     * @throws OwnprintException `io` if it was called before
     */
    @Throws(OwnprintException::class)
    public fun doFinal(): List<VpdqFrame> = native { hasher.doFinal() }.map { it.toPublic() }

    /** Releases the native object. Later calls fail with [IllegalStateException]. */
    override fun close(): Unit = hasher.close()

    public companion object {
        /**
         * Returns a hasher for every `trunc(secondsPerHash * framesPerSecond)`-th frame, as the
         * reference implementation selects them. The time of a frame is its number divided by the
         * rate.
         *
         * @param framesPerSecond the frame rate, above 0
         * @param secondsPerHash seconds between two hashed frames, 0 for every frame; `null` for
         *   the core's default
         * @param prune skips a frame whose hash differs by at most this many bits from the last
         *   retained one
         * @param limits the limits on a frame
         * @throws OwnprintException `invalid-video`
         */
        @JvmStatic
        @JvmOverloads
        @Throws(OwnprintException::class)
        public fun byFrames(
            framesPerSecond: Double,
            secondsPerHash: Double? = null,
            prune: Int? = null,
            limits: Limits? = null,
        ): VpdqHasher {
            val distance = prune?.toDistance()
            return VpdqHasher(
                native {
                    NativeHasher.byFrames(
                        framesPerSecond,
                        secondsPerHash,
                        distance,
                        limits?.toNative(),
                    )
                }
            )
        }

        /**
         * Returns a hasher for the first frame at or after each multiple of [secondsPerHash], with
         * its own time: for players that seek, and for videos with a variable frame rate.
         *
         * @param secondsPerHash as for [byFrames]
         * @param prune as for [byFrames]
         * @param limits as for [byFrames]
         * @throws OwnprintException `invalid-video`
         */
        @JvmStatic
        @JvmOverloads
        @Throws(OwnprintException::class)
        public fun bySeconds(
            secondsPerHash: Double? = null,
            prune: Int? = null,
            limits: Limits? = null,
        ): VpdqHasher {
            val distance = prune?.toDistance()
            return VpdqHasher(
                native { NativeHasher.bySeconds(secondsPerHash, distance, limits?.toNative()) }
            )
        }
    }
}

/** The layout of a frame in one buffer. */
public sealed interface FrameLayout {
    /** Pixels in a row. */
    public val width: Int

    /** Number of rows. */
    public val height: Int

    /**
     * Luma, and two chroma planes of half the width and height.
     *
     * @property luma the luma plane
     * @property cb the blue-difference chroma plane
     * @property cr the red-difference chroma plane
     * @property matrix the color matrix; `null` for the core's default
     * @property range the value range; `null` for the core's default
     */
    public data class I420
    @JvmOverloads
    constructor(
        override val width: Int,
        override val height: Int,
        val luma: PlaneLayout,
        val cb: PlaneLayout,
        val cr: PlaneLayout,
        val matrix: YuvMatrix? = null,
        val range: YuvRange? = null,
    ) : FrameLayout {
        init {
            requireSize(width, height)
        }
    }

    /**
     * Luma, and one plane of interleaved chroma of half the width and height.
     *
     * @property luma the luma plane
     * @property chroma the chroma plane: Cb and Cr in turn
     * @property matrix the color matrix; `null` for the core's default
     * @property range the value range; `null` for the core's default
     */
    public data class Nv12
    @JvmOverloads
    constructor(
        override val width: Int,
        override val height: Int,
        val luma: PlaneLayout,
        val chroma: PlaneLayout,
        val matrix: YuvMatrix? = null,
        val range: YuvRange? = null,
    ) : FrameLayout {
        init {
            requireSize(width, height)
        }
    }

    /**
     * Whole pixels.
     *
     * @property format the bytes of one pixel
     * @property plane the rows of pixels
     */
    public data class Packed(
        override val width: Int,
        override val height: Int,
        val format: PixelLayout.Format,
        val plane: PlaneLayout,
    ) : FrameLayout {
        init {
            requireSize(width, height)
        }
    }

    public companion object {
        /** Returns the layout of three consecutive planes without padding. */
        @JvmStatic
        @JvmOverloads
        public fun i420(
            width: Int,
            height: Int,
            matrix: YuvMatrix? = null,
            range: YuvRange? = null,
        ): I420 {
            requireSize(width, height)
            val (luma, chroma) = width.toLong() * height to half(width).toLong() * half(height)
            val cb = PlaneLayout(luma, half(width))
            return I420(
                width,
                height,
                PlaneLayout(0, width),
                cb,
                cb.copy(offset = luma + chroma),
                matrix,
                range,
            )
        }

        /** Returns the layout of two consecutive planes without padding. */
        @JvmStatic
        @JvmOverloads
        public fun nv12(
            width: Int,
            height: Int,
            matrix: YuvMatrix? = null,
            range: YuvRange? = null,
        ): Nv12 {
            requireSize(width, height)
            val chroma = PlaneLayout(width.toLong() * height, 2 * half(width))
            return Nv12(width, height, PlaneLayout(0, width), chroma, matrix, range)
        }

        private fun half(length: Int) = length / 2 + length % 2
    }
}

/**
 * The position of a plane's rows in a buffer.
 *
 * @property offset byte offset of the first row
 * @property stride bytes from the start of one row to the start of the next
 */
public data class PlaneLayout(val offset: Long, val stride: Int) {
    init {
        require(offset >= 0 && stride >= 0) { "an offset or stride is negative" }
    }
}

/** The color matrix of YUV samples. */
public enum class YuvMatrix {
    /** ITU-R BT.601. */
    BT601,

    /** ITU-R BT.709. */
    BT709,
}

/** The value range of YUV samples. */
public enum class YuvRange {
    /** Luma from 16 to 235, chroma from 16 to 240. */
    LIMITED,

    /** 0 to 255. */
    FULL,
}

private fun requireSize(width: Int, height: Int) =
    require(width >= 0 && height >= 0) { "a width or height is negative" }

private fun FrameLayout.toNative() =
    NativeFrameLayout(
        width = width.toUInt(),
        height = height.toUInt(),
        planes =
            when (this) {
                is FrameLayout.I420 ->
                    NativeFramePlanes.I420(
                        luma.toNative(),
                        cb.toNative(),
                        cr.toNative(),
                        matrix?.toNative(),
                        range?.toNative(),
                    )
                is FrameLayout.Nv12 ->
                    NativeFramePlanes.Nv12(
                        luma.toNative(),
                        chroma.toNative(),
                        matrix?.toNative(),
                        range?.toNative(),
                    )
                is FrameLayout.Packed ->
                    NativeFramePlanes.Packed(format.toNative(), plane.toNative())
            },
    )

private fun PlaneLayout.toNative() = NativePlaneLayout(offset.toULong(), stride.toUInt())

private fun YuvMatrix.toNative() =
    when (this) {
        YuvMatrix.BT601 -> NativeYuvMatrix.BT601
        YuvMatrix.BT709 -> NativeYuvMatrix.BT709
    }

private fun YuvRange.toNative() =
    when (this) {
        YuvRange.LIMITED -> NativeYuvRange.LIMITED
        YuvRange.FULL -> NativeYuvRange.FULL
    }

private fun Long.toFrameNumber(): ULong {
    require(this >= 0) { "the number of a frame is negative" }
    return toULong()
}
