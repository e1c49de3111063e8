import Foundation
internal import OwnprintGenerated

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
    /// The variant of its image that it is the hash of, in a record with a set of them.
    public let variant: String?
}

/// The hashes of a list, in its order: JSON lines or a table as the command line writes them, or lines `pdq HASH` of an exchange.
/// Strict: upper case, a hash of another length, a byte order mark are errors.
///
/// Throws `invalid-record`, with line and column.
public func readList(_ list: Data) throws(OwnprintError) -> [ListedHash] {
    try translating { try OwnprintGenerated.readList(list: list) }.map(ListedHash.init)
}

/// The hashes of a list that a closure gives, as ``Fingerprinter/fingerprint(reading:progress:)`` calls it: read piece by piece as
/// they are asked for, on a thread of the package's, never more than a piece and a record of it in memory.
///
/// Throws `invalid-record`, with line and column, at the list's first mistake, and `io`; the hashes of pieces before it were given
/// by then.
public func readList(
    reading read: @escaping @Sendable (_ most: Int) throws -> Data
) -> AsyncThrowingStream<ListedHash, any Error> {
    let list = ListReading(read)
    return AsyncThrowingStream { try await list.next() }
}

/// The same of a list that a file handle gives from where it stands to its end.
public func readList(from handle: FileHandle) -> AsyncThrowingStream<ListedHash, any Error> {
    readList(reading: reader(of: handle))
}

extension PerceptualHash {
    /// The line by which a hash exchange takes this hash, without its end; nothing for an algorithm that exchanges do not take,
    /// and for a quality that they discard.
    public var exchangeLine: String? {
        try? OwnprintGenerated.threatexchangeLine(
            algorithm: algorithm, hex: hex, quality: quality.map { UInt8(clamping: $0) })
    }
}

/// A list on its way in.
private actor ListReading {
    private let read: @Sendable (Int) throws -> Data
    private let stream = ListReader()
    private var ready: [ListedHash] = []
    private var given = 0
    private var hasEnded = false

    init(_ read: @escaping @Sendable (Int) throws -> Data) {
        self.read = read
    }

    func next() async throws -> ListedHash? {
        while given == ready.count {
            if hasEnded { return nil }
            let (read, stream) = (read, stream)
            let (hashes, isLast) = try await Worker.run { _ in
                let bytes = try piece(of: read)
                let hashes = try bytes.isEmpty ? stream.finalize() : stream.update(bytes: bytes)
                return (hashes.map(ListedHash.init), bytes.isEmpty)
            }
            (ready, given, hasEnded) = (hashes, 0, isLast)
        }
        given += 1
        return ready[given - 1]
    }
}

extension ListedHash {
    fileprivate init(_ record: OwnprintGenerated.ListedHash) {
        self.init(
            algorithm: record.algorithm, hex: record.hex, quality: record.quality.map(Int.init), name: record.name,
            line: Int(record.line), variant: record.variant)
    }
}
