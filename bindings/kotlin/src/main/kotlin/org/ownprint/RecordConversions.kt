/* Conversions of records, as in `Conversions.kt`. */

package org.ownprint

import org.ownprint.ffi.Diagnostic as NativeDiagnostic
import org.ownprint.ffi.Digest as NativeDigest
import org.ownprint.ffi.FingerprintRecord as NativeRecord
import org.ownprint.ffi.FrameRate as NativeFrameRate
import org.ownprint.ffi.ImageInfo as NativeImage
import org.ownprint.ffi.PerceptualHash as NativeHash
import org.ownprint.ffi.StopNciiCase as NativeCase
import org.ownprint.ffi.StopNciiFeedback as NativeFeedback
import org.ownprint.ffi.StopNciiPage as NativePage
import org.ownprint.ffi.StopNciiRecord as NativeStopNciiRecord
import org.ownprint.ffi.VideoFingerprint as NativeVideo
import org.ownprint.ffi.VpdqFeature as NativeFeature
import org.ownprint.ffi.VpdqFrame as NativeFrame

internal fun NativeRecord.toPublic() =
    FingerprintRecord(
        path = path,
        image = image?.toPublic(),
        hashes = hashes.map { it.toPublic() },
        variants = variants?.toPublic(),
        video = video?.toPublic(),
        digests = digests.map { it.toPublic() },
        warnings = warnings.map { it.toPublic() },
        decoder = decoder.toPublic(),
        error = error?.toPublic(),
        decoderRevision = decoderRevision?.toInt(),
    )

internal fun FingerprintRecord.toNative() =
    NativeRecord(
        path = path,
        image = image?.toNative(),
        hashes = hashes.map { NativeHash(it.algorithm.name, it.values, it.quality?.toQuality()) },
        variants = variants?.toNative(),
        video = video?.toNative(),
        digests = digests.map { NativeDigest(it.algorithm.name, it.hex) },
        warnings = warnings.map { NativeDiagnostic(it.code, it.message) },
        decoder = decoder.toNative(),
        decoderRevision = decoderRevision?.toRevision(),
        error = error?.let { NativeDiagnostic(it.code, it.message) },
    )

private fun ImageInfo.toNative() =
    NativeImage(
        format = format,
        width = width.toUInt(),
        height = height.toUInt(),
        orientation = orientation.toNative(),
        storedWidth = storedWidth.toUInt(),
        storedHeight = storedHeight.toUInt(),
        orientationApplied = orientationApplied,
        damaged = damaged,
        rgbMd5 = rgbMd5,
        decoder = decoder.toNative(),
        deterministic = deterministic,
    )

internal fun NativeVideo.toPublic() =
    VideoFingerprint(
        format = format,
        codec = codec,
        width = width.toInt(),
        height = height.toInt(),
        frames = frames.toLong(),
        frameRate = FrameRate(frameRate.numerator.toLong(), frameRate.denominator.toLong()),
        damaged = damaged,
        vpdq = vpdq.map { it.toPublic() },
    )

private fun VideoFingerprint.toNative() =
    NativeVideo(
        format = format,
        codec = codec,
        width = width.toUInt(),
        height = height.toUInt(),
        frames = frames.toULong(),
        frameRate = NativeFrameRate(frameRate.numerator.toULong(), frameRate.denominator.toULong()),
        damaged = damaged,
        vpdq = vpdq.map { it.toNative() },
    )

internal fun NativePage.toPublic() =
    StopNciiPage(
        count = count.toLong(),
        nextPageToken = nextPageToken,
        nextSetTimestamp = nextSetTimestamp.toLong(),
        hasMoreRecords = hasMoreRecords,
        records =
            records.map { record ->
                StopNciiRecord(
                    lastModified = record.lastModified.toLong(),
                    signal = record.signal,
                    hash = record.hash,
                    status = record.status,
                    cases = record.cases.map { StopNciiCase(it.number, it.status) },
                    feedbacks =
                        record.feedbacks.map { StopNciiFeedback(it.value, it.tags, it.source) },
                )
            },
    )

internal fun StopNciiPage.toNative() =
    NativePage(
        count = count.toULong(),
        nextPageToken = nextPageToken,
        nextSetTimestamp = nextSetTimestamp.toULong(),
        hasMoreRecords = hasMoreRecords,
        records =
            records.map { record ->
                NativeStopNciiRecord(
                    lastModified = record.lastModified.toULong(),
                    signal = record.signal,
                    hash = record.hash,
                    status = record.status,
                    cases = record.cases.map { NativeCase(it.number, it.status) },
                    feedbacks =
                        record.feedbacks.map { NativeFeedback(it.value, it.tags, it.source) },
                )
            },
    )

internal fun NativeFeature.toPublic() = VpdqFeature(hex, quality.toInt(), seconds)

internal fun VpdqFeature.toNative() = NativeFeature(hex, quality.toQuality(), seconds)

internal fun NativeFrame.toPublic() = VpdqFrame(frame.toLong(), feature.toPublic())

internal fun VpdqFrame.toNative() = NativeFrame(frame.toULong(), feature.toNative())

/** Converts the revision of a decoder; a negative one must not become another one. */
private fun Int.toRevision(): UInt {
    require(this > 0) { "a revision is an integer from 1, not $this" }
    return toUInt()
}

/** Converts a quality; a value out of range must not become another one within. */
internal fun Int.toQuality(): UByte {
    require(this in 0..100) { "a quality is an integer from 0 to 100, not $this" }
    return toUByte()
}
