package org.ownprint.android

import android.content.res.AssetFileDescriptor
import android.media.Image
import android.media.MediaCodec
import android.media.MediaCrypto
import android.media.MediaExtractor
import android.media.MediaFormat
import android.view.Surface
import java.io.IOException
import java.nio.ByteBuffer
import java.util.ArrayDeque
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements

/** A video that the two shadows below decode: Robolectric has no codecs. */
internal object TestVideo {
    class Frame(val micros: Long, val isFullRange: Boolean = false, val image: () -> Image?)

    var mimeType = "video/avc"
    var width = 96
    var height = 72
    var frames: List<Frame> = emptyList()

    /** The number of the frame at which the codec fails. */
    var failsAt = -1
    var refuses = false

    /** Whether the codec takes samples and delivers nothing. */
    var stalls = false

    /** The offset and length of the descriptor that the extractor received. */
    var source: Pair<Long, Long>? = null

    /** How many extractors and codecs are not released. */
    var unreleased = 0

    fun reset() {
        mimeType = "video/avc"
        width = 96
        height = 72
        frames = emptyList()
        failsAt = -1
        refuses = false
        stalls = false
        source = null
        unreleased = 0
    }
}

@Implements(MediaExtractor::class)
internal class TestExtractor {
    private var next = 0
    private var selected = -1

    @Implementation
    fun setDataSource(file: AssetFileDescriptor) {
        if (!file.fileDescriptor.valid()) throw IOException("closed")
        TestVideo.source = file.startOffset to file.declaredLength
        TestVideo.unreleased++
    }

    @Implementation fun getTrackCount() = 2

    @Implementation
    fun getTrackFormat(index: Int): MediaFormat =
        if (index == 0) MediaFormat.createAudioFormat("audio/mp4a-latm", 44_100, 2)
        else
            MediaFormat.createVideoFormat(TestVideo.mimeType, TestVideo.width, TestVideo.height)

    @Implementation
    fun selectTrack(index: Int) {
        selected = index
    }

    @Implementation
    fun readSampleData(buffer: ByteBuffer, offset: Int): Int {
        check(selected == 1) { "the video track is not selected" }
        if (next >= TestVideo.frames.size) return -1
        buffer.put(offset, 1)
        return 1
    }

    @Implementation fun getSampleTime() = TestVideo.frames.getOrNull(next)?.micros ?: -1

    @Implementation
    fun advance(): Boolean {
        next++
        return next < TestVideo.frames.size
    }

    @Implementation
    fun release() {
        TestVideo.unreleased--
    }
}

@Implements(MediaCodec::class)
internal class TestCodec {
    private val pending = ArrayDeque<TestVideo.Frame>()
    private var taken = 0
    private var delivered = 0
    private var hasEnd = false
    private var hasFormat = false
    private var output: TestVideo.Frame? = null

    @Implementation
    fun configure(format: MediaFormat, surface: Surface?, crypto: MediaCrypto?, flags: Int) {
        TestVideo.unreleased++
        require(!TestVideo.refuses) { "profile" }
        check(format.containsKey(MediaFormat.KEY_COLOR_FORMAT))
    }

    @Implementation fun start() = Unit

    // As a codec, it takes some samples ahead of the frame that it delivers.
    @Implementation
    fun dequeueInputBuffer(micros: Long): Int = if (pending.size < 4) 0 else -1

    @Implementation fun getInputBuffer(index: Int): ByteBuffer? = ByteBuffer.allocateDirect(16)

    @Implementation
    fun queueInputBuffer(index: Int, offset: Int, size: Int, micros: Long, flags: Int) {
        if (flags and MediaCodec.BUFFER_FLAG_END_OF_STREAM != 0) hasEnd = true
        else pending.add(TestVideo.frames[taken++])
    }

    @Implementation
    fun dequeueOutputBuffer(info: MediaCodec.BufferInfo, micros: Long): Int {
        if (TestVideo.stalls) {
            Thread.sleep(micros / 1000)
            return MediaCodec.INFO_TRY_AGAIN_LATER
        }
        if (!hasFormat) {
            hasFormat = true
            return MediaCodec.INFO_OUTPUT_FORMAT_CHANGED
        }
        if (pending.size < 3 && !hasEnd) return MediaCodec.INFO_TRY_AGAIN_LATER
        val frame = pending.poll()
        if (frame == null) {
            info.set(0, 0, 0, MediaCodec.BUFFER_FLAG_END_OF_STREAM)
            return 0
        }
        check(delivered++ != TestVideo.failsAt) { "the codec failed" }
        info.set(0, 1, frame.micros, 0)
        output = frame
        return 0
    }

    @Implementation fun getOutputImage(index: Int): Image? = output?.image?.invoke()

    @Implementation
    fun getOutputFormat(index: Int): MediaFormat {
        val format = MediaFormat()
        if (output?.isFullRange == true)
            format.setInteger(MediaFormat.KEY_COLOR_RANGE, MediaFormat.COLOR_RANGE_FULL)
        return format
    }

    @Implementation
    fun releaseOutputBuffer(index: Int, render: Boolean) {
        output = null
    }

    @Implementation
    fun release() {
        TestVideo.unreleased--
    }
}
