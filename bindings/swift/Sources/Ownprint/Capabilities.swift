internal import OwnprintGenerated

/// What this build computes and decodes.
public struct Capabilities: Sendable, Hashable {
    /// The perceptual hashes, with their default parameters.
    public let hashes: [HashInfo]
    /// The digests.
    public let digests: [DigestInfo]
    /// The file formats that are recognized.
    public let formats: [FormatInfo]
    /// The names of the hashes and digests that are computed by default.
    public let defaults: [String]

    /// The capabilities of this build.
    public static var current: Capabilities {
        let capabilities = OwnprintGenerated.capabilities()
        return Capabilities(
            hashes: capabilities.hashes.map(HashInfo.init),
            digests: capabilities.digests.map {
                DigestInfo(algorithm: DigestAlgorithm(rawValue: $0.name), bits: Int($0.bits))
            },
            formats: capabilities.formats.map {
                FormatInfo(
                    name: $0.name, isDecoded: $0.decoded,
                    determinism: $0.deterministic == .always ? .always : .lossless)
            },
            defaults: capabilities.defaults)
    }
}

/// The properties of a perceptual hash algorithm.
public struct HashInfo: Sendable, Hashable {
    /// The algorithm; its name is in the shortest form.
    public let algorithm: HashAlgorithm
    /// Bits in one hash.
    public let bits: Int
    /// Hashes of one image; `nil` if the image determines the number.
    public let hashes: Int?
    /// The largest distance of two hashes that match, in bits.
    public let threshold: Int
    /// The implementation whose hashes these equal bit for bit.
    public let reference: String
}

/// The properties of a digest algorithm.
public struct DigestInfo: Sendable, Hashable {
    /// The algorithm.
    public let algorithm: DigestAlgorithm
    /// Bits in one digest.
    public let bits: Int
}

/// The properties of a file format.
public struct FormatInfo: Sendable, Hashable {
    /// The stable name, such as `jpeg`.
    public let name: String
    /// Whether this build decodes the format.
    public let isDecoded: Bool
    /// Which files have the same pixels on every device.
    public let determinism: Determinism

    /// Which files of a format have the same pixels on every device.
    public enum Determinism: Sendable, Hashable {
        /// All files.
        case always
        /// Files that were compressed without loss.
        case lossless
    }
}

extension HashInfo {
    init(_ record: OwnprintGenerated.HashInfo) {
        self.init(
            algorithm: HashAlgorithm(rawValue: record.name), bits: Int(record.bits),
            hashes: record.hashes.map(Int.init), threshold: Int(record.threshold),
            reference: record.reference)
    }
}
