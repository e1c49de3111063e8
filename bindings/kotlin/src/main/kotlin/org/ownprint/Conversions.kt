/* Conversions between this package's types and those of the native library. */

package org.ownprint

import java.nio.ByteBuffer
import org.ownprint.ffi.Capabilities as NativeCapabilities
import org.ownprint.ffi.Comparison as NativeComparison
import org.ownprint.ffi.Decoder as NativeDecoder
import org.ownprint.ffi.Determinism as NativeDeterminism
import org.ownprint.ffi.Diagnostic as NativeDiagnostic
import org.ownprint.ffi.Digest as NativeDigest
import org.ownprint.ffi.ExifOrientation as NativeExifOrientation
import org.ownprint.ffi.Fingerprint as NativeFingerprint
import org.ownprint.ffi.FormatInfo as NativeFormatInfo
import org.ownprint.ffi.HashInfo as NativeHashInfo
import org.ownprint.ffi.ImageInfo as NativeImage
import org.ownprint.ffi.Limits as NativeLimits
import org.ownprint.ffi.Options as NativeOptions
import org.ownprint.ffi.Orientation as NativeOrientation
import org.ownprint.ffi.PerceptualHash as NativeHash
import org.ownprint.ffi.PixelFormat as NativePixelFormat
import org.ownprint.ffi.PixelLayout as NativePixelLayout

internal fun Options.toNative(digestsOnly: Boolean) =
    NativeOptions(
        algorithms = algorithmNames(),
        variants = variants?.names,
        digestsOnly = digestsOnly,
        orientation = orientation?.toNative(),
        acceptDamaged = acceptDamaged,
        rgbMd5 = rgbMd5,
        limits = limits?.toNative(),
    )

/** The name of the hashes of videos. */
internal const val VPDQ = "vpdq"

/**
 * The native library has one list of hashes and digests: if one is not set, its defaults are added.
 */
private fun Options.algorithmNames(): List<String>? {
    if (hashes == null && digests == null && vpdq == null) return null
    val defaults = if (hashes == null || digests == null) Ownprint.defaultOptions() else this
    val names =
        algorithmNames(
            hashes ?: defaults.hashes.orEmpty(),
            digests ?: defaults.digests.orEmpty(),
        )
    val isOfVideos = vpdq ?: (hashes == null && defaults.vpdq == true)
    return if (isOfVideos) listOf(VPDQ) + names else names
}

internal fun algorithmNames(
    hashes: List<HashAlgorithm>,
    digests: List<DigestAlgorithm>,
): List<String> = hashes.map { it.name } + digests.map { it.name }

private fun Orientation.toNative() =
    when (this) {
        Orientation.APPLY -> NativeOrientation.APPLY
        Orientation.IGNORE -> NativeOrientation.IGNORE
    }

internal fun NativeOrientation.toPublic() =
    when (this) {
        NativeOrientation.APPLY -> Orientation.APPLY
        NativeOrientation.IGNORE -> Orientation.IGNORE
    }

internal fun Limits.toNative() =
    NativeLimits(
        fileBytes = fileBytes?.toULong(),
        width = width?.toUInt(),
        height = height?.toUInt(),
        pixels = pixels?.toULong(),
        memory = memory?.toULong(),
        expansion = expansion?.toUInt(),
    )

internal fun NativeLimits.toPublic() =
    Limits(
        fileBytes = fileBytes?.toLong(),
        width = width?.toInt(),
        height = height?.toInt(),
        pixels = pixels?.toLong(),
        memory = memory?.toLong(),
        expansion = expansion?.toInt(),
    )

/**
 * Checks the size of an image or frame that the platform is about to decode; `null` checks the
 * core's limits.
 *
 * @throws OwnprintException `limit-exceeded`
 */
internal fun checkSize(width: Int, height: Int, limits: Limits?): Unit =
    // A negative size, which no image has, becomes one that exceeds every limit.
    native { org.ownprint.ffi.checkSize(width.toUInt(), height.toUInt(), limits?.toNative()) }

/**
 * Checks the length of an image file that the platform is about to decode; `null` checks the core's
 * limits.
 *
 * @throws OwnprintException `limit-exceeded`
 */
internal fun checkFileBytes(bytes: Long, limits: Limits?): Unit = native {
    org.ownprint.ffi.checkFileBytes(bytes.toULong(), limits?.toNative())
}

/** Returns the image format of a file from its first [probeBytes] bytes; `null` if it is none. */
internal fun probe(head: ByteArray): FormatInfo? {
    return ByteBuffer.wrap(head).borrow { native { org.ownprint.ffi.probe(it) } }?.toPublic()
}

internal fun probeBytes(): Int = native { org.ownprint.ffi.probeBytes() }.toInt()

internal fun PixelLayout.toNative() =
    NativePixelLayout(
        width = width.toUInt(),
        height = height.toUInt(),
        format = format.toNative(),
        stride = stride?.toUInt(),
        orientation = orientation.toNative(),
    )

