import Foundation
internal import OwnprintGenerated

/// What came of one file: its fingerprint, or why there is none; a line of the command line's `jsonl`, a row of its CSV.
public struct FingerprintRecord: Sendable, Hashable {
    /// The file's path, or another name for it.
    public var path: String?
    /// The image, or `nil` for a file that is no image that was decoded.
    public var image: ImageInfo?
    /// The perceptual hashes, each algorithm once.
    public var hashes: [PerceptualHash]
    /// The hashes of the image's edited forms, where there are some.
    public var variants: VariantHashes?
    /// The digests, each algorithm once.
    public var digests: [Digest]
    /// What a person should know about this result; those of a table in CSV have no sentences.
    public var warnings: [Warning]
    /// Whether a browser or an operating system decoded the image: another device may get other bits.
    public var byPlatform: Bool
    /// Why the hashes are missing, or the file could not be read.
    public var error: OwnprintError?
    /// The video of a record that was read, which writing keeps.
    var video: OwnprintGenerated.VideoFingerprint?

    /// The record of a fingerprint.
    public init(path: String?, fingerprint: Fingerprint) {
        self.path = path
        image = fingerprint.image
        hashes = fingerprint.hashes
        variants = fingerprint.variants
        digests = fingerprint.digests
        warnings = fingerprint.warnings
        byPlatform = fingerprint.image?.decoder == .platform
        error = fingerprint.error
    }

    /// The record of a file that failed.
    public init(path: String?, error: OwnprintError) {
        let nothing = Fingerprint(image: nil, hashes: [], variants: nil, digests: [], warnings: [], error: nil)
        self.init(path: path, fingerprint: nothing)
        self.error = error
    }

    /// Reads one record from JSON, strictly: a member that is missing, unknown or there twice is an error.
    ///
    /// Throws `invalid-record`, with line and column.
    public init(json text: String) throws(OwnprintError) {
        self.init(try translating { try OwnprintGenerated.readRecord(text: text) })
    }

    /// The record as JSON on one line, without its end.
    ///
    /// Throws, for what a reader would not take, `unknown-algorithm`, `invalid-hash`, `not-comparable` or `invalid-record`.
    public func json() throws(OwnprintError) -> String {
        try translating { try OwnprintGenerated.writeRecord(record: record) }
    }

    /// The hash of one algorithm (`pdq`, say), if the record has it.
    public func hash(_ algorithm: String) -> PerceptualHash? {
        hashes.first { $0.algorithm == algorithm }
    }

    /// The digest of one algorithm (`sha256`, say), if the record has it.
    public func digest(_ algorithm: String) -> Digest? {
        digests.first { $0.algorithm == algorithm }
    }
}

/// A table in CSV with a column for each of some hashes and digests, and with those of a set of variants where one is named.
public struct CSVTable: Sendable, Hashable {
    /// The names of the columns, with the line's end.
    public let header: String
    private let algorithms: [String]
    private let variants: [String]?

    /// A table for hashes and digests by their stable names, and variants as ``Options/variants`` names them.
    ///
    /// Throws `unknown-algorithm`, `unknown-variant` or `invalid-variants`.
    public init(algorithms: [String], variants: [String]? = nil) throws(OwnprintError) {
        self.algorithms = algorithms
        self.variants = variants
        header = try translating { try OwnprintGenerated.csvHeader(algorithms: algorithms, variants: variants) }
    }

    /// The row of a record, with the line's end. Hashes and digests that have no column, and the sentences of warnings, are left
    /// out.
    ///
    /// Throws what ``FingerprintRecord/json()`` throws.
    public func row(of record: FingerprintRecord) throws(OwnprintError) -> String {
        try translating {
            try OwnprintGenerated.csvRow(algorithms: algorithms, variants: variants, record: record.record)
        }
    }
}

/// The records of a table in CSV, in its order: any of the known columns, in any order.
///
/// Throws `invalid-record`, with line and column.
public func readCSV(_ table: Data) throws(OwnprintError) -> [FingerprintRecord] {
    try translating { try OwnprintGenerated.readCsv(table: table) }.map(FingerprintRecord.init)
}

/// A page of StopNCII.org's records, as its `FetchHashes` answers. Names of signals, statuses and values are the service's own.
public struct StopNCIIPage: Sendable, Hashable {
    /// How many records there are, as the service says it.
    public var count: UInt64
    /// What asks for the next page, where there is one.
    public var nextPageToken: String?
    /// From when to ask the next time, in seconds since 1970.
    public var nextSetTimestamp: UInt64
    /// Whether more records wait.
    public var hasMoreRecords: Bool
    /// The records.
    public var records: [Record]

