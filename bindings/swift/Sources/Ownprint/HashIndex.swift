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
        /// The text that was given with it.
        public let payload: String
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
            Hit(entry: Int($0.entry), distance: Int($0.distance), payload: $0.payload)
        }
    }
}

/// A hash of a list.
public struct ListedHash: Sendable, Hashable {
    /// The algorithm's stable name.
    public let algorithm: String
    /// Lower-case hexadecimal digits.
    public let hex: String
    /// The quality, where the list has it.
    public let quality: Int?
    /// The path or name, where the list has it.
    public let name: String?
    /// The line it stands on, from 1.
    public let line: Int
}

/// The hashes of a list, in its order: JSON lines or a table as the command line writes them, or lines `pdq HASH` of an exchange.
/// Strict: upper case, a hash of another length, a byte order mark are errors.
///
/// Throws `invalid-record`, with line and column.
public func readList(_ list: Data) throws(OwnprintError) -> [ListedHash] {
    try translating { try OwnprintGenerated.readList(list: list) }.map {
        ListedHash(
            algorithm: $0.algorithm, hex: $0.hex, quality: $0.quality.map(Int.init), name: $0.name, line: Int($0.line))
    }
}

extension PerceptualHash {
    /// The line by which a hash exchange takes this hash, without its end; nothing for an algorithm that exchanges do not take,
    /// and for a quality that they discard.
    public var exchangeLine: String? {
        try? OwnprintGenerated.exchangeLine(
            algorithm: algorithm, hex: hex, quality: quality.map { UInt8(clamping: $0) })
    }
}
