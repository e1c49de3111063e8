internal import OwnprintGenerated

/// One page of StopNCII.org's `FetchHashes`. The names of signals, statuses and values are the
/// service's.
public struct StopNCIIPage: Sendable, Hashable {
    /// Number of records that the service states.
    public var count: Int
    /// The token that requests the next page, if there is one.
    public var nextPageToken: String?
    /// The start time of the next request, in seconds since 1970.
    public var nextSetTimestamp: Int
    /// Whether there are more records.
    public var hasMoreRecords: Bool
    /// The records.
    public var records: [Record]

    /// One hash with its status.
    public struct Record: Sendable, Hashable {
        /// The time of the last change, in seconds since 1970.
        public var lastModified: Int
        /// The kind of hash: `ImagePDQ`, `VideoMD5`, `VideoTMK`, `Text`, `URL` or `Unknown`.
        public var signal: String
        /// The hash: 64 lowercase digits for `ImagePDQ`, 32 for `VideoMD5`, any text for others.
        public var hash: String
        /// The status: `Received`, `Active`, `Withdrawn`, `Deleted` or `Unknown`.
        public var status: String
        /// The status in each case.
        public var cases: [Case]
        /// The feedback of services.
        public var feedbacks: [Feedback]

        /// Creates a record.
        public init(
            lastModified: Int, signal: String, hash: String, status: String, cases: [Case] = [],
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

    /// The status of a hash in one case.
    public struct Case: Sendable, Hashable {
        /// The number of the case.
        public var number: String
        /// The status, as for a record.
        public var status: String

        /// Creates a case.
        public init(number: String, status: String) {
            self.number = number
            self.status = status
        }
    }

    /// The feedback of one service on a hash.
    public struct Feedback: Sendable, Hashable {
        /// The feedback: `None`, `QualityUnknown`, `PendingReview`, `Blocked`, `NotBlocked`,
        /// `Withdrawn`, `Deleted` or `Unknown`.
        public var value: String
        /// Tags of the service.
        public var tags: [String]
        /// The name of the service; empty if not stated.
        public var source: String

        /// Creates a feedback.
        public init(value: String, tags: [String], source: String) {
            self.value = value
            self.tags = tags
            self.source = source
        }
    }

    /// Creates a page.
    public init(
        count: Int, nextPageToken: String?, nextSetTimestamp: Int, hasMoreRecords: Bool,
        records: [Record]
    ) {
        self.count = count
        self.nextPageToken = nextPageToken
        self.nextSetTimestamp = nextSetTimestamp
        self.hasMoreRecords = hasMoreRecords
        self.records = records
    }

    /// Reads a page from JSON. Unknown members are ignored.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column.
    public init(json text: String) throws(OwnprintError) {
        try self.init(translating { try OwnprintGenerated.readStopNciiPage(text: text) })
    }

    /// Reads a page as ``init(json:)`` does, but skips invalid records, and says what is wrong with
    /// them.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column.
    public static func readTolerant(
        json text: String
    ) throws(OwnprintError) -> (page: StopNCIIPage, skipped: SkippedRows) {
        try translating {
            let read = try OwnprintGenerated.readStopNciiPageTolerant(text: text)
            return (try StopNCIIPage(read.page), try SkippedRows(read.skipped))
        }
    }

    /// Returns the page as JSON, on one line.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record` for an unknown name, and for an
    ///   invalid hash.
    public func json() throws(OwnprintError) -> String {
        try translating { try OwnprintGenerated.writeStopNciiPage(page: record()) }
    }
}