internal fun PixelLayout.Format.toNative() =
    when (this) {
        PixelLayout.Format.RGB8 -> NativePixelFormat.RGB8
        PixelLayout.Format.RGBA8 -> NativePixelFormat.RGBA8
        PixelLayout.Format.BGRA8 -> NativePixelFormat.BGRA8
        PixelLayout.Format.L8 -> NativePixelFormat.L8
        PixelLayout.Format.RGBA8_PREMULTIPLIED -> NativePixelFormat.RGBA8_PREMULTIPLIED
        PixelLayout.Format.BGRA8_PREMULTIPLIED -> NativePixelFormat.BGRA8_PREMULTIPLIED
    }

internal fun ExifOrientation.toNative() =
    when (this) {
        ExifOrientation.NORMAL -> NativeExifOrientation.NORMAL
        ExifOrientation.MIRRORED -> NativeExifOrientation.MIRRORED
        ExifOrientation.ROTATED_180 -> NativeExifOrientation.ROTATED180
        ExifOrientation.MIRRORED_ROTATED_180 -> NativeExifOrientation.MIRRORED_ROTATED180
        ExifOrientation.TRANSPOSED -> NativeExifOrientation.TRANSPOSED
        ExifOrientation.ROTATED_90 -> NativeExifOrientation.ROTATED90
        ExifOrientation.TRANSVERSED -> NativeExifOrientation.TRANSVERSED
        ExifOrientation.ROTATED_270 -> NativeExifOrientation.ROTATED270
    }

private fun NativeExifOrientation.toPublic() =
    when (this) {
        NativeExifOrientation.NORMAL -> ExifOrientation.NORMAL
        NativeExifOrientation.MIRRORED -> ExifOrientation.MIRRORED
        NativeExifOrientation.ROTATED180 -> ExifOrientation.ROTATED_180
        NativeExifOrientation.MIRRORED_ROTATED180 -> ExifOrientation.MIRRORED_ROTATED_180
        NativeExifOrientation.TRANSPOSED -> ExifOrientation.TRANSPOSED
        NativeExifOrientation.ROTATED90 -> ExifOrientation.ROTATED_90
        NativeExifOrientation.TRANSVERSED -> ExifOrientation.TRANSVERSED
        NativeExifOrientation.ROTATED270 -> ExifOrientation.ROTATED_270
    }

internal fun Decoder.toNative() =
    when (this) {
        Decoder.OWNPRINT -> NativeDecoder.OWNPRINT
        Decoder.PLATFORM -> NativeDecoder.PLATFORM
    }

internal fun NativeDecoder.toPublic() =
    when (this) {
        NativeDecoder.OWNPRINT -> Decoder.OWNPRINT
        NativeDecoder.PLATFORM -> Decoder.PLATFORM
    }

internal fun NativeFingerprint.toPublic() =
    Fingerprint(
        image =
            image?.let { info ->
                ImageFingerprint(
                    info.toPublic(),
                    hashes.map { it.toPublic() },
                    variants?.toPublic(),
                )
            },
        digests = digests.map { it.toPublic() },
        warnings = warnings.map { it.toPublic() },
        error = error?.toPublic(),
        video = video?.toPublic(),
        decoderRevision = decoderRevision?.toInt(),
    )

internal fun NativeHash.toPublic() = PerceptualHash(HashAlgorithm(algorithm), hex, quality?.toInt())

internal fun NativeDigest.toPublic() = Digest(DigestAlgorithm(algorithm), hex)

internal fun NativeDiagnostic.toPublic() = Diagnostic(code, message)

internal fun NativeImage.toPublic() =
    ImageInfo(
        format = format,
        width = width.toInt(),
        height = height.toInt(),
        orientation = orientation.toPublic(),
        storedWidth = storedWidth.toInt(),
        storedHeight = storedHeight.toInt(),
        orientationApplied = orientationApplied,
        damaged = damaged,
        rgbMd5 = rgbMd5,
        decoder = decoder.toPublic(),
        deterministic = deterministic,
    )

internal fun NativeComparison.toPublic() =
    Comparison(
        algorithm = HashAlgorithm(algorithm),
        distance = distance.toInt(),
        bits = bits.toInt(),
        threshold = threshold.toInt(),
        isMatch = isMatch,
        variant = variant,
    )

internal fun NativeHashInfo.toPublic() =
    HashInfo(HashAlgorithm(name), bits.toInt(), hashes?.toInt(), threshold.toInt(), reference)

internal fun NativeCapabilities.toPublic() =
    Capabilities(
        hashes = hashes.map { it.toPublic() },
        digests = digests.map { DigestInfo(DigestAlgorithm(it.name), it.bits.toInt()) },
        formats = formats.map { it.toPublic() },
    )

private fun NativeFormatInfo.toPublic() = FormatInfo(name, decoded, deterministic.toPublic())

private fun NativeDeterminism.toPublic() =
    when (this) {
        NativeDeterminism.ALWAYS -> Determinism.ALWAYS
        NativeDeterminism.LOSSLESS -> Determinism.LOSSLESS
    }
