internal import OwnprintGenerated

/// The distance between two hashes of one algorithm.
public struct Comparison: Sendable, Hashable {
    /// The algorithm of both hashes.
    public let algorithm: HashAlgorithm
    /// Number of bits that differ.
    public let distance: Int
    /// Bits in one hash.
    public let bits: Int
    /// The largest distance of two hashes that match.
    public let threshold: Int
    /// Whether the distance is within the threshold.
    public let isMatch: Bool
    /// The name of the nearest variant, if a set of variants was compared.
    public let variant: String?
}

extension HashAlgorithm {
    /// Compares two hashes of this algorithm, in hexadecimal digits of either case.
    ///
    /// - Throws: ``OwnprintError`` with the code `unknown-algorithm`, `invalid-hash` or
    ///   `not-comparable`.
    public func compare(_ a: String, _ b: String) throws(OwnprintError) -> Comparison {
        let name = rawValue
        return Comparison(
            try translating { try OwnprintGenerated.compare(algorithm: name, a: a, b: b) })
    }

    /// Returns the number of bits that differ between two hashes of equal length, in hexadecimal
    /// digits of either case.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-hash` or `not-comparable`.
    public static func distance(_ a: String, _ b: String) throws(OwnprintError) -> Int {
        Int(try translating { try OwnprintGenerated.distance(a: a, b: b) })
    }
}

extension VariantHashes {
    /// Compares a PDQ hash, in hexadecimal digits, with the nearest hash of this set.
    /// ``Comparison/variant`` names the variant.
    ///
    /// - Throws: ``OwnprintError`` with the code `unknown-variant`, `invalid-hash` or
    ///   `not-comparable`.
    public func compare(with hex: String) throws(OwnprintError) -> Comparison {
        let record = record
        return Comparison(
            try translating { try OwnprintGenerated.compareVariants(variants: record, hex: hex) })
    }
}

extension VPDQFeature {
    /// Compares two videos by their features: a query with a video of a list.
    ///
    /// - Throws: ``OwnprintError`` with the code `not-comparable`, `invalid-hash`, or
    ///   `invalid-video` for invalid features.
    public static func compare(
        _ query: [VPDQFeature], with compared: [VPDQFeature],
        thresholds: VideoThresholds = VideoThresholds()
    ) throws(OwnprintError) -> VideoComparison {
        VideoComparison(
            try translating {
                try OwnprintGenerated.compareVideos(
                    query: query.map(\.record), compared: compared.map(\.record),
                    thresholds: thresholds.record)
            })
    }
}

extension Comparison {
    fileprivate init(_ comparison: OwnprintGenerated.Comparison) {
        algorithm = HashAlgorithm(rawValue: comparison.algorithm)
        distance = Int(comparison.distance)
        bits = Int(comparison.bits)
        threshold = Int(comparison.threshold)
        isMatch = comparison.isMatch
        variant = comparison.variant
    }
}
