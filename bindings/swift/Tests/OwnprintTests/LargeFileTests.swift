import Foundation
import Ownprint
import Testing

@Suite("large files", .serialized) struct LargeFileTests {
    /// By the gigabyte, what `head -c LENGTH /dev/zero | md5sum` prints.
    private static let md5: [UInt64: String] = [
        1: "cd573cfaace07e7949bc0c46028904ff", 3: "c698c87fb53058d493492b61f4c74189",
    ]
    /// What gigabytes may add to the memory in use: pieces of 256 kilobytes, wherever they are kept.
    private static let memory = 16 << 20

    @Test("gigabytes in constant memory: a stream of three, a file of one", arguments: [(true, 3), (false, 1)])
    func gigabytes(asStream: Bool, gigabytes: UInt64) async throws {
        let length = gigabytes << 30
        let folder = try Places.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("video")
        try Data().write(to: file)
        // A file with nothing written to it takes no room on the disk.
        try FileHandle(forWritingTo: file).truncate(atOffset: length)
        let handle = try FileHandle(forReadingFrom: file)
        let fingerprinter = try Fingerprinter(Options(algorithms: ["pdq", "md5"]))
        let reports = Locked<[UInt64]>([])
        let start = try startOfPeak()
        let fingerprint =
            asStream
            ? try await fingerprinter.fingerprint(fileHandle: handle) { bytes in reports.change { $0.append(bytes) } }
            : try await fingerprinter.fingerprint(contentsOf: file) { bytes in reports.change { $0.append(bytes) } }
        let grown = try peak() - start
        #expect(fingerprint.digest("md5")?.hex == Self.md5[gigabytes])
        #expect(fingerprint.warnings.map(\.code) == ["not-an-image"])
        #expect(grown < Self.memory, "\(grown) bytes more than before")
        expectProgress(reports.current, length)
    }

    /// About once a megabyte, ever more, and all of it in the end.
    private func expectProgress(_ reports: [UInt64], _ length: UInt64) {
        #expect(reports.last == length)
        #expect(zip(reports, reports.dropFirst()).allSatisfy { $0 < $1 })
        #expect(reports.count > length >> 21 && reports.count <= (length >> 20) + 1, "\(reports.count) reports")
    }

    #if os(Linux)
        /// Begins the measurement anew, and gives the memory in use.
        private func startOfPeak() throws -> Int {
            try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
            return try status("VmRSS:")
        }

        private func peak() throws -> Int { try status("VmHWM:") }

        private func status(_ name: String) throws -> Int {
            let lines = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
            let line = try #require(lines.first { $0.hasPrefix(name) })
            return try #require(Int(line.split(whereSeparator: \.isWhitespace)[1])) * 1024
        }
    #else
        private func startOfPeak() throws -> Int { try peak() }

        private func peak() throws -> Int {
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        }
    #endif
}
