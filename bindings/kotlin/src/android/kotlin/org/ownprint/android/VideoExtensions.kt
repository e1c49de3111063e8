package org.ownprint.android

import android.content.ContentResolver
import android.graphics.ImageFormat
import android.graphics.Rect
import android.media.Image
import android.media.MediaCodec
import android.media.MediaFormat
import android.net.Uri
import java.nio.ByteBuffer
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withContext
import org.ownprint.Decoder
import org.ownprint.FrameLayout
import org.ownprint.Limits
import org.ownprint.Ownprint
import org.ownprint.OwnprintException
import org.ownprint.VpdqFrame
import org.ownprint.VpdqHasher
import org.ownprint.checkSize
import org.ownprint.showAll
import org.ownprint.showWritten
import org.ownprint.wipe

/**
 * vPDQ of a video whose frames Android decoded.
 *
 * @property frames the hashed frames, numbered among those that the video has
 * @property width pixels a row
 * @property height rows
 * @property seconds the time of the last frame
 * @property decoder who decoded it
 * @property exact whether every phone gets these bits: it may not
 */
public data class PlatformVideo(
    val frames: List<VpdqFrame>,
    val width: Int,
    val height: Int,
    val seconds: Double,
    val decoder: Decoder = Decoder.PLATFORM,
    val exact: Boolean = false,
)

/** Told how far a video is. */
public fun interface VideoProgressListener {
    /** Called on the thread that decodes, after each frame that was hashed. What it throws ends the call, and comes out of it as itself. */
    public fun onProgress(seconds: Double)
}

/**
 * vPDQ of the video that a content URI names: the first frame at or behind each multiple of [secondsPerHash], as the video stores it (not turned), its
 * colours by BT.601, as the reference has them. For the digests of the file give its stream to [Ownprint.digests].
 *
 * Android decodes, by whatever codec the phone has for it, so another phone may get other bits; far fewer than videos are compared by. The video is read where
 * it is and not held in memory. A coroutine that is cancelled ends between two frames. The sides of the video are held to this object's
 * [limits][org.ownprint.Options.limits] before anything is decoded.
 *
 * @param prune leaves out a frame whose hash is at most so many bits from that of the last one kept
 * @param onProgress told the time of each frame that was hashed
 * @throws OwnprintException `unsupported-video` where this phone cannot decode it, or not into planes of 8 bits; `damaged-video`, `limit-exceeded`,
 *   `invalid-video` for seconds that are negative or none
 * @throws java.io.IOException when the content cannot be opened
 * @throws SecurityException when the app may not read it
 */
public suspend fun Ownprint.videoHashes(
    resolver: ContentResolver,
    uri: Uri,
    secondsPerHash: Double = 1.0,
    prune: Int? = null,
    onProgress: VideoProgressListener? = null,
): PlatformVideo = withContext(Dispatchers.IO) {
    VpdqHasher.bySeconds(secondsPerHash, prune, options.limits).use { hasher ->
        PlatformVideoDecoder.open(resolver, uri, options.limits).use { decoder ->
            VideoFrames(hasher, options.limits, onProgress).use { frames ->
                decoder.decode(goOn = { ensureActive() }, take = frames::take)
                PlatformVideo(hasher.finish(), frames.width, frames.height, frames.seconds)
            }
        }
    }
}

/** Hands a video's frames to a hasher, one after the other in the memory of one. */
private class VideoFrames(
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

    /** The next frame, which lies in a buffer of the codec's. What comes before the video's start is neither shown nor counted. */
    fun take(codec: MediaCodec, buffer: Int, seconds: Double) {
        if (seconds < 0) return
        val number = index++
        this.seconds = seconds
        if (!hasher.wants(number, seconds)) return
        imageIn(codec, buffer).use {
            // Videos of more bits have three planes too.
            if (it.format != ImageFormat.YUV_420_888) throw cannotDecodeVideo("its frames have not planes of 8 bits", null)
            push(it, number, isFullRange(codec.getOutputFormat(buffer)))
        }
        onProgress?.onProgress(seconds)
    }

    private fun imageIn(codec: MediaCodec, buffer: Int): Image = try {
        codec.getOutputImage(buffer)
    } catch (error: RuntimeException) {
        // So it is where Android has no words for the codec's layout.
        throw cannotDecodeVideo("its frames cannot be read", error)
    } ?: throw cannotDecodeVideo("its frames cannot be read", null)

    private fun push(image: Image, number: Long, isFullRange: Boolean) {
        val crop = image.cropRect
        width = crop.width()
        height = crop.height()
        // The codec's frames may be larger than the video's track says.
        checkSize(width, height, limits)
        val layout = FrameLayout.i420(width, height, range = if (isFullRange) "full" else "limited")
        val half = Rect(crop.left / 2, crop.top / 2, crop.left / 2 + (width + 1) / 2, crop.top / 2 + (height + 1) / 2)
        val bytes = width * height + 2 * half.width() * half.height()
        if (planes.capacity() < bytes) {
            planes.wipe()
            planes = ByteBuffer.allocateDirect(bytes)
        }
        planes.showAll()
        // Whatever order and distance the codec has them in.
        for ((plane, place) in image.planes.zip(listOf(crop, half, half))) copy(plane, place)
        planes.showWritten()
        hasher.push(number, seconds, planes, layout)
    }

    /** Appends the samples of a plane that lie in a rectangle. */
    private fun copy(plane: Image.Plane, place: Rect) {
        val row = ByteArray(place.width())
        val source = plane.buffer
        val last = source.limit() - 1
        // Of an odd length a codec may have half as many samples rounded down: then the last ones count twice.
        val rows = (last - (place.left + row.size - 1) * plane.pixelStride).floorDiv(plane.rowStride).coerceAtLeast(0)
        for (y in place.top until place.bottom) {
            val start = minOf(y, rows) * plane.rowStride + place.left * plane.pixelStride
            for (x in row.indices) row[x] = source.get(minOf(start + x * plane.pixelStride, last))
            planes.put(row)
        }
        row.fill(0)
    }

    override fun close() = planes.wipe()

    private fun isFullRange(format: MediaFormat) =
        format.containsKey(MediaFormat.KEY_COLOR_RANGE) && format.getInteger(MediaFormat.KEY_COLOR_RANGE) == MediaFormat.COLOR_RANGE_FULL
}
