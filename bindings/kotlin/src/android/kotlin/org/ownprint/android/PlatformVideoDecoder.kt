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

/** Decodes the first video track with the phone's codec, in the order of display. */
internal class PlatformVideoDecoder
private constructor(private val extractor: MediaExtractor, private val codec: MediaCodec) :
    AutoCloseable {
    private val info = MediaCodec.BufferInfo()

    /**
     * Calls [onFrame] with the buffer and time of each frame. [checkCancelled] is called
     * repeatedly, and throws to end the work.
     */
    fun decode(
        checkCancelled: () -> Unit,
        onFrame: (codec: MediaCodec, buffer: Int, seconds: Double) -> Unit,
    ) {
        var isFed = false
        while (true) {
            checkCancelled()
            isFed = isFed || feed()
            val buffer = next()
            if (buffer < 0) continue
            try {
                if (info.size > 0) onFrame(codec, buffer, info.presentationTimeUs / MICROSECONDS)
            } finally {
                codec.releaseOutputBuffer(buffer, false)
            }
            if (info.flags and MediaCodec.BUFFER_FLAG_END_OF_STREAM != 0) return
        }
    }

    /**
     * Passes the next sample to the codec, if it has room. Returns `true` at the end of the track.
     */
    private fun feed(): Boolean = intact {
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
        fun open(resolver: ContentResolver, uri: Uri, limits: Limits?): PlatformVideoDecoder {
            val extractor = MediaExtractor()
            try {
                val file = resolver.openFileDescriptor(uri, "r") ?: throw noContent()
                file.use {
                    attempt("Android does not know its format") {
                        extractor.setDataSource(it.fileDescriptor)
                    }
                }
                return PlatformVideoDecoder(extractor, start(extractor, limits))
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

private fun damaged(cause: Throwable) =
    OwnprintException("damaged-video", "this video is damaged; get an intact copy of it", cause)

internal fun cannotDecodeVideo(detail: String, cause: Throwable?) =
    OwnprintException(
        "unsupported-video",
        "this phone cannot decode this video ($detail); save or share it as MP4 with H.264 and use that file",
        cause,
    )
