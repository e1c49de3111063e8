/* The native library's values as this package's and back: other types of numbers, the same names and meanings. */

package org.ownprint

import org.ownprint.ffi.Capabilities as NativeCapabilities
import org.ownprint.ffi.Comparison as NativeComparison
import org.ownprint.ffi.Decoder as NativeDecoder
import org.ownprint.ffi.Digest as NativeDigest
import org.ownprint.ffi.Fingerprint as NativeFingerprint
import org.ownprint.ffi.Limits as NativeLimits
import org.ownprint.ffi.Diagnostic as NativeDiagnostic
import org.ownprint.ffi.Options as NativeOptions
import org.ownprint.ffi.PerceptualHash as NativeHash
import org.ownprint.ffi.ImageInfo as NativeImage
import org.ownprint.ffi.PixelLayout as NativePixelLayout

internal fun Options.toNative() = NativeOptions(
    algorithms = algorithms,
    variants = variants,
    digestsOnly = digestsOnly,
    stored = stored,
    acceptDamaged = acceptDamaged,
    rgbMd5 = rgbMd5,
    limits = limits?.toNative(),
)

internal fun Limits.toNative() = NativeLimits(
    fileBytes = fileBytes?.toULong(),
    width = width?.toUInt(),
    height = height?.toUInt(),
    pixels = pixels?.toULong(),
    memory = memory?.toULong(),
    expansion = expansion?.toUInt(),
)

/**
 * Holds the size of what a platform is about to decode to these limits, and to the core's where there are none.
 *
 * @throws OwnprintException `limit-exceeded`
 */
internal fun checkSize(width: Int, height: Int, limits: Limits?): Unit =
    // A size below 0, which no image has, becomes one that is over every limit.
    atBorder { org.ownprint.ffi.checkSize(width.toUInt(), height.toUInt(), limits?.toNative()) }

/**
 * The same of the length of an image's file.
 *
 * @throws OwnprintException `limit-exceeded`
 */
internal fun checkFileBytes(bytes: Long, limits: Limits?): Unit =
    atBorder { org.ownprint.ffi.checkFileBytes(bytes.toULong(), limits?.toNative()) }

internal fun PixelLayout.toNative() = NativePixelLayout(
    width = width.toUInt(),
    height = height.toUInt(),
    format = format,
    stride = stride?.toUInt(),
    orientation = orientation.toUShort(),
)

internal fun NativeFingerprint.toRecord() = Fingerprint(
    image = image?.toRecord(),
    hashes = hashes.map { it.toRecord() },
    digests = digests.map { it.toRecord() },
    warnings = warnings.map { it.toWarning() },
    variants = variants?.toRecord(),
)

internal fun NativeHash.toRecord() = PerceptualHash(algorithm, hex, quality?.toInt())

internal fun NativeDigest.toRecord() = Digest(algorithm, hex)

internal fun NativeDiagnostic.toWarning() = Warning(code, explanation)

internal fun NativeImage.toRecord() = ImageInfo(
    format = format,
    width = width.toInt(),
    height = height.toInt(),
    orientation = orientation.toInt(),
    storedWidth = storedWidth.toInt(),
    storedHeight = storedHeight.toInt(),
    pixels = pixels,
    damaged = damaged,
    rgbMd5 = rgbMd5,
    decoder = when (decoder) {
        NativeDecoder.OWNPRINT -> Decoder.OWNPRINT
        NativeDecoder.PLATFORM -> Decoder.PLATFORM
    },
    exact = exact,
)

internal fun NativeComparison.toRecord() = Comparison(
    algorithm = algorithm,
    distance = distance.toInt(),
    bits = bits.toInt(),
    threshold = threshold.toInt(),
    isMatch = isMatch,
    verdict = verdict,
    variant = variant,
)

internal fun NativeCapabilities.toRecord() = Capabilities(
    hashes = hashes.map {
        HashAlgorithm(it.name, it.bits.toInt(), it.hashes?.toInt(), it.threshold.toInt(), it.reference)
    },
    digests = digests.map { DigestAlgorithm(it.name, it.bits.toInt()) },
    formats = formats.map { FileFormat(it.name, it.decoded) },
    defaults = defaults,
)
