// Conversions between the generated records and the values of this package.

internal import OwnprintGenerated

/// Runs a call of the library, and converts its error.
func translating<T>(_ work: () throws -> T) throws(OwnprintError) -> T {
    do {
        return try work()
    } catch OwnprintGenerated.OwnprintError.Failed(let code, let detail) {
        throw OwnprintError(code: code, message: detail)
    } catch let error as OwnprintError {
        throw error
    } catch {
        // Errors of the generated code: a panic, or a library of another version.
        throw OwnprintError(
            code: "internal",
            message: "internal error (\(reason(of: error))); please report it")
    }
}

/// Converts a number to the library's type.
///
/// - Throws: ``OwnprintError`` with this code for a number that is negative or too large.
func unsigned<Value: FixedWidthInteger & UnsignedInteger>(
    _ value: Int, _ name: String, code: String
) throws(OwnprintError) -> Value {
    guard let converted = Value(exactly: value) else {
        throw OwnprintError(
            code: code, message: "\(name) \(value) is out of range; use 0 to \(Value.max)")
    }
    return converted
}

/// Converts a number of a record or list.
///
/// - Throws: ``OwnprintError`` with the code `invalid-record` for a number that is too large.
func signed(_ value: UInt64, _ name: String) throws(OwnprintError) -> Int {
    guard let converted = Int(exactly: value) else {
        throw OwnprintError(
            code: "invalid-record", message: "\(name) \(value) exceeds the maximum of \(Int.max)")
    }
    return converted
}

extension Fingerprint {
    init(_ record: OwnprintGenerated.Fingerprint) throws(OwnprintError) {
        let hashes = record.hashes.map(PerceptualHash.init)
        let variants = record.variants.map(VariantHashes.init)
        image = record.image.map {
            ImageFingerprint(info: ImageInfo($0), hashes: hashes, variants: variants)
        }
        video = try VideoFingerprint.optional(record.video)
        digests = record.digests.map(FileDigest.init)
        warnings = record.warnings.map(Diagnostic.init)
        error = record.error.map(Diagnostic.init)
        decoderRevision = record.decoderRevision.map(Int.init)
    }
}

extension PerceptualHash {
    init(_ record: OwnprintGenerated.PerceptualHash) {
        self.init(
            algorithm: HashAlgorithm(rawValue: record.algorithm), values: record.hex,
            quality: record.quality.map(Int.init))
    }
}

extension FileDigest {
    init(_ record: OwnprintGenerated.Digest) {
        self.init(algorithm: DigestAlgorithm(rawValue: record.algorithm), hex: record.hex)
    }
}

extension Diagnostic {
    init(_ record: OwnprintGenerated.Diagnostic) {
        self.init(code: record.code, message: record.message)
    }
}

extension ImageInfo {
    init(_ record: OwnprintGenerated.ImageInfo) {
        format = record.format
        width = Int(record.width)
        height = Int(record.height)
        orientation = ExifOrientation(record.orientation)
        storedWidth = Int(record.storedWidth)
        storedHeight = Int(record.storedHeight)
        isOrientationApplied = record.orientationApplied
        isDamaged = record.damaged
        rgbMD5 = record.rgbMd5
        decoder = Decoder(record.decoder)
        isDeterministic = record.deterministic
    }
}

extension ImageInfo.Decoder {
    init(_ decoder: OwnprintGenerated.Decoder) {
        self =
            switch decoder {
            case .ownprint: .ownprint
            case .platform: .platform
            }
    }

    var record: OwnprintGenerated.Decoder {
        switch self {
        case .ownprint: .ownprint
        case .platform: .platform
        }
    }
}

extension Options {
    func record(digestsOnly: Bool) -> OwnprintGenerated.Options {
        OwnprintGenerated.Options(
            algorithms: algorithms, variants: variants?.names, digestsOnly: digestsOnly,
            orientation: orientation?.record, acceptDamaged: acceptDamaged, rgbMd5: rgbMD5,
            limits: limits.record)
    }

    /// The names of the hashes and digests, as the library accepts them.
    private var algorithms: [String]? {
        if hashes == nil && digests == nil && vpdq == nil { return nil }
        let defaults = Options.defaults
        let isOfVideos = vpdq ?? (hashes == nil && defaults.vpdq == true)
        let hashes = hashes ?? defaults.hashes ?? []
        let digests = digests ?? defaults.digests ?? []
        let videos = isOfVideos ? [Options.vpdqName] : []
        return videos + hashes.map(\.rawValue) + digests.map(\.rawValue)
    }
}

extension Orientation {
    init(_ orientation: OwnprintGenerated.Orientation) {
        self =
            switch orientation {
            case .apply: .apply
            case .ignore: .ignore
            }
    }

    var record: OwnprintGenerated.Orientation {
        switch self {
        case .apply: .apply
        case .ignore: .ignore
        }
    }
}

