package org.ownprint

import org.ownprint.ffi.VideoComparison as NativeComparison

/**
 * A video and the PDQ hashes of its frames, as a record states them.
 *
 * @property format the stable name of the container: `mp4`, `mov`, `webm` or `matroska`
 * @property codec the stable name of the codec: `h264`, `hevc`, `vp9`, `vp8` or `av1`
 * @property width pixels in a row, as stored; vPDQ applies no rotation
 * @property height number of rows, as stored
 * @property frames number of frames that the container lists
 * @property frameRate the average frame rate
 * @property damaged whether only part of the video could be decoded
 * @property vpdq the frames that were hashed
 */
public data class VideoFingerprint(
    val format: String,
    val codec: String,
    val width: Int,
    val height: Int,
    val frames: Long,
    val frameRate: FrameRate,
    val damaged: Boolean,
    val vpdq: List<VpdqFrame>,
) {
    init {
        require(width >= 0 && height >= 0 && frames >= 0) {
            "a width, height or number is negative"
        }
    }
}

/**
 * A frame rate as a fraction of frames a second, such as 30000/1001.
 *
 * @property numerator frames
 * @property denominator the seconds that these frames take
 */
public data class FrameRate(val numerator: Long, val denominator: Long) {
    init {
        require(numerator >= 0 && denominator >= 0) { "a frame rate is negative" }
    }

    /** Returns the frames a second. */
    public fun toDouble(): Double = numerator.toDouble() / denominator

    /** Returns the fraction as records state it: `30000/1001`. */
    override fun toString(): String = "$numerator/$denominator"
}

/**
 * The PDQ hash of a frame, with its quality and time.
 *
 * @property hex the hash in 64 hexadecimal digits
 * @property quality the quality of the frame, 0 to 100; comparisons of videos skip frames below 50
 * @property seconds seconds from the video's start
 */
public data class VpdqFeature(val hex: String, val quality: Int, val seconds: Double) {
    public companion object {
        /**
         * Reads the features of a video from python-threatexchange's JSON: a list of strings
         * `HASH,QUALITY,SECONDS`.
         *
         * @throws OwnprintException `invalid-record`, with line and column
         */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun fromJson(text: String): List<VpdqFeature> =
            native { org.ownprint.ffi.readVpdqFeatures(text) }.map { it.toPublic() }

        /**
         * Returns the features of a video as python-threatexchange writes them. Times are rounded
         * to three significant digits.
         *
         * @throws OwnprintException `invalid-hash`, `not-comparable`, `invalid-record` for a time
         *   that is negative or not finite
         */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun toJson(features: List<VpdqFeature>): String = native {
            org.ownprint.ffi.writeVpdqFeatures(features.map { it.toNative() })
        }
    }
}

/**
 * A feature with the number of its frame.
 *
 * @property frame the number of the frame, from 0
 * @property feature the hash, quality and time of the frame
 */
public data class VpdqFrame(val frame: Long, val feature: VpdqFeature) {
    init {
        require(frame >= 0) { "the number of a frame is negative" }
    }

    /**
     * Returns the line `FRAME,QUALITY,HASH,SECONDS`, without a line break. Times are rounded to
     * milliseconds.
     *
     * @throws OwnprintException as [VpdqFeature.toJson]
     */
    @Throws(OwnprintException::class)
    public fun toLine(): String = native { org.ownprint.ffi.writeVpdqFrame(toNative()) }

    public companion object {
        /**
         * Reads one line of vPDQ's text format: `FRAME,QUALITY,HASH,SECONDS`.
         *
         * @throws OwnprintException `invalid-record`, with line and column
         */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun fromLine(line: String): VpdqFrame =
            native { org.ownprint.ffi.readVpdqFrame(line) }.toPublic()
    }
}

/**
 * How many frames two videos have in common, by python-threatexchange's parameters.
 *
 * @property queryPercent percentage of the query's frames that match a frame of the compared video
 * @property comparedPercent percentage of the compared video's frames that match a frame of the
 *   query
 * @property isMatch whether the videos match
 */
public data class VideoComparison(
    val queryPercent: Double,
    val comparedPercent: Double,
    val isMatch: Boolean,
)

internal fun NativeComparison.toPublic() = VideoComparison(queryPercent, comparedPercent, isMatch)
