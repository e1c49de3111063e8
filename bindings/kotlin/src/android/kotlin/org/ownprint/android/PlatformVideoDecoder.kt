package org.ownprint.android

import android.content.res.AssetFileDescriptor
import android.media.MediaCodec
import android.media.MediaCodecInfo.CodecCapabilities.COLOR_FormatYUV420Flexible
import android.media.MediaExtractor
import android.media.MediaFormat
import java.io.IOException
import kotlin.time.Duration
import kotlin.time.TimeSource
import org.ownprint.Limits
import org.ownprint.OwnprintException
import org.ownprint.checkSize

/** Decodes the first video track with the phone's codec, in the order of display. */
internal class PlatformVideoDecoder
private constructor(
    private val extractor: MediaExtractor,
    private val codec: MediaCodec,
    private val stallTimeout: Duration,
) : AutoCloseable {
    private val info = MediaCodec.BufferInfo()

    /**
     * Calls [onFrame] with the buffer and time of each frame, until [isCancelled] returns `true`.
     *
     * @throws OwnprintException `damaged-video`; `unsupported-video` if the codec stalls
     */
    fun decode(
        isCancelled: () -> Boolean,
        onFrame: (codec: MediaCodec, buffer: Int, seconds: Double) -> Unit,
    ) {
        var isFed = false
        var lastStep = TimeSource.Monotonic.markNow()
        while (!isCancelled()) {
            val fed = if (isFed) Fed.NOTHING else feed()
            isFed = isFed || fed == Fed.END
            val buffer = next()
            if (fed != Fed.NOTHING || buffer != MediaCodec.INFO_TRY_AGAIN_LATER)
                lastStep = TimeSource.Monotonic.markNow()
            else if (lastStep.elapsedNow() > stallTimeout)
                throw cannotDecodeVideo("its codec made no progress for $stallTimeout", null)
            if (buffer < 0) continue
            try {
                if (info.size > 0) onFrame(codec, buffer, info.presentationTimeUs / MICROSECONDS)
            } finally {
                codec.releaseOutputBuffer(buffer, false)
            }
            if (info.flags and MediaCodec.BUFFER_FLAG_END_OF_STREAM != 0) return
        }
    }

    private enum class Fed {
        NOTHING,
        SAMPLE,
        END,
    }

    /** Passes the next sample to the codec, if it has room. */
    private fun feed(): Fed = intact {
        val slot = codec.dequeueInputBuffer(0)
        val buffer = (if (slot < 0) null else codec.getInputBuffer(slot)) ?: return Fed.NOTHING
        val size = extractor.readSampleData(buffer, 0)
        if (size < 0) {
            codec.queueInputBuffer(slot, 0, 0, 0, MediaCodec.BUFFER_FLAG_END_OF_STREAM)
        } else {
            codec.queueInputBuffer(slot, 0, size, extractor.sampleTime, 0)
            extractor.advance()
        }
        return if (size < 0) Fed.END else Fed.SAMPLE
    }

    /** Returns the number of the buffer with the next frame; a negative number if none is ready. */
    private fun next(): Int = intact { codec.dequeueOutputBuffer(info, TIMEOUT_MICROSECONDS) }

    private inline fun <T> intact(step: () -> T): T =
        try {
            step()
        } catch (error: IllegalStateException) {
            // `CodecException` is a subclass.
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
         * @throws IOException if the content cannot be opened
         */
        fun open(
            content: UriContent,
            limits: Limits?,
            stallTimeout: Duration,
        ): PlatformVideoDecoder {
            val extractor = MediaExtractor()
            try {
                // With the offset and length that the provider declares.
                content.open { file: AssetFileDescriptor ->
                    attempt("Android does not know its format") { extractor.setDataSource(file) }
                }
                return PlatformVideoDecoder(extractor, start(extractor, limits), stallTimeout)
            } catch (error: Throwable) {
                extractor.release()
                throw error
            }
        }

        private fun start(extractor: MediaExtractor, limits: Limits?): MediaCodec {
            val tracks = (0 until extractor.trackCount).map { extractor.getTrackFormat(it) }
            val track =
                tracks.indexOfFirst {
                    it.getString(MediaFormat.KEY_MIME).orEmpty().startsWith("video/")
                }
            val format =
                tracks.getOrNull(track) ?: throw cannotDecodeVideo("it has no video track", null)
            val (width, height) =
                listOf(MediaFormat.KEY_WIDTH, MediaFormat.KEY_HEIGHT).map { side ->
                    if (!format.containsKey(side))
                        throw cannotDecodeVideo("it does not state its size", null)
                    format.getInteger(side)
                }
            checkSize(width, height, limits)
            extractor.selectTrack(track)
            format.setInteger(MediaFormat.KEY_COLOR_FORMAT, COLOR_FormatYUV420Flexible)
            val mimeType = format.getString(MediaFormat.KEY_MIME).orEmpty()
            val codec =
                attempt("there is no codec for it") { MediaCodec.createDecoderByType(mimeType) }
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

        /** Versions of Android throw different exceptions for videos that they cannot decode. */
        private inline fun <T> attempt(why: String, step: () -> T): T =
            try {
                step()
            } catch (error: IOException) {
                throw cannotDecodeVideo(why, error)
            } catch (error: IllegalArgumentException) {
                throw cannotDecodeVideo(why, error)
            } catch (error: IllegalStateException) {
                throw cannotDecodeVideo(why, error)
            }

        private const val MICROSECONDS = 1e6

        /** How long to wait for a frame before the codec gets the next sample. */
        private const val TIMEOUT_MICROSECONDS = 10_000L
    }
}

internal fun damaged(cause: Throwable?) =
    OwnprintException("damaged-video", "this video is damaged; get an intact copy of it", cause)

internal fun cannotDecodeVideo(detail: String, cause: Throwable?) =
    OwnprintException(
        "unsupported-video",
        "this phone cannot decode this video ($detail); save or share it as MP4 with H.264 and use that file",
        cause,
    )
