package org.ownprint.android

import android.graphics.ImageFormat
import android.graphics.Rect
import android.media.Image
import android.media.MediaCodec
import android.media.MediaFormat
import java.nio.ByteBuffer
import org.ownprint.FrameLayout
import org.ownprint.Limits
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
        for ((plane, area) in image.planes.zip(listOf(crop, half, half))) copy(plane, area)
        planes.selectWritten()
        hasher.update(number, seconds, planes, layout)
    }

    /** Appends the samples of a plane within an area. */
    private fun copy(plane: Image.Plane, area: Rect) {
        val row = ByteArray(area.width())
        val source = plane.buffer
        val last = source.limit() - 1
        // For an odd length a codec may round the number of samples down: the last ones are
        // repeated.
        val lastInRow = (area.left + row.size - 1) * plane.pixelStride
        val rows = (last - lastInRow).floorDiv(plane.rowStride).coerceAtLeast(0)
        for (y in area.top until area.bottom) {
            val start = minOf(y, rows) * plane.rowStride + area.left * plane.pixelStride
            for (x in row.indices) row[x] = source.get(minOf(start + x * plane.pixelStride, last))
            planes.put(row)
        }
        row.fill(0)
    }

    override fun close() = planes.wipe()

    private fun isFullRange(format: MediaFormat) =
        format.containsKey(MediaFormat.KEY_COLOR_RANGE) &&
            format.getInteger(MediaFormat.KEY_COLOR_RANGE) == MediaFormat.COLOR_RANGE_FULL
}
