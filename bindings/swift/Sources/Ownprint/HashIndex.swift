import Foundation
internal import OwnprintGenerated

/// Hashes of one algorithm in memory, each with a text. Searches by distance are exact, and fast
/// among millions.
///
/// ```swift
/// let index = try HashIndex(algorithm: .pdq)
/// try index.insert(list: Data(contentsOf: list))
/// for hit in try index.within(pdq.hex) { print("\(hit.payload): \(hit.distance) bits") }
/// ```
///
/// The index may be used from any number of threads at once. Calls compute on the calling thread: a
/// search takes well under a millisecond, loading or inserting a million hashes about a second.
public final class HashIndex: Sendable {
    /// An entry that a search found.
    public struct Hit: Sendable, Hashable {
        /// The number of the entry.
        public let entry: Int
        /// Number of bits that differ from the query.
        public let distance: Int
        /// The text that was inserted with it. For a variant of a list: the name, `#`, and the
        /// variant.
        public let payload: String
        /// The variant, if the payload ends with `#` and a variant.
        public let variant: String?
    }

    private let native: OwnprintGenerated.HashIndex

    /// Creates an empty index.
    ///
    /// - Throws: ``OwnprintError`` with the code `unknown-algorithm`, or `not-comparable` for
    ///   hashes of more than 1,024 bits.
    public init(algorithm: HashAlgorithm) throws(OwnprintError) {
        native = try translating {
            try OwnprintGenerated.HashIndex(algorithm: algorithm.rawValue)
        }
    }

    /// Loads an index that was saved to a file. Its entries are renumbered from 0, in the order in
    /// which they were inserted.
    ///
    /// - Throws: ``OwnprintError`` with the code `io`, `unknown-algorithm`, or `invalid-index` for
    ///   a file that is truncated or altered.
    public init(contentsOf file: URL) throws(OwnprintError) {
        native = try translating { try OwnprintGenerated.HashIndex.load(path: file.path) }
    }

    /// The algorithm of the hashes.
    public var algorithm: HashAlgorithm { HashAlgorithm(rawValue: native.algorithm()) }

    /// Number of entries.
    public var count: Int { Int(clamping: native.count()) }

    /// Inserts a hash in hexadecimal digits with a text, and returns the number of the entry. The
    /// numbers are 0, 1, 2, …
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-hash` or `not-comparable`.
    @discardableResult
    public func insert(_ hex: String, payload: String = "") throws(OwnprintError) -> Int {
        Int(try translating { try native.insert(hex: hex, payload: payload) })
    }

    /// Inserts the hashes of a list that have this algorithm, with their names, and returns their
    /// number. ``HashList`` names the forms of lists. Hashes with a quality below 50 are skipped,
    /// because they would match unrelated images. If a line is invalid, none is inserted.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column.
    @discardableResult
    public func insert(list: Data) throws(OwnprintError) -> Int {
        Int(clamping: try translating { try native.insertList(list: list) })
    }

    /// Inserts the hashes of a list whose bytes a closure returns, as ``insert(list:)`` does.
    /// ``Fingerprinter/fingerprint(reading:progress:)`` describes the closure. The list is read in
    /// chunks on a thread of this package. If it cannot be read to its end, none is inserted.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column, or `io`;
    ///   `CancellationError`.
    @discardableResult
    public func insert(
        listReading read: @escaping @Sendable (_ limit: Int) throws -> Data
    ) async throws -> Int {
        let native = native
        return try await Worker.run { token in
            let reader = native.reader()
            while true {
                if token.isCancelled() {
                    throw OwnprintError(code: "cancelled", message: "cancelled")
                }
                let bytes = try chunk(of: read)
                if bytes.isEmpty { break }
                try reader.update(bytes: bytes)
            }
            return Int(clamping: try native.insertReader(reader: reader))
        }
    }

    /// Inserts the hashes of a list that a file handle reads, from its offset to the end, as
    /// ``insert(listReading:)`` does.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column, or `io`;
    ///   `CancellationError`.
    @discardableResult
    public func insert(listFrom handle: FileHandle) async throws -> Int {
        try await insert(listReading: reader(of: handle))
    }

    /// Removes an entry and returns its text; `nil` if there is no entry with that number.
    @discardableResult
    public func remove(_ entry: Int) -> String? {
        UInt32(exactly: entry).flatMap { native.remove(entry: $0) }
    }

    /// Returns every entry within a distance of a hash in hexadecimal digits, nearest first. `nil`
    /// searches within the algorithm's threshold.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-hash` or `not-comparable`.
    public func within(_ hex: String, radius: Int? = nil) throws(OwnprintError) -> [Hit] {
        try hits { try native.within(hex: hex, radius: radius.map { UInt32(clamping: $0) }) }
    }

    /// Returns the `count` entries nearest to a hash in hexadecimal digits, nearest first.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-hash` or `not-comparable`.
    public func nearest(_ hex: String, count: Int) throws(OwnprintError) -> [Hit] {
        try hits { try native.nearest(hex: hex, count: UInt32(clamping: count)) }
    }

    /// Returns the entries that have others within a distance, in groups: an entry near one member
    /// is a member. `nil` uses the algorithm's threshold.
    public func groups(radius: Int? = nil) -> [[Int]] {
        let groups = native.groups(radius: radius.map { UInt32(clamping: $0) })
        return groups.map { $0.map { Int($0) } }
    }

    /// Saves the index to a file, with a checksum. An existing file is replaced.
    ///
    /// - Throws: ``OwnprintError`` with the code `io`.
    public func save(to file: URL) throws(OwnprintError) {
        try translating { try native.save(path: file.path) }
    }

    private func hits(
        _ search: () throws -> [OwnprintGenerated.Hit]
    ) throws(OwnprintError) -> [Hit] {
        try translating(search).map {
            Hit(
                entry: Int($0.entry), distance: Int($0.distance), payload: $0.payload,
                variant: $0.variant)
        }
    }
}
