package org.ownprint.android

import android.content.ContentResolver
import android.net.Uri
import java.io.IOException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import org.ownprint.Decoder
import org.ownprint.Fingerprinter
import org.ownprint.OwnprintException
import org.ownprint.VpdqFrame
import org.ownprint.VpdqHasher
import org.ownprint.interruptible

/**
 * vPDQ of a video that Android decoded.
 *
 * @property frames the hashed frames, numbered among all frames of the video
 * @property width pixels in a row
 * @property height number of rows
 * @property seconds the time of the last frame
 * @property decoder which decoder made the frames
 * @property deterministic whether every phone computes these bits: false
 */
public data class PlatformVideo(
    val frames: List<VpdqFrame>,
    val width: Int,
    val height: Int,
    val seconds: Double,
    val decoder: Decoder = Decoder.PLATFORM,
    val deterministic: Boolean = false,
)

/** Receives the progress of a video. */
public fun interface VideoProgressListener {
    /**
     * Called on the decoding thread, after each hashed frame. What it throws ends the call, which
     * then throws it.
     *
     * @param seconds the time of the frame
     */
    public fun onProgress(seconds: Double)
}

/**
 * Computes vPDQ of the video of a content URI: the hash of the first frame at or after each
 * multiple of [secondsPerHash]. Frames are hashed as stored, without rotation, with the color
 * matrix BT.601, as the reference implementation does. For the digests of the file, pass its stream
 * to [Fingerprinter.digests].
 *
 * The phone's codec decodes the video, so another phone may compute other bits, far fewer than the
 * threshold. The video is not held in memory. Cancellation ends the call between two frames. The
 * limits of this object apply to the frames before anything is decoded.
 *
 * @param secondsPerHash seconds between two hashed frames, 0 for every frame; `null` for the core's
 *   default
 * @param prune skips a frame whose hash differs by at most this many bits from the last retained
 *   one
 * @param stallTimeout how long the phone's codec may take neither a sample nor deliver a frame; the
 *   call then fails with `unsupported-video`
 * @param onProgress receives the time of each hashed frame
 * @throws OwnprintException `unsupported-video` if this phone cannot decode the video to 8-bit YUV;
 *   `damaged-video` also if it has no frame; `limit-exceeded`, `invalid-video` for seconds that are
 *   negative or not finite
 * @throws IOException if the content cannot be opened
 * @throws SecurityException if the app may not read it
 */
public suspend fun Fingerprinter.videoHashes(
    resolver: ContentResolver,
    uri: Uri,
    secondsPerHash: Double? = null,
    prune: Int? = null,
    stallTimeout: Duration = 20.seconds,
    onProgress: VideoProgressListener? = null,
): PlatformVideo {
    checkOpen()
    val content = UriContent(resolver, uri)
    return interruptible(Dispatchers.IO, content::cancel) { token ->
        VpdqHasher.bySeconds(secondsPerHash, prune, options.limits).use { hasher ->
            PlatformVideoDecoder.open(content, options.limits, stallTimeout).use { decoder ->
                VideoFrameHasher(hasher, options.limits, onProgress).use { frames ->
                    decoder.decode(isCancelled = token::isCancelled, onFrame = frames::add)
                    PlatformVideo(frames.hashes(), frames.width, frames.height, frames.seconds)
                }
            }
        }
    }
}
