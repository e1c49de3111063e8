import Foundation
internal import OwnprintGenerated

/// One hash of a list.
public struct ListedHash: Sendable, Hashable {
    /// The algorithm.
    public let algorithm: HashAlgorithm
    /// The hash in lowercase hexadecimal digits.
    public let hex: String
    /// The quality, if the list states it.
    public let quality: Int?
    /// The path or name, if the list states it.
    public let name: String?
    /// The number of its line, from 1.
    public let line: Int
    /// The variant of the image whose hash this is, in a record with variants.
    public let variant: String?
}

/// A row of a list, or a record of a page, that was skipped because it is invalid.
public struct SkippedRow: Sendable, Hashable {
    /// The line of the error, from 1.
    public let line: Int
    /// The character in that line, from 1.
    public let column: Int
    /// The stable code of the error.
    public let code: String
    /// What is wrong, and what is expected.
    public let message: String
}

/// The rows that tolerant reading skipped.
public struct SkippedRows: Sendable, Hashable {
    /// The number of all of them.
    public let count: Int
    /// The first 1,000, in order.
    public let rows: [SkippedRow]
}

/// Reads lists of hashes: JSON lines or CSV as the command line writes them, lines `pdq HASH` of an
/// exchange, lines `HASH,QUALITY,NAME` of pdq-photo-hasher, and pages of StopNCII.org.
///
/// The readers are strict: a hash of another length and a byte order mark are errors.
public enum HashList {
    /// Returns the hashes of a list, in its order.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column.
    public static func read(_ list: Data) throws(OwnprintError) -> [ListedHash] {
        try translating { try OwnprintGenerated.readList(list: list).map(ListedHash.init) }
    }

    /// Returns the hashes of a list as ``read(_:)`` does, but skips invalid rows, and says what is
    /// wrong with them. Errors that concern the whole list remain, such as an unknown form.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column.
    public static func readTolerant(
        _ list: Data
    ) throws(OwnprintError) -> (hashes: [ListedHash], skipped: SkippedRows) {
        try translating {
            let read = try OwnprintGenerated.readListTolerant(list: list)
            return (try read.hashes.map(ListedHash.init), try SkippedRows(read.skipped))
        }
    }

    /// Returns the hashes of a list whose bytes a closure returns.
    /// ``Fingerprinter/fingerprint(reading:progress:)`` describes the closure.
    ///
    /// The list is read in chunks, as hashes are requested, on a thread of this package. Memory
    /// holds one chunk and one record. The sequence throws ``OwnprintError`` with the code
    /// `invalid-record`, with line and column, at the first mistake, or `io`; hashes of earlier
    /// chunks come first.
    public static func read(
        reading read: @escaping @Sendable (_ limit: Int) throws -> Data
    ) -> AsyncThrowingStream<ListedHash, any Error> {
        let list = ListReading(read)
        return AsyncThrowingStream { try await list.next() }
    }

    /// Returns the hashes of a list that a file handle reads, from its offset to the end, as
    /// ``read(reading:)`` does.
    public static func read(from handle: FileHandle) -> AsyncThrowingStream<ListedHash, any Error> {
        read(reading: reader(of: handle))
    }
}

extension PerceptualHash {
    /// The line `pdq HASH` by which ThreatExchange accepts this hash, without a line break; `nil`
    /// for other algorithms, and for a quality that exchanges discard.
    public var threatExchangeLine: String? {
        try? OwnprintGenerated.threatexchangeLine(
            algorithm: algorithm.rawValue, hex: hex, quality: quality.map { UInt8(clamping: $0) })
    }
}

/// The state of a list that is read in chunks.
private actor ListReading {
    private let read: @Sendable (Int) throws -> Data
    private let reader = ListReader()
    private var ready: [ListedHash] = []
    private var consumed = 0
    private var hasEnded = false

    init(_ read: @escaping @Sendable (Int) throws -> Data) {
        self.read = read
    }

    func next() async throws -> ListedHash? {
        while consumed == ready.count {
            if hasEnded { return nil }
            let (read, reader) = (read, reader)
            let (hashes, isLast) = try await Worker.run { _ in
                let bytes = try chunk(of: read)
                let hashes = try bytes.isEmpty ? reader.finalize() : reader.update(bytes: bytes)
                return (try hashes.map(ListedHash.init), bytes.isEmpty)
            }
            (ready, consumed, hasEnded) = (hashes, 0, isLast)
        }
        consumed += 1
        return ready[consumed - 1]
    }
}

extension SkippedRows {
    init(_ record: OwnprintGenerated.SkippedRows) throws(OwnprintError) {
        self.init(
            count: try signed(record.count, "count"),
            rows: try translating {
                try record.rows.map { row in
                    SkippedRow(
                        line: try signed(row.line, "line"),
                        column: try signed(row.column, "column"),
                        code: row.code, message: row.message)
                }
            })
    }
}

extension ListedHash {
    fileprivate init(_ record: OwnprintGenerated.ListedHash) throws(OwnprintError) {
        self.init(
            algorithm: HashAlgorithm(rawValue: record.algorithm), hex: record.hex,
            quality: record.quality.map(Int.init), name: record.name,
            line: try signed(record.line, "line"), variant: record.variant)
    }
}
