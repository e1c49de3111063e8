internal import OwnprintGenerated

/// The hashes of a set of variants of one image: a list that has them finds the copy that was cropped, framed, turned.
public struct VariantHashes: Sendable, Hashable {
    /// The name of the set, where it is one that is ready: `compact`, `standard`, `wide`.
    public var set: String?
    /// The most useful first, and the image's own before all.
    public var hashes: [VariantHash]
    /// The variants of the set that have no hash here, and why.
    public var skipped: [SkippedVariant]

    /// A set of these values.
    public init(set: String? = nil, hashes: [VariantHash], skipped: [SkippedVariant] = []) {
        self.set = set
        self.hashes = hashes
        self.skipped = skipped
    }
}

/// The hash of one variant, to be compared as `pdq` hashes are.
public struct VariantHash: Sendable, Hashable {
    /// Of which edit it is, by the variant's name (`mirror`, `crop:4`); `image` for the image itself.
    public var variant: String
    /// Lower-case hexadecimal digits.
    public var hex: String
    /// How much the edited image has to recognise, 0 to 100.
    public var quality: Int

    /// A hash of these values.
    public init(variant: String, hex: String, quality: Int) {
        self.variant = variant
        self.hex = hex
        self.quality = quality
    }

    /// The line by which a hash exchange takes this hash, without its end; nothing for a quality that exchanges discard.
    public var exchangeLine: String? {
        PerceptualHash(algorithm: "pdq", values: [hex], quality: quality).exchangeLine
    }
}

/// A variant that was computed and not kept.
public struct SkippedVariant: Sendable, Hashable {
    /// The variant's name.
    public var variant: String
    /// Why.
    public var reason: Reason

    /// Why a variant is not in a set.
    public enum Reason: Sendable, Hashable {
        /// It has too little to recognise, or the image itself has: how much, 0 to 100.
        case quality(Int)
        /// Its hash is almost that of a variant before it, and would find nothing more: which one, and bits between the two.
        case near(to: String, distance: Int)
    }

    /// A variant that was skipped for this reason.
    public init(variant: String, reason: Reason) {
        self.variant = variant
        self.reason = reason
    }
}

extension VariantHashes {
    init(_ record: OwnprintGenerated.VariantHashes) {
        self.init(
            set: record.set,
            hashes: record.hashes.map { VariantHash(variant: $0.variant, hex: $0.hex, quality: Int($0.quality)) },
            skipped: record.skipped.map {
                SkippedVariant(variant: $0.variant, reason: SkippedVariant.Reason($0.reason))
            })
    }

    var record: OwnprintGenerated.VariantHashes {
        OwnprintGenerated.VariantHashes(
            set: set,
            hashes: hashes.map {
                OwnprintGenerated.VariantHash(variant: $0.variant, hex: $0.hex, quality: UInt8(clamping: $0.quality))
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
