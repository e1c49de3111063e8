// Every file of the corpus and the images of this repository: the package gives what the command line gives, errors
// included.

import Foundation
import Ownprint
import Testing

@Suite(
    "as the command line",
    .enabled(
        if: Places.commandLine != nil, "OWNPRINT_COMMAND_LINE names no program: `cargo xtask test swift` builds it"))
struct CommandLineTests {
    @Test("the images of this repository")
    func images() async throws {
        let files = try Places.files(below: Places.images)
        #expect(files.count >= 7)
        try await expectSame(files)
    }

    @Test("HEIC, AVIF and JPEG XL, damaged ones too", arguments: ["heic", "avif", "jxl"])
    func optionalCodecs(format: String) async throws {
        #expect(capabilities().formats.contains { $0.name == format && $0.isDecoded })
        let stills = try Places.files(below: Places.stills).filter { $0.pathExtension == format }
        #expect(stills.count >= 4)
        let seeds = Places.repository.appendingPathComponent("fuzz/corpus/decode-\(format)")
        try await expectSame(stills + Places.files(below: seeds))
    }

    @Test(
        "the corpus", .enabled(if: Places.corpus != nil, "OWNPRINT_CORPUS is not set: this repository's images only"))
    func corpus() async throws {
        let files = try Places.files(below: try #require(Places.corpus))
        #expect(files.count > 150)
        let failed = try await expectSame(files)
        #expect(failed >= 5, "none of them is broken")
    }

    /// Fails with what differs, and gives how many files could not be fingerprinted.
    @discardableResult
    private func expectSame(_ files: [URL]) async throws -> Int {
        let records = try commandLineRecords(try #require(Places.commandLine), files)
        let fingerprinter = try Fingerprinter(Options(algorithms: ["all"], rgbMD5: true))
        let places = Dictionary(uniqueKeysWithValues: capabilities().hashes.enumerated().map { ($1.name, $0) })
        var (done, failed) = (Set<Int>(), 0)
        for await outcome in fingerprinter.fingerprints(of: files) {
            var expected = try #require(records[outcome.url.path])
            expected.path = nil
            let actual = Record(outcome.result)
            #expect(actual == expected, "\(outcome.url.path)")
            if case .success(let fingerprint) = outcome.result {
                let order = fingerprint.hashes.compactMap { places[$0.algorithm] }
                #expect(order == order.sorted() && order.count == fingerprint.hashes.count)
            } else {
                failed += 1
            }
            #expect(done.insert(outcome.index).inserted && outcome.url == files[outcome.index])
        }
        #expect(done.count == files.count)
        return failed
    }
}
