import Foundation
internal import OwnprintGenerated

/// The record of one file: its hashes and digests, or the error. One line of the command line's
/// `jsonl`, or one row of its CSV.
public struct FingerprintRecord: Sendable, Hashable {
    /// The file's path, or another name of the file.
    public var path: String?
    /// The decoded image; `nil` for a file that was not decoded as an image.
    public var image: ImageInfo?
    /// The perceptual hashes, each algorithm once.
    public var hashes: [PerceptualHash]
    /// The hashes of the image's variants, if there are any.
    public var variants: VariantHashes?
    /// The video and the hashes of its frames, if there are any.
    public var video: VideoFingerprint?
    /// The digests, each algorithm once.
    public var digests: [FileDigest]
    /// The warnings; their messages are empty if the record was read from CSV.
    public var warnings: [Diagnostic]
    /// Which decoder made the pixels. With ``ImageInfo/Decoder-swift.enum/platform``, another
    /// device may compute other bits.
    public var decoder: ImageInfo.Decoder
    /// The revision of the decoder of this library, if it is known.
    public var decoderRevision: Int?
    /// Why the hashes are missing, or the file could not be read.
    public var error: Diagnostic?

    /// Creates a record.
    public init(
        path: String? = nil, image: ImageInfo? = nil, hashes: [PerceptualHash] = [],
        variants: VariantHashes? = nil, video: VideoFingerprint? = nil, digests: [FileDigest] = [],
        warnings: [Diagnostic] = [], decoder: ImageInfo.Decoder = .ownprint,
        decoderRevision: Int? = nil, error: Diagnostic? = nil
    ) {
        self.path = path
        self.image = image
        self.hashes = hashes
        self.variants = variants
        self.video = video
        self.digests = digests
        self.warnings = warnings
        self.decoder = decoder
        self.decoderRevision = decoderRevision
        self.error = error
    }

    /// Creates the record of a fingerprint.
    public init(path: String?, fingerprint: Fingerprint) {
        let image = fingerprint.image
        self.init(
            path: path, image: image?.info, hashes: image?.hashes ?? [], variants: image?.variants,
            video: fingerprint.video, digests: fingerprint.digests, warnings: fingerprint.warnings,
            decoder: image?.info.decoder ?? .ownprint,
            decoderRevision: fingerprint.decoderRevision, error: fingerprint.error)
    }

    /// Creates the record of a file that could not be read.
    public init(path: String?, error: OwnprintError) {
        self.init(path: path, error: Diagnostic(code: error.code, message: error.message))
    }

    /// Reads one record from JSON, strictly: a member that is missing, unknown or repeated is an
    /// error.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column.
    public init(json text: String) throws(OwnprintError) {
        try self.init(translating { try OwnprintGenerated.readRecord(text: text) })
    }

    /// Returns the record as JSON, on one line without a line break.
    ///
    /// - Throws: ``OwnprintError`` with the code `unknown-algorithm`, `invalid-hash`,
    ///   `not-comparable` or `invalid-record` for values that the reader would refuse.
    public func json() throws(OwnprintError) -> String {
        try translating { try OwnprintGenerated.writeRecord(record: record()) }
    }

    /// Returns the hash of one algorithm; `nil` if the record does not have it.
    public func hash(_ algorithm: HashAlgorithm) -> PerceptualHash? {
        hashes.first { $0.algorithm == algorithm }
    }

    /// Returns the digest of one algorithm; `nil` if the record does not have it.
    public func digest(_ algorithm: DigestAlgorithm) -> FileDigest? {
        digests.first { $0.algorithm == algorithm }
    }
}

/// A CSV table of records, with columns for the chosen hashes, digests and variants.
public struct CSVTable: Sendable, Hashable {
    /// The header, with its line break.
    public let header: String
    private let names: [String]
    private let variants: [String]?

    /// Creates a table.
    ///
    /// - Parameters:
    ///   - hashes: The hashes that have columns.
    ///   - digests: The digests that have columns.
    ///   - variants: The variants that have columns.
    ///   - includesVideos: Whether videos have columns.
    /// - Throws: ``OwnprintError`` with the code `unknown-algorithm`, `unknown-variant` or
    ///   `invalid-variants`.
    public init(
        hashes: [HashAlgorithm], digests: [DigestAlgorithm], variants: VariantSet? = nil,
        includesVideos: Bool = false
    ) throws(OwnprintError) {
        let videos = includesVideos ? ["vpdq"] : []
        let names = hashes.map(\.rawValue) + digests.map(\.rawValue) + videos
        self.names = names
        self.variants = variants?.names
        header = try translating {
            try OwnprintGenerated.csvHeader(algorithms: names, variants: variants?.names)
        }
    }

    /// Returns the row of a record, with its line break. Hashes and digests without a column, and
    /// the messages of warnings, are skipped.
    ///
    /// - Throws: ``OwnprintError`` as ``FingerprintRecord/json()`` does.
    public func row(of record: FingerprintRecord) throws(OwnprintError) -> String {
        try translating {
            try OwnprintGenerated.csvRow(
                algorithms: names, variants: variants, record: record.record())
        }
    }

    /// Returns the records of a CSV table, in its order. Its columns may be in any order.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column.
    public static func read(_ table: Data) throws(OwnprintError) -> [FingerprintRecord] {
        try translating {
            try OwnprintGenerated.readCsv(table: table).map(FingerprintRecord.init)
        }
    }
}
