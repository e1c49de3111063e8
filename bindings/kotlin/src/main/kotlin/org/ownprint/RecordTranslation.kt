/* Records as the native library has them and back; as `Translation.kt`. */

package org.ownprint

import org.ownprint.ffi.Decoder as NativeDecoder
import org.ownprint.ffi.Digest as NativeDigest
import org.ownprint.ffi.FingerprintRecord as NativeRecord
import org.ownprint.ffi.Diagnostic as NativeDiagnostic
import org.ownprint.ffi.PerceptualHash as NativeHash
import org.ownprint.ffi.ImageInfo as NativeImage
import org.ownprint.ffi.StopNciiCase as NativeCase
import org.ownprint.ffi.StopNciiFeedback as NativeFeedback
import org.ownprint.ffi.StopNciiPage as NativePage
import org.ownprint.ffi.StopNciiRecord as NativeStopNciiRecord
import org.ownprint.ffi.VpdqFeature as NativeFeature
import org.ownprint.ffi.VpdqFrame as NativeFrame

internal fun NativeRecord.toRecord() = FingerprintRecord(
    path = path,
    image = image?.toRecord(),
    hashes = hashes.map { it.toRecord() },
    variants = variants?.toRecord(),
    digests = digests.map { it.toRecord() },
    warnings = warnings.map { it.toWarning() },
    byPlatform = byPlatform,
    error = error?.let { Diagnostic(it.code, it.explanation) },
)

internal fun FingerprintRecord.toNative() = NativeRecord(
    path = path,
    image = image?.toNative(),
    hashes = hashes.map { NativeHash(it.algorithm, it.values, it.quality?.toQuality()) },
    variants = variants?.toNative(),
    digests = digests.map { NativeDigest(it.algorithm, it.hex) },
    warnings = warnings.map { NativeDiagnostic(it.code, it.message) },
    byPlatform = byPlatform,
    error = error?.let { NativeDiagnostic(it.code, it.message) },
)

private fun ImageInfo.toNative() = NativeImage(
    format = format,
    width = width.toUInt(),
    height = height.toUInt(),
    orientation = orientation.toUShort(),
    storedWidth = storedWidth.toUInt(),
    storedHeight = storedHeight.toUInt(),
    pixels = pixels,
    damaged = damaged,
    rgbMd5 = rgbMd5,
    decoder = when (decoder) {
        Decoder.OWNPRINT -> NativeDecoder.OWNPRINT
        Decoder.PLATFORM -> NativeDecoder.PLATFORM
    },
    exact = exact,
)

internal fun NativePage.toRecord() = StopNciiPage(
    count = count.toLong(),
    nextPageToken = nextPageToken,
    nextSetTimestamp = nextSetTimestamp.toLong(),
    hasMoreRecords = hasMoreRecords,
    records = records.map { record ->
        StopNciiRecord(
            lastModified = record.lastModified.toLong(),
            signal = record.signal,
            hash = record.hash,
            status = record.status,
            cases = record.cases.map { StopNciiCase(it.number, it.status) },
            feedbacks = record.feedbacks.map { StopNciiFeedback(it.value, it.tags, it.source) },
        )
    },
)

internal fun StopNciiPage.toNative() = NativePage(
    count = count.toULong(),
    nextPageToken = nextPageToken,
    nextSetTimestamp = nextSetTimestamp.toULong(),
    hasMoreRecords = hasMoreRecords,
    records = records.map { record ->
        NativeStopNciiRecord(
            lastModified = record.lastModified.toULong(),
            signal = record.signal,
            hash = record.hash,
            status = record.status,
            cases = record.cases.map { NativeCase(it.number, it.status) },
            feedbacks = record.feedbacks.map { NativeFeedback(it.value, it.tags, it.source) },
        )
    },
)

internal fun NativeFeature.toRecord() = VpdqFeature(hex, quality.toInt(), seconds)

internal fun VpdqFeature.toNative() = NativeFeature(hex, quality.toQuality(), seconds)

internal fun NativeFrame.toRecord() = VpdqFrame(frame.toLong(), feature.toRecord())

internal fun VpdqFrame.toNative() = NativeFrame(frame.toULong(), feature.toNative())

/** A quality as the border carries it: one beyond its range is not made another one that is within. */
internal fun Int.toQuality(): UByte {
    require(this in 0..100) { "quality is a whole number from 0 to 100, not $this" }
    return toUByte()
}
