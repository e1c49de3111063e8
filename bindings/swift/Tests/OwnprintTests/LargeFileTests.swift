import Foundation
import Ownprint
import Testing

@Suite("large files", .serialized) struct LargeFileTests {
    /// The output of `head -c 1073741824 /dev/zero | md5sum`.
    private static let md5 = "cd573cfaace07e7949bc0c46028904ff"
    /// The maximum growth of the memory in use: a few chunks of 256 kilobytes.
    private static let memory = 16 << 20

    @Test("a gigabyte in constant memory, as a stream and as a file", arguments: [true, false])
    func gigabyte(asStream: Bool) async throws {
        let length = 1 << 30
        let folder = try Places.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("video")
        try Data().write(to: file)
        // A sparse file takes no space on the disk.
        try FileHandle(forWritingTo: file).truncate(atOffset: UInt64(length))
        let handle = try FileHandle(forReadingFrom: file)
        let fingerprinter = try Fingerprinter(Options(hashes: [.pdq], digests: [.md5]))
        let reports = Locked<[Int]>([])
        let progress: ProgressHandler = { bytes in reports.change { $0.append(bytes) } }
        let start = try startOfPeak()
        let fingerprint =
            asStream
            ? try await fingerprinter.fingerprint(fileHandle: handle, progress: progress)
            : try await fingerprinter.fingerprint(contentsOf: file, progress: progress)
        let grown = try peak() - start
        #expect(fingerprint.digest(.md5)?.hex == Self.md5)
        #expect(fingerprint.warnings.map(\.code) == ["not-an-image"])
        #expect(grown < Self.memory, "\(grown) bytes more than before")
        expectProgress(reports.current, length)
    }

    /// About once a megabyte, increasing, and the length at the end.
    private func expectProgress(_ reports: [Int], _ length: Int) {
        #expect(reports.last == length)
        #expect(zip(reports, reports.dropFirst()).allSatisfy { $0 < $1 })
        #expect(
            reports.count > length >> 21 && reports.count <= (length >> 20) + 1,
            "\(reports.count) reports")
    }

    #if os(Linux)
        /// Resets the measured peak, and returns the memory in use.
        private func startOfPeak() throws -> Int {
            try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
            return try status("VmRSS:")
        }

        private func peak() throws -> Int { try status("VmHWM:") }

        private func status(_ name: String) throws -> Int {
            let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let lines = text.split(separator: "\n")
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
