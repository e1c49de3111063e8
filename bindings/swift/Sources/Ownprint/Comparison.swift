internal import OwnprintGenerated

/// How far apart two hashes of one algorithm are.
public struct Comparison: Sendable, Hashable {
    /// The algorithm both hashes come from.
    public let algorithm: String
    /// Bits that differ.
    public let distance: Int
    /// Bits a hash.
    public let bits: Int
    /// The distance up to which two hashes are taken for the same image.
    public let threshold: Int
    /// Whether the distance is within the threshold.
    public let isMatch: Bool
    /// The name of the variant that was the nearest, where a set of them was compared.
    public let variant: String?
}

extension Comparison {
    init(_ comparison: OwnprintGenerated.Comparison) {
        algorithm = comparison.algorithm
        distance = Int(comparison.distance)
        bits = Int(comparison.bits)
        threshold = Int(comparison.threshold)
        isMatch = comparison.isMatch
        variant = comparison.variant
    }
}

/// Compares two hashes, in hexadecimal digits of either case, under the named algorithm.
///
/// Throws `unknown-algorithm`, `invalid-hash` or `not-comparable`.
public func compare(_ a: String, _ b: String, algorithm: String = "pdq") throws(OwnprintError) -> Comparison {
    Comparison(try translating { try OwnprintGenerated.compare(algorithm: algorithm, a: a, b: b) })
}

/// Compares a `pdq` hash, in hexadecimal digits, with that of the original's variants which is the nearest to it, and says which.
///
/// Throws `unknown-variant`, `invalid-hash` or `not-comparable`.
public func compare(_ variants: VariantHashes, _ hex: String) throws(OwnprintError) -> Comparison {
    Comparison(try translating { try OwnprintGenerated.compareVariants(variants: variants.record, hex: hex) })
}

/// Bits that differ between two hashes of one length, in hexadecimal digits of either case.
///
/// Throws `invalid-hash` or `not-comparable`.
public func distance(_ a: String, _ b: String) throws(OwnprintError) -> Int {
    Int(try translating { try OwnprintGenerated.distance(a: a, b: b) })
}
