// The generated records as the package's own values, and back. Nothing is computed or decided here.

internal import OwnprintGenerated

/// Runs a call of the library, and gives its error as the package's own.
func translating<T>(_ work: () throws -> T) throws(OwnprintError) -> T {
    do {
        return try work()
    } catch OwnprintGenerated.OwnprintError.Failed(let code, let detail) {
        throw OwnprintError(code: code, message: detail)
    } catch let error as OwnprintError {
        throw error
    } catch {
        // What the generated code throws of itself: a panic that nobody caught, a library of another version.
        throw OwnprintError(
            code: "internal",
            message: "an internal error, not a fault of yours; please report it (\(reason(of: error)))")
    }
}

extension Fingerprint {
    init(_ record: OwnprintGenerated.Fingerprint) {
        image = record.image.map(ImageInfo.init)
        hashes = record.hashes.map {
            PerceptualHash(algorithm: $0.algorithm, values: $0.hex, quality: $0.quality.map(Int.init))
        }
        variants = record.variants.map(VariantHashes.init)
        digests = record.digests.map { Digest(algorithm: $0.algorithm, hex: $0.hex) }
        warnings = record.warnings.map { Warning(code: $0.code, message: $0.message) }
        error = record.error.map { OwnprintError(code: $0.code, message: $0.message) }
    }
}

extension ImageInfo {
    init(_ record: OwnprintGenerated.ImageInfo) {
        format = record.format
        width = Int(record.width)
        height = Int(record.height)
        orientation = exifValues.firstIndex(of: record.orientation).map { $0 + 1 } ?? 1
        storedWidth = Int(record.storedWidth)
        storedHeight = Int(record.storedHeight)
        isOrientationApplied = record.orientationApplied
        isDamaged = record.damaged
        rgbMD5 = record.rgbMd5
        decoder =
            switch record.decoder {
            case .ownprint: .ownprint
            case .platform: .platform
            }
        isDeterministic = record.deterministic
    }
}

extension Options {
    func record(digestsOnly: Bool) -> OwnprintGenerated.Options {
        OwnprintGenerated.Options(
            algorithms: algorithms, variants: variants, digestsOnly: digestsOnly,
            orientation: ignoreOrientation ? .ignore : nil, acceptDamaged: acceptDamaged, rgbMd5: rgbMD5, limits: limits.record)
    }
}

/// Holds the size of what the system is about to decode to these limits, and to the core's where there are none.
///
/// Throws `limit-exceeded`.
func checkSize(width: Int, height: Int, limits: Limits) throws(OwnprintError) {
    // A size below 0, which no image has, becomes none, and one that is too large stays so.
    let (width, height) = (UInt32(clamping: width), UInt32(clamping: height))
    try translating { try OwnprintGenerated.checkSize(width: width, height: height, limits: limits.record) }
}

/// The same of the length of an image's file.
///
/// Throws `limit-exceeded`.
func checkFileBytes(_ bytes: Int, limits: Limits) throws(OwnprintError) {
    try translating { try OwnprintGenerated.checkFileBytes(bytes: UInt64(clamping: bytes), limits: limits.record) }
}

extension Limits {
    var record: OwnprintGenerated.Limits {
        OwnprintGenerated.Limits(
            fileBytes: fileBytes, width: width, height: height, pixels: pixels, memory: memory,
            expansion: expansion)
    }
}

extension PixelLayout {
    var record: OwnprintGenerated.PixelLayout {
        OwnprintGenerated.PixelLayout(
            width: width, height: height, format: format.record, stride: stride,
            orientation: exifOrientation(Int(orientation)))
    }
}

extension PixelLayout.Format {
    var record: OwnprintGenerated.PixelFormat {
        switch self {
        case .rgb8: .rgb8
        case .rgba8: .rgba8
        case .bgra8: .bgra8
        case .l8: .l8
        }
    }
}

/// The orientations in the order of their EXIF values, 1 to 8.
private let exifValues: [OwnprintGenerated.ExifOrientation] = [
    .normal, .mirrored, .rotated180, .mirroredRotated180, .transposed, .rotated90, .transversed, .rotated270,
]

/// Returns the orientation of an EXIF value; values other than 1 to 8 mean normal.
func exifOrientation(_ value: Int) -> OwnprintGenerated.ExifOrientation {
    exifValues.indices.contains(value - 1) ? exifValues[value - 1] : .normal
}
