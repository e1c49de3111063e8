internal import OwnprintGenerated

/// Variants of an image (crops, borders, mirrors) whose PDQ hashes are computed. A list with these
/// hashes also finds edited copies.
public struct VariantSet: Sendable, Hashable {
    /// The name of one set, or the names of variants.
    public let names: [String]

    /// Creates a set of variants by name, such as `mirror` and `crop:4`. With an unknown name,
    /// ``Fingerprinter/init(_:)`` throws `unknown-variant`.
    public init(names: [String]) {
        self.names = names
    }

    /// The set of 8 hashes.
    public static let compact = VariantSet(names: ["compact"])
    /// The set of 16 hashes.
    public static let standard = VariantSet(names: ["standard"])
    /// The set of 32 hashes.
    public static let wide = VariantSet(names: ["wide"])
    /// The set of an image that is looked up in a list: up to 32 hashes.
    public static let query = VariantSet(names: ["query"])
    /// The set of an image that is looked up in a list of images with sets: up to 124 hashes.
    public static let queryWide = VariantSet(names: ["query-wide"])
}

/// The PDQ hashes of an image's variants.
public struct VariantHashes: Sendable, Hashable {
    /// The name of the set: `compact`, `standard`, `wide`; `nil` for variants that were named one
    /// by one.
    public var set: String?
    /// The hashes: the unchanged image first, then the most useful variants.
    public var hashes: [VariantHash]
    /// The variants of the set that were skipped.
    public var skipped: [SkippedVariant]

    /// Creates a set of hashes.
    public init(set: String? = nil, hashes: [VariantHash], skipped: [SkippedVariant] = []) {
        self.set = set
        self.hashes = hashes
        self.skipped = skipped
    }
}

/// The PDQ hash of one variant.
public struct VariantHash: Sendable, Hashable {
    /// The name of the variant (`mirror`, `crop:4`); `original` for the unchanged image.
    public var variant: String
    /// The hash in lowercase hexadecimal digits.
    public var hex: String
    /// The quality of the edited image, 0 to 100.
    public var quality: Int

    /// Creates a hash.
    public init(variant: String, hex: String, quality: Int) {
        self.variant = variant
        self.hex = hex
        self.quality = quality
    }

    /// The line `pdq HASH` by which ThreatExchange accepts this hash, without a line break; `nil`
    /// for a quality that exchanges discard.
    public var threatExchangeLine: String? {
        PerceptualHash(algorithm: .pdq, values: [hex], quality: quality).threatExchangeLine
    }
}

/// A variant that has no hash in the set.
public struct SkippedVariant: Sendable, Hashable {
    /// The name of the variant.
    public var variant: String
    /// Why it was skipped.
    public var reason: Reason

    /// Why a variant was skipped.
    public enum Reason: Sendable, Hashable {
        /// The quality of the variant or of the unchanged image, 0 to 100, is too low.
        case quality(Int)
        /// The hash nearly equals that of an earlier variant: its name, and the number of bits that
        /// differ.
        case near(to: String, distance: Int)
    }

    /// Creates a skipped variant.
    public init(variant: String, reason: Reason) {
        self.variant = variant
        self.reason = reason
    }
}

extension VariantHashes {
    init(_ record: OwnprintGenerated.VariantHashes) {
        self.init(
            set: record.set,
            hashes: record.hashes.map {
                VariantHash(variant: $0.variant, hex: $0.hex, quality: Int($0.quality))
            },
            skipped: record.skipped.map {
                SkippedVariant(variant: $0.variant, reason: SkippedVariant.Reason($0.reason))
            })
    }

    var record: OwnprintGenerated.VariantHashes {
        OwnprintGenerated.VariantHashes(
            set: set,
            hashes: hashes.map {
                OwnprintGenerated.VariantHash(
                    variant: $0.variant, hex: $0.hex, quality: UInt8(clamping: $0.quality))
            },
            skipped: skipped.map {
                OwnprintGenerated.SkippedVariant(variant: $0.variant, reason: $0.reason.record)
            })
    }
}

extension SkippedVariant.Reason {
    fileprivate init(_ reason: OwnprintGenerated.SkipReason) {
        self =
            switch reason {
            case .quality(let quality): .quality(Int(quality))
            case .near(let to, let distance): .near(to: to, distance: Int(distance))
            }
    }

    fileprivate var record: OwnprintGenerated.SkipReason {
        switch self {
        case .quality(let quality): .quality(quality: UInt8(clamping: quality))
        case .near(let to, let distance): .near(to: to, distance: UInt32(clamping: distance))
        }
    }
}
