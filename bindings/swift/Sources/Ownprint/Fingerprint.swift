/// Everything that was computed of one image or file.
public struct Fingerprint: Sendable, Hashable {
    /// The image, or `nil` for a file that is no image this build decodes; such a file has digests only.
    public let image: ImageInfo?
    /// The perceptual hashes, in the order of ``Capabilities/hashes``.
    public let hashes: [PerceptualHash]
    /// The hashes of the image's edited forms, where they were asked for.
    public let variants: VariantHashes?
    /// The digests of the file's bytes, in the order of ``Capabilities/digests``; none for bare pixels.
    public let digests: [Digest]
    /// What a person should know about this result.
    public let warnings: [Warning]
    /// Why requested hashes are missing: the file is damaged, truncated, or exceeds a limit.
    public let error: OwnprintError?

    /// The hash of one algorithm (`pdq`, say), if it was computed.
    public func hash(_ algorithm: String) -> PerceptualHash? {
        hashes.first { $0.algorithm == algorithm }
    }

    /// The digest of one algorithm (`sha256`, say), if it was computed.
    public func digest(_ algorithm: String) -> Digest? {
        digests.first { $0.algorithm == algorithm }
    }
}

/// What is known of a decoded image.
public struct ImageInfo: Sendable, Hashable {
    /// The file format's stable name, such as `jpeg`; `nil` for bare pixels, and for what the platform decoded.
    public let format: String?
    /// Pixels a row, as hashed.
    public let width: Int
    /// Rows, as hashed.
    public let height: Int
    /// The orientation that the file or the caller states, as EXIF numbers it: 1 to 8.
    public let orientation: Int
    /// Pixels a row, as stored.
    public let storedWidth: Int
    /// Rows, as stored.
    public let storedHeight: Int
    /// Whether the orientation was applied before hashing.
    public let isOrientationApplied: Bool
    /// Whether only part of the file could be decoded; always false unless damaged files were accepted.
    public let isDamaged: Bool
    /// MD5 of the hashed RGB bytes as 32 hexadecimal digits, where it was asked for.
    public let rgbMD5: String?
    /// Who decoded the image.
    public let decoder: Decoder
    /// Whether every device computes the same bits from this file: not so where the system decoded it, nor of lossy JPEG XL.
    public let isDeterministic: Bool

    /// Who turned a file into pixels.
    public enum Decoder: String, Sendable, Hashable {
        /// The decoders compiled into this library, the same everywhere; also said of pixels that the caller brings.
        case ownprint
        /// The operating system's, which differ between systems and their versions.
        case platform
    }
}

/// An image's hash under one algorithm, with what makes it meaningful.
public struct PerceptualHash: Sendable, Hashable {
    /// The algorithm's stable name.
    public let algorithm: String
    /// The hashes in lower-case hexadecimal digits: one, eight of a set such as `pdq-dihedral`, or as many as
    /// the image has regions.
    public let values: [String]
    /// How much the image has to recognise, 0 to 100, where the algorithm says it. Exchanges discard below 50: never send
    /// the hash without it.
    public let quality: Int?

    /// The first of ``values``, which is the image's own; empty where there is none.
    public var hex: String { values.first ?? "" }
}

/// The digest of a file's bytes.
public struct Digest: Sendable, Hashable {
    /// The algorithm's stable name.
    public let algorithm: String
    /// Lower-case hexadecimal digits.
    public let hex: String
}

/// Something a person should know about a result that is otherwise right.
public struct Warning: Sendable, Hashable {
    /// The stable name of this kind of warning, in kebab case: `not-an-image`, `low-quality`, …
    public let code: String
    /// A sentence for a person.
    public let message: String
}
