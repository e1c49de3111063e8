package org.ownprint.android

import android.graphics.ImageFormat
import android.graphics.Rect
import android.media.Image
import android.media.TestImage
import android.media.TestImage.TestPlane
import java.nio.ByteBuffer
import org.ownprint.FrameLayout
import org.ownprint.VpdqFrame
import org.ownprint.VpdqHasher
import org.ownprint.YuvRange

/**
 * The layout of a codec's frames.
 *
 * @property shown the part that is shown
 * @property width pixels in a row of the codec's frame
 * @property height rows of the codec's frame
 * @property stride bytes from one row of luma to the next
 * @property isInterleaved whether the two chroma planes share their rows
 * @property isSwapped whether the red-difference samples come first
 * @property roundsUp whether half of an odd length is rounded up
 */
internal data class Layout(
    val shown: Rect,
    val width: Int = shown.width(),
    val height: Int = shown.height(),
    val stride: Int = width,
    val isInterleaved: Boolean = true,
    val isSwapped: Boolean = false,
    val roundsUp: Boolean = true,
    val format: Int = ImageFormat.YUV_420_888,
) {
    val chromaWidth = half(width)
    val chromaHeight = half(height)

    private fun half(length: Int) = if (roundsUp) (length + 1) / 2 else length / 2
}

/** Frames of a moving pattern. */
internal object Frames {
    private fun luma(x: Int, y: Int, frame: Int) =
        16 + (x * 3 + y * 2 + x * y / 9 + frame * 19) % 220

    private fun cb(x: Int, y: Int, frame: Int) = 60 + (x * 5 + y + frame * 3) % 130

    private fun cr(x: Int, y: Int, frame: Int) = 60 + (y * 7 + x + frame * 5) % 130

    /** The frame of a codec. Samples outside of the shown part are 0. */
    fun image(frame: Int, layout: Layout): Image {
        val shown = layout.shown
        val luma =
            plane(layout.width, layout.height, layout.stride, 1, 0) { x, y ->
                if (shown.contains(x, y)) luma(x - shown.left, y - shown.top, frame) else 0
            }
        fun chroma(value: (Int, Int, Int) -> Int): (Int, Int) -> Int = { x, y ->
            value(x - shown.left / 2, y - shown.top / 2, frame)
        }
        val pixel = if (layout.isInterleaved) 2 else 1
        val stride = if (layout.isInterleaved) layout.stride else (layout.stride + 1) / 2
        val first = layout.isInterleaved && layout.isSwapped
        val planes =
            listOf(chroma(::cb) to first, chroma(::cr) to (layout.isInterleaved && !first)).map {
                (value, isSecond) ->
                // The padding of interleaved rows has the other plane's samples.
                val offset = if (isSecond) 1 else 0
                val bytes =
                    plane(layout.chromaWidth, layout.chromaHeight, stride, pixel, offset, value)
                bytes.position(offset)
                TestPlane(stride, pixel, bytes.slice())
            }
        return TestImage(
            layout.format,
            layout.width,
            layout.height,
            arrayOf(TestPlane(layout.stride, 1, luma), planes[0], planes[1]),
            shown.takeUnless { it == Rect(0, 0, layout.width, layout.height) },
        )
    }

    /** A plane up to its last sample, as Android limits the buffer. */
    private fun plane(
        width: Int,
        height: Int,
        stride: Int,
        pixel: Int,
        offset: Int,
        value: (Int, Int) -> Int,
    ): ByteBuffer {
        val last = (height - 1) * stride + (width - 1) * pixel + offset
        val bytes = ByteBuffer.allocateDirect(last + 1)
        // What lies between the samples must not be read.
        while (bytes.hasRemaining()) bytes.put(0xee.toByte())
        for (y in 0 until height) for (x in 0 until width) {
            bytes.put(offset + y * stride + x * pixel, value(x, y).toByte())
        }
        bytes.rewind()
        return bytes
    }

    /** vPDQ of the shown part, computed from frames without padding. */
    fun hashes(numbers: List<Pair<Int, Double>>, layout: Layout, range: YuvRange): List<VpdqFrame> {
        val (width, height) = layout.shown.width() to layout.shown.height()
        val target = FrameLayout.i420(width, height, range = range)
        VpdqHasher.bySeconds().use { hasher ->
            for ((number, seconds) in numbers) {
                val bytes = ByteBuffer.allocateDirect(width * height * 3)
                for (y in 0 until height) for (x in 0 until width) {
                    bytes.put(luma(x, y, number).toByte())
                }
                // Missing samples repeat the last ones.
                val lastX = (layout.chromaWidth - layout.shown.left / 2) - 1
                val lastY = (layout.chromaHeight - layout.shown.top / 2) - 1
                for (value in listOf(::cb, ::cr)) {
                    for (y in 0 until (height + 1) / 2) for (x in 0 until (width + 1) / 2) {
                        bytes.put(value(minOf(x, lastX), minOf(y, lastY), number).toByte())
                    }
                }
                bytes.flip()
                hasher.update(number.toLong(), seconds, bytes, target)
            }
            return hasher.doFinal()
        }
    }
}
