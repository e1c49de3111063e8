import Foundation
internal import OwnprintGenerated

/// Hashes of one algorithm in memory, each with a text, found by their distance from another. Answers are exact, and fast among
/// millions too.
///
/// ```swift
/// let index = try HashIndex()
/// try index.insert(list: Data(contentsOf: known))
/// for hit in try index.within(fingerprint.hash("pdq")!.hex) { print("\(hit.payload): \(hit.distance) bits") }
/// ```
///
/// May be used from any number of threads at once. Calls compute on the thread that makes them: a search takes well under a
/// millisecond, loading or adding a million hashes about a second.
public final class HashIndex: Sendable {
    /// A hash that a search found.
    public struct Hit: Sendable, Hashable {
        /// The entry's number in its index.
        public let entry: Int
        /// Bits that differ from the hash that was looked for.
        public let distance: Int
        /// The text that was given with it; a list's hash of a variant has the name there, `#` and the variant.
        public let payload: String
        /// The variant, where the payload ends with `#` and one.
        public let variant: String?
    }

    private let native: OwnprintGenerated.HashIndex

    /// An empty index for hashes of the named algorithm.
    ///
    /// Throws `unknown-algorithm`, or `not-comparable` for hashes of over 1,024 bits.
    public init(algorithm: String = "pdq") throws(OwnprintError) {
        native = try translating { try OwnprintGenerated.HashIndex(algorithm: algorithm) }
    }

    /// The index that was saved to a file; its entries are numbered anew, in the order in which they came.
    ///
    /// Throws `io`, `unknown-algorithm`, or `invalid-index` for a file that is cut off or altered.
    public init(contentsOf file: URL) throws(OwnprintError) {
        native = try translating { try OwnprintGenerated.HashIndex.load(path: file.path) }
    }

    /// The stable name of the algorithm whose hashes it has.
    public var algorithm: String { native.algorithm() }

    /// How many entries it has.
    public var count: Int { Int(native.count()) }

    /// Adds a hash in hexadecimal digits with a text, and gives the entry's number: 0, 1, 2 … in the order in which entries come.
    ///
    /// Throws `invalid-hash` or `not-comparable`.
    @discardableResult
    public func insert(_ hex: String, payload: String = "") throws(OwnprintError) -> Int {
        Int(try translating { try native.insert(hex: hex, payload: payload) })
    }

    /// Adds the hashes of ``algorithm`` that a list has, and gives how many there were: JSON lines or a table as the command line
    /// writes them, or lines `pdq HASH` of an exchange. Each goes in under its name there, if it has one. When any line is wrong,
    /// none is added.
    ///
    /// Throws `invalid-record`, with line and column.
    @discardableResult
    public func insert(list: Data) throws(OwnprintError) -> Int {
        Int(try translating { try native.insertList(list: list) })
    }

    /// The same of a list that a closure gives, as ``Fingerprinter/fingerprint(reading:progress:)`` calls it, read piece by piece on
    /// a thread of the package's. When it cannot be read to its end, or the task is cancelled, none is added.
    ///
    /// Throws `invalid-record`, with line and column, and `io`.
    @discardableResult
    public func insert(
        listReading read: @escaping @Sendable (_ most: Int) throws -> Data
    ) async throws -> Int {
        let native = native
        return try await Worker.run { token in
            let reader = native.reader()
            while true {
                if token.isCancelled() { throw OwnprintError(code: "cancelled", message: "cancelled") }
                let bytes = try piece(of: read)
                if bytes.isEmpty { break }
                try reader.update(bytes: bytes)
            }
            return Int(try native.insertReader(reader: reader))
        }
    }

    /// The same of a list that a file handle gives from where it stands to its end.
    @discardableResult
    public func insert(listFrom handle: FileHandle) async throws -> Int {
        try await insert(listReading: reader(of: handle))
    }

    /// Removes an entry and gives its text; nothing where there is none of that number.
    @discardableResult
    public func remove(_ entry: Int) -> String? {
        UInt32(exactly: entry).flatMap { native.remove(entry: $0) }
    }

    /// Every entry within a distance of a hash in hexadecimal digits, nearest first. Where no distance is given, the algorithm's
    /// threshold.
    ///
    /// Throws `invalid-hash` or `not-comparable`.
    public func within(_ hex: String, radius: Int? = nil) throws(OwnprintError) -> [Hit] {
        try hits { try native.within(hex: hex, radius: radius.map { UInt32(clamping: $0) }) }
    }

    /// The entries nearest to a hash in hexadecimal digits, nearest first, at most so many.
    ///
    /// Throws `invalid-hash` or `not-comparable`.
    public func nearest(_ hex: String, count: Int) throws(OwnprintError) -> [Hit] {
        try hits { try native.nearest(hex: hex, count: UInt32(clamping: count)) }
    }

    /// The entries that have others near them, in groups: who is near one member is a member too. Where no distance is given,
    /// the algorithm's threshold.
    public func groups(radius: Int? = nil) -> [[Int]] {
        native.groups(radius: radius.map { UInt32(clamping: $0) }).map { $0.map { Int($0) } }
    }

    /// Saves the index to a file, with a checksum; one that is there is replaced.
    ///
    /// Throws `io`.
    public func save(to file: URL) throws(OwnprintError) {
        try translating { try native.save(path: file.path) }
    }

    private func hits(_ search: () throws -> [OwnprintGenerated.Hit]) throws(OwnprintError) -> [Hit] {
        try translating(search).map {
            Hit(entry: Int($0.entry), distance: Int($0.distance), payload: $0.payload, variant: $0.variant)
        }
    }
}
