package org.ownprint.android

import android.content.ContentResolver
import android.media.MediaCodec
import android.media.MediaCodecInfo.CodecCapabilities.COLOR_FormatYUV420Flexible
import android.media.MediaExtractor
import android.media.MediaFormat
import android.net.Uri
import java.io.IOException
import org.ownprint.Limits
import org.ownprint.OwnprintException
import org.ownprint.checkSize

/** The first video track of a video, and the phone's codec for it, which gives its frames in the order in which they are shown. */
internal class PlatformVideoDecoder private constructor(
    private val extractor: MediaExtractor,
    private val codec: MediaCodec,
) : AutoCloseable {
    private val info = MediaCodec.BufferInfo()

    /** Calls [take] with each frame, the buffer that it lies in, and its time, and [goOn] all the while, which throws to end it. */
    fun decode(goOn: () -> Unit, take: (codec: MediaCodec, buffer: Int, seconds: Double) -> Unit) {
        var isFed = false
        while (true) {
            goOn()
            isFed = isFed || feed()
            val buffer = next()
            if (buffer < 0) continue
            try {
                if (info.size > 0) take(codec, buffer, info.presentationTimeUs / MICROSECONDS)
            } finally {
                codec.releaseOutputBuffer(buffer, false)
            }
            if (info.flags and MediaCodec.BUFFER_FLAG_END_OF_STREAM != 0) return
        }
    }

    /** Gives the codec what it has room for; true once the track is at its end. */
    private fun feed(): Boolean = whole {
        val slot = codec.dequeueInputBuffer(0)
        val buffer = (if (slot < 0) null else codec.getInputBuffer(slot)) ?: return false
        val size = extractor.readSampleData(buffer, 0)
        if (size < 0) {
            codec.queueInputBuffer(slot, 0, 0, 0, MediaCodec.BUFFER_FLAG_END_OF_STREAM)
        } else {
            codec.queueInputBuffer(slot, 0, size, extractor.sampleTime, 0)
            extractor.advance()
        }
        return size < 0
    }

    /** The number of the buffer with the next frame, below 0 where none is ready. */
    private fun next(): Int = whole { codec.dequeueOutputBuffer(info, PATIENCE_MICROSECONDS) }

    private inline fun <T> whole(step: () -> T): T = try {
        step()
    } catch (error: IllegalStateException) {
        // `CodecException` is one.
        throw damaged(error)
    } catch (error: IllegalArgumentException) {
        throw damaged(error)
    }

    override fun close() {
        try {
            codec.release()
        } finally {
            extractor.release()
        }
    }

    companion object {
        /**
         * @throws OwnprintException `unsupported-video`, `limit-exceeded`
         * @throws IOException when the content cannot be opened
         */
        fun open(resolver: ContentResolver, uri: Uri, limits: Limits?): PlatformVideoDecoder {
            val extractor = MediaExtractor()
            try {
                val file = resolver.openFileDescriptor(uri, "r") ?: throw nothingThere()
                file.use { attempt("no video that Android knows") { extractor.setDataSource(it.fileDescriptor) } }
                return PlatformVideoDecoder(extractor, start(extractor, limits))
            } catch (error: Throwable) {
                extractor.release()
                throw error
            }
        }

        private fun start(extractor: MediaExtractor, limits: Limits?): MediaCodec {
            val tracks = (0 until extractor.trackCount).map { extractor.getTrackFormat(it) }
            val track = tracks.indexOfFirst { it.getString(MediaFormat.KEY_MIME).orEmpty().startsWith("video/") }
            val format = tracks.getOrNull(track) ?: throw cannotDecodeVideo("it has no images", null)
            val (width, height) = listOf(MediaFormat.KEY_WIDTH, MediaFormat.KEY_HEIGHT).map { side ->
                if (format.containsKey(side)) format.getInteger(side) else throw cannotDecodeVideo("it does not say its size", null)
            }
            checkSize(width, height, limits)
            extractor.selectTrack(track)
            format.setInteger(MediaFormat.KEY_COLOR_FORMAT, COLOR_FormatYUV420Flexible)
            val codec = attempt("no codec for it") { MediaCodec.createDecoderByType(format.getString(MediaFormat.KEY_MIME).orEmpty()) }
            try {
                attempt("its codec refuses it") {
                    codec.configure(format, null, null, 0)
                    codec.start()
                }
                return codec
            } catch (error: Throwable) {
                codec.release()
                throw error
            }
        }

        /** What Android throws for videos that it cannot take differs between its versions. */
        private inline fun <T> attempt(why: String, step: () -> T): T = try {
            step()
        } catch (error: IOException) {
            throw cannotDecodeVideo(why, error)
        } catch (error: IllegalArgumentException) {
            throw cannotDecodeVideo(why, error)
        } catch (error: IllegalStateException) {
            throw cannotDecodeVideo(why, error)
        }

        private const val MICROSECONDS = 1e6

        /** How long the codec is waited for before it is fed again. */
        private const val PATIENCE_MICROSECONDS = 10_000L
    }
}

private fun damaged(cause: Throwable) = OwnprintException("damaged-video", "this video is damaged; get an intact copy of it", cause)

internal fun cannotDecodeVideo(detail: String, cause: Throwable?) = OwnprintException(
    "unsupported-video",
    "this phone cannot decode this video ($detail); save or share it as MP4 with H.264 and use that file",
    cause,
)