/// Checks the size of an image or frame that the system is about to decode.
///
/// - Throws: ``OwnprintError`` with the code `limit-exceeded`.
func checkSize(width: Int, height: Int, limits: Limits) throws(OwnprintError) {
    // A size that is too large for the library's type still exceeds the limits.
    let (width, height) = (UInt32(clamping: width), UInt32(clamping: height))
    try translating {
        try OwnprintGenerated.checkSize(width: width, height: height, limits: limits.record)
    }
}

/// Checks the length of an image file that the system is about to decode.
///
/// - Throws: ``OwnprintError`` with the code `limit-exceeded`.
func checkFileBytes(_ bytes: Int, limits: Limits) throws(OwnprintError) {
    try translating {
        try OwnprintGenerated.checkFileBytes(bytes: UInt64(clamping: bytes), limits: limits.record)
    }
}

extension Limits {
    init(_ record: OwnprintGenerated.Limits) {
        self.init(
            fileBytes: record.fileBytes.map { Int(clamping: $0) },
            width: record.width.map { Int(clamping: $0) },
            height: record.height.map { Int(clamping: $0) },
            pixels: record.pixels.map { Int(clamping: $0) },
            memory: record.memory.map { Int(clamping: $0) },
            expansion: record.expansion.map { Int(clamping: $0) })
    }

    /// A negative limit becomes 0, which every image exceeds.
    var record: OwnprintGenerated.Limits {
        OwnprintGenerated.Limits(
            fileBytes: fileBytes.map { UInt64(clamping: $0) },
            width: width.map { UInt32(clamping: $0) },
            height: height.map { UInt32(clamping: $0) },
            pixels: pixels.map { UInt64(clamping: $0) },
            memory: memory.map { UInt64(clamping: $0) },
            expansion: expansion.map { UInt32(clamping: $0) })
    }
}

extension PixelFormat {
    var record: OwnprintGenerated.PixelFormat {
        switch self {
        case .rgb8: .rgb8
        case .rgba8: .rgba8
        case .bgra8: .bgra8
        case .l8: .l8
        case .rgba8Premultiplied: .rgba8Premultiplied
        case .bgra8Premultiplied: .bgra8Premultiplied
        }
    }
}

extension PixelLayout {
    var record: OwnprintGenerated.PixelLayout {
        get throws(OwnprintError) {
            let code = "invalid-pixels"
            var bytes: UInt32?
            if let stride { bytes = try unsigned(stride, "stride", code: code) }
            return OwnprintGenerated.PixelLayout(
                width: try unsigned(width, "width", code: code),
                height: try unsigned(height, "height", code: code), format: format.record,
                stride: bytes, orientation: orientation.record)
        }
    }
}

extension ExifOrientation {
    init(_ orientation: OwnprintGenerated.ExifOrientation) {
        self =
            switch orientation {
            case .normal: .normal
            case .mirrored: .mirrored
            case .rotated180: .rotated180
            case .mirroredRotated180: .mirroredRotated180
            case .transposed: .transposed
            case .rotated90: .rotated90
            case .transversed: .transversed
            case .rotated270: .rotated270
            }
    }

    var record: OwnprintGenerated.ExifOrientation {
        switch self {
        case .normal: .normal
        case .mirrored: .mirrored
        case .rotated180: .rotated180
        case .mirroredRotated180: .mirroredRotated180
        case .transposed: .transposed
        case .rotated90: .rotated90
        case .transversed: .transversed
        case .rotated270: .rotated270
        }
    }
}

extension FrameLayout {
    var record: OwnprintGenerated.FrameLayout {
        get throws(OwnprintError) {
            OwnprintGenerated.FrameLayout(
                width: try unsigned(width, "width", code: "invalid-pixels"),
                height: try unsigned(height, "height", code: "invalid-pixels"),
                planes: try planes.record)
        }
    }
}

extension FrameLayout.Planes {
    fileprivate var record: OwnprintGenerated.FramePlanes {
        get throws(OwnprintError) {
            switch self {
            case .i420(let luma, let cb, let cr, let matrix, let range):
                return .i420(
                    luma: try luma.record, cb: try cb.record, cr: try cr.record,
                    matrix: matrix?.record, range: range?.record)
            case .nv12(let luma, let chroma, let matrix, let range):
                return .nv12(
                    luma: try luma.record, chroma: try chroma.record, matrix: matrix?.record,
                    range: range?.record)
            case .packed(let format, let plane):
                return .packed(format: format.record, plane: try plane.record)
            }
        }
    }
}

extension FrameLayout.Plane {
    fileprivate var record: OwnprintGenerated.PlaneLayout {
        get throws(OwnprintError) {
            OwnprintGenerated.PlaneLayout(
                offset: try unsigned(offset, "offset", code: "invalid-pixels"),
                stride: try unsigned(stride, "stride", code: "invalid-pixels"))
        }
    }
}

extension YUVMatrix {
    fileprivate var record: OwnprintGenerated.YuvMatrix {
        switch self {
        case .bt601: .bt601
        case .bt709: .bt709
        }
    }
}

extension YUVRange {
    fileprivate var record: OwnprintGenerated.YuvRange {
        switch self {
        case .limited: .limited
        case .full: .full
        }
    }
}
