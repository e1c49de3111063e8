package org.ownprint.android

import android.graphics.ImageFormat
import android.graphics.Rect
import android.media.Image
import android.media.MediaCodec
import android.media.MediaFormat
import java.nio.ByteBuffer
import org.ownprint.FrameLayout
import org.ownprint.Limits
import org.ownprint.OwnprintException
import org.ownprint.VpdqFrame
import org.ownprint.VpdqHasher
import org.ownprint.YuvRange
import org.ownprint.checkSize
import org.ownprint.selectAll
import org.ownprint.selectWritten
import org.ownprint.wipe

/** Passes the frames of a video to a hasher, in one reused buffer. */
internal class VideoFrameHasher(
    private val hasher: VpdqHasher,
    private val limits: Limits?,
    private val onProgress: VideoProgressListener?,
) : AutoCloseable {
    private var planes = ByteBuffer.allocateDirect(0)
    private var index = 0L
    var width = 0
        private set

    var height = 0
        private set

    var seconds = 0.0
        private set

    /**
     * Hashes the next frame, from a buffer of the codec, if the hasher wants it. Frames before the
     * video's start are not displayed, and not counted.
     */
    fun add(codec: MediaCodec, buffer: Int, seconds: Double) {
        if (seconds < 0) return
        val number = index++
        this.seconds = seconds
        if (!hasher.wants(number, seconds)) return
        imageIn(codec, buffer).use {
            // Videos of more than 8 bits have three planes too.
            if (it.format != ImageFormat.YUV_420_888)
                throw cannotDecodeVideo("its frames are not 8-bit YUV 4:2:0", null)
            hash(it, number, isFullRange(codec.getOutputFormat(buffer)))
        }
        onProgress?.onProgress(seconds)
    }

    /**
     * Returns the hashed frames, and ends the hasher.
     *
     * @throws OwnprintException `damaged-video` if the video has no frame
     */
    fun hashes(): List<VpdqFrame> {
        if (index == 0L) throw damaged(null)
        return hasher.doFinal()
    }

    private fun imageIn(codec: MediaCodec, buffer: Int): Image =
        try {
            codec.getOutputImage(buffer)
        } catch (error: RuntimeException) {
            // Android does not know the codec's layout.
            throw cannotDecodeVideo("its frames cannot be read", error)
        } ?: throw cannotDecodeVideo("its frames cannot be read", null)

    private fun hash(image: Image, number: Long, isFullRange: Boolean) {
        val crop = image.cropRect
        width = crop.width()
        height = crop.height()
        // The codec's frames may be larger than the video track states.
        checkSize(width, height, limits)
        val layout =
            FrameLayout.i420(
                width,
                height,
                range = if (isFullRange) YuvRange.FULL else YuvRange.LIMITED,
            )
        val (left, top) = crop.left / 2 to crop.top / 2
        val half = Rect(left, top, left + (width + 1) / 2, top + (height + 1) / 2)
        val bytes = width * height + 2 * half.width() * half.height()
        if (planes.capacity() < bytes) {
            planes.wipe()
            planes = ByteBuffer.allocateDirect(bytes)
        }
        planes.selectAll()
        // The codec's rows may have padding, and its samples may be interleaved.
        for ((index, plane) in image.planes.withIndex()) {
            val isLuma = index == 0
            copy(plane, PlaneSize.of(plane, image, isLuma), if (isLuma) crop else half)
        }
        planes.selectWritten()
        hasher.update(number, seconds, planes, layout)
    }

    /** Appends the samples of a plane within an area. Missing samples repeat the last ones. */
    private fun copy(plane: Image.Plane, size: PlaneSize, area: Rect) {
        val row = ByteArray(area.width())
        val source = plane.buffer
        for (y in area.top until area.bottom) {
            val start = minOf(y, size.rows - 1) * plane.rowStride
            for (x in row.indices) {
                val column = minOf(area.left + x, size.columns - 1)
                row[x] = source.get(start + column * plane.pixelStride)
            }
            planes.put(row)
        }
        row.fill(0)
    }

    /**
     * The number of samples that a plane has. Chroma has half the samples of luma. Half of an odd
     * number is rounded down by some codecs and up by others, which only the length of the buffer
     * tells.
     */
    private class PlaneSize(val columns: Int, val rows: Int) {
        companion object {
            fun of(plane: Image.Plane, image: Image, isLuma: Boolean): PlaneSize {
                val sizes =
                    if (isLuma) listOf(PlaneSize(image.width, image.height))
                    else halves(image.height).flatMap { rows ->
                        halves(image.width).map { PlaneSize(it, rows) }
                    }
                val length = plane.buffer.limit()
                fun needed(size: PlaneSize) =
                    (size.rows - 1L) * plane.rowStride +
                        (size.columns - 1L) * plane.pixelStride +
                        1
                return sizes.find { needed(it) == length.toLong() }
                    ?: sizes.find { needed(it) <= length }
                    ?: throw cannotDecodeVideo("its frames cannot be read", null)
            }

            private fun halves(length: Int) = setOf(length / 2 + length % 2, maxOf(length / 2, 1))
        }
    }

    override fun close() = planes.wipe()

    private fun isFullRange(format: MediaFormat) =
        format.containsKey(MediaFormat.KEY_COLOR_RANGE) &&
            format.getInteger(MediaFormat.KEY_COLOR_RANGE) == MediaFormat.COLOR_RANGE_FULL
}
