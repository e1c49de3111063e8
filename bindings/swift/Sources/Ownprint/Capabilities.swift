internal import OwnprintGenerated

/// What a build can compute and decode.
public struct Capabilities: Sendable, Hashable {
    /// The perceptual hashes.
    public let hashes: [HashAlgorithm]
    /// The digests.
    public let digests: [DigestAlgorithm]
    /// The file formats that are recognised.
    public let formats: [FileFormat]
    /// The names of what is computed unless ``Options/algorithms`` says otherwise.
    public let defaults: [String]

    /// What is known of a perceptual hash before it runs.
    public struct HashAlgorithm: Sendable, Hashable {
        /// The stable name.
        public let name: String
        /// Bits a hash.
        public let bits: Int
        /// Hashes an image; `nil` where the image decides.
        public let hashes: Int?
        /// The distance up to which two hashes are taken for the same image.
        public let threshold: Int
        /// The implementation that this equals bit for bit.
        public let reference: String
    }

    /// What is known of a digest.
    public struct DigestAlgorithm: Sendable, Hashable {
        /// The stable name.
        public let name: String
        /// Bits a digest.
        public let bits: Int
    }

    /// A file format that is recognised.
    public struct FileFormat: Sendable, Hashable {
        /// The stable name.
        public let name: String
        /// Whether the core decodes it.
        public let isDecoded: Bool
    }
}

/// What this build can compute and decode, and what it computes unless told otherwise.
public func capabilities() -> Capabilities {
    let capabilities = OwnprintGenerated.capabilities()
    return Capabilities(
        hashes: capabilities.hashes.map {
            .init(
                name: $0.name, bits: Int($0.bits), hashes: $0.hashes.map(Int.init), threshold: Int($0.threshold),
                reference: $0.reference)
        },
        digests: capabilities.digests.map { .init(name: $0.name, bits: Int($0.bits)) },
        formats: capabilities.formats.map { .init(name: $0.name, isDecoded: $0.decoded) },
        defaults: capabilities.defaults)
}