    /// One hash and what is known of it.
    public struct Record: Sendable, Hashable {
        /// When it was last changed, in seconds since 1970.
        public var lastModified: UInt64
        /// What the hash is: `ImagePDQ`, `VideoMD5`, `VideoTMK`, `Text`, `URL` or `Unknown`.
        public var signal: String
        /// 64 lower-case digits for `ImagePDQ`, 32 for `VideoMD5`, any text for others.
        public var hash: String
        /// What became of it: `Received`, `Active`, `Withdrawn`, `Deleted` or `Unknown`.
        public var status: String
        /// What became of it in each case.
        public var cases: [Case]
        /// What services say of it.
        public var feedbacks: [Feedback]

        /// A record of these values.
        public init(
            lastModified: UInt64, signal: String, hash: String, status: String, cases: [Case] = [],
            feedbacks: [Feedback] = []
        ) {
            self.lastModified = lastModified
            self.signal = signal
            self.hash = hash
            self.status = status
            self.cases = cases
            self.feedbacks = feedbacks
        }
    }

    /// What became of a hash in one case that brought it.
    public struct Case: Sendable, Hashable {
        /// The case's number.
        public var number: String
        /// As that of a record.
        public var status: String

        /// A case of these values.
        public init(number: String, status: String) {
            self.number = number
            self.status = status
        }
    }

    /// What one service says of a hash.
    public struct Feedback: Sendable, Hashable {
        /// `None`, `QualityUnknown`, `PendingReview`, `Blocked`, `NotBlocked`, `Withdrawn`, `Deleted` or `Unknown`.
        public var value: String
        /// Words of its own.
        public var tags: [String]
        /// The service's name; empty where it is not said.
        public var source: String

        /// A feedback of these values.
        public init(value: String, tags: [String], source: String) {
            self.value = value
            self.tags = tags
            self.source = source
        }
    }

    /// A page of these values.
    public init(
        count: UInt64, nextPageToken: String?, nextSetTimestamp: UInt64, hasMoreRecords: Bool, records: [Record]
    ) {
        self.count = count
        self.nextPageToken = nextPageToken
        self.nextSetTimestamp = nextSetTimestamp
        self.hasMoreRecords = hasMoreRecords
        self.records = records
    }

    /// Reads a page from JSON. Members that are not known are passed over.
    ///
    /// Throws `invalid-record`, with line and column.
    public init(json text: String) throws(OwnprintError) {
        self.init(try translating { try OwnprintGenerated.readStopNciiPage(text: text) })
    }

    /// The page as JSON on one line.
    ///
    /// Throws `invalid-record` for a name that is not known, and for a hash that is none.
    public func json() throws(OwnprintError) -> String {
        try translating { try OwnprintGenerated.writeStopNciiPage(page: record) }
    }
}

/// A frame's PDQ hash in vPDQ, and when the frame is shown.
public struct VPDQFeature: Sendable, Hashable {
    /// The hash in 64 hexadecimal digits.
    public var hex: String
    /// 0 to 100; below 50 it is skipped when videos are compared.
    public var quality: Int
    /// Seconds from the video's start.
    public var seconds: Double

    /// A feature of these values.
    public init(hex: String, quality: Int, seconds: Double) {
        self.hex = hex
        self.quality = quality
        self.seconds = seconds
    }

    /// The features of a video from python-threatexchange's JSON, a list of texts `HASH,QUALITY,SECONDS`.
    ///
    /// Throws `invalid-record`, with line and column.
    public static func list(json text: String) throws(OwnprintError) -> [VPDQFeature] {
        try translating { try OwnprintGenerated.readVpdqFeatures(text: text) }.map(VPDQFeature.init)
    }

    /// The features of a video as python-threatexchange writes them; of a time all but three significant digits are lost.
    ///
    /// Throws `invalid-hash`, `not-comparable`, or `invalid-record` for a time that is negative or none. A quality beyond its range
    /// becomes the nearest within it.
    public static func json(_ features: [VPDQFeature]) throws(OwnprintError) -> String {
        try translating { try OwnprintGenerated.writeVpdqFeatures(features: features.map(\.record)) }
    }
}

/// A feature with the number of its frame, as vPDQ's text has it.
public struct VPDQFrame: Sendable, Hashable {
    /// The frame's number in the video, from 0.
    public var frame: UInt64
    /// What is known of the frame.
    public var feature: VPDQFeature

    /// A frame of these values.
    public init(frame: UInt64, feature: VPDQFeature) {
        self.frame = frame
        self.feature = feature
    }

    /// Reads a line `FRAME,QUALITY,HASH,SECONDS`.
    ///
    /// Throws `invalid-record`, with line and column.
    public init(line: String) throws(OwnprintError) {
        let record = try translating { try OwnprintGenerated.readVpdqFrame(line: line) }
        self.init(frame: record.frame, feature: VPDQFeature(record.feature))
    }

    /// The line, without its end; times are rounded to milliseconds.
    ///
    /// Throws what ``VPDQFeature/json(_:)`` throws.
    public func line() throws(OwnprintError) -> String {
        let record = OwnprintGenerated.VpdqFrame(frame: frame, feature: feature.record)
        return try translating { try OwnprintGenerated.writeVpdqFrame(frame: record) }
    }
}
