/// The hashes and digests of one file or image.
///
/// Digests do not depend on decoding: a file that cannot be decoded has its digests, and ``error``
/// or a warning gives the reason why ``image`` is `nil`.
public struct Fingerprint: Sendable, Hashable {
    /// The image and its hashes; `nil` if the file was not decoded.
    public let image: ImageFingerprint?
    /// The video and the hashes of its frames; `nil` in a build that decodes no videos.
    public let video: VideoFingerprint?
    /// The digests of the file's bytes, in the order of ``Capabilities/digests``; none for pixels.
    public let digests: [FileDigest]
    /// The warnings about this result. A file that is not an image has the warning `not-an-image`.
    public let warnings: [Diagnostic]
    /// Why requested hashes are missing: the file is damaged, truncated, or exceeds a limit. `nil`
    /// if nothing is missing, or if a warning gives the reason.
    public let error: Diagnostic?
    /// The revision of the decoder of this library that made the pixels of the image or video;
    /// `nil` for pixels and for the system's decoder. Two results of one file with the same
    /// revision have the same hashes.
    public let decoderRevision: Int?

    /// Returns the hash of one algorithm; `nil` if it was not computed.
    public func hash(_ algorithm: HashAlgorithm) -> PerceptualHash? {
        image?.hash(algorithm)
    }

    /// Returns the digest of one algorithm; `nil` if it was not computed.
    public func digest(_ algorithm: DigestAlgorithm) -> FileDigest? {
        digests.first { $0.algorithm == algorithm }
    }
}

/// An image and its hashes.
public struct ImageFingerprint: Sendable, Hashable {
    /// The properties of the image.
    public let info: ImageInfo
    /// The perceptual hashes, in the order of ``Capabilities/hashes``.
    public let hashes: [PerceptualHash]
    /// The hashes of the image's variants, if requested.
    public let variants: VariantHashes?

    /// The PDQ hash and its quality; `nil` if it was not requested.
    public var pdq: PDQHash? {
        guard let hash = hash(.pdq), let quality = hash.quality else { return nil }
        return PDQHash(hex: hash.hex, quality: quality)
    }

    /// Returns the hash of one algorithm; `nil` if it was not requested.
    public func hash(_ algorithm: HashAlgorithm) -> PerceptualHash? {
        hashes.first { $0.algorithm == algorithm }
    }
}

/// A PDQ hash and its quality. Always send both: exchanges discard hashes with a quality below 50.
public struct PDQHash: Sendable, Hashable {
    /// The hash in 64 lowercase hexadecimal digits.
    public let hex: String
    /// PDQ's measure of how much detail the image has, 0 to 100.
    public let quality: Int
}

/// The properties of a decoded image.
public struct ImageInfo: Sendable, Hashable {
    /// The stable name of the file format, such as `jpeg`; `nil` for pixels.
    public let format: String?
    /// Pixels in a row, as hashed.
    public let width: Int
    /// Number of rows, as hashed.
    public let height: Int
    /// The orientation that the file or the caller states.
    public let orientation: ExifOrientation
    /// Pixels in a row, as stored.
    public let storedWidth: Int
    /// Number of rows, as stored.
    public let storedHeight: Int
    /// Whether the orientation was applied before hashing.
    public let isOrientationApplied: Bool
    /// Whether only part of the file could be decoded; always false unless
    /// ``Options/acceptDamaged`` is set.
    public let isDamaged: Bool
    /// MD5 of the hashed RGB bytes in 32 hexadecimal digits, if requested.
    public let rgbMD5: String?
    /// Which decoder made the pixels.
    public let decoder: Decoder
    /// Whether every device computes the same bits from this file. False for an image that the
    /// system decoded, and for lossy JPEG XL.
    public let isDeterministic: Bool

    /// Which decoder turned a file into pixels.
    public enum Decoder: Sendable, Hashable {
        /// The decoders compiled into this library, the same on every device. Also stated for
        /// pixels.
        case ownprint
        /// The decoder of the operating system or browser, which differs between systems and
        /// versions.
        case platform
    }
}

/// The hash of an image under one algorithm.
public struct PerceptualHash: Sendable, Hashable {
    /// The algorithm.
    public let algorithm: HashAlgorithm
    /// The hashes in lowercase hexadecimal digits: one, eight of a dihedral set, or one for each
    /// region of the image.
    public let values: [String]
    /// The quality of the image, 0 to 100, for algorithms that compute it. Exchanges discard hashes
    /// below 50.
    public let quality: Int?

    /// The first of ``values``; empty if there is none.
    public var hex: String { values.first ?? "" }
}

/// The digest of a file's bytes.
public struct FileDigest: Sendable, Hashable {
    /// The algorithm.
    public let algorithm: DigestAlgorithm
    /// The digest in lowercase hexadecimal digits.
    public let hex: String
}

/// A warning or an error: a stable code, and a sentence.
public struct Diagnostic: Sendable, Hashable {
    /// The stable code, in kebab case: `not-an-image`, `low-quality`, `damaged`.
    public var code: String
    /// A sentence for people; empty for warnings that were read from CSV.
    public var message: String

    /// Creates a diagnostic.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
