// Every file of the corpus and the images of this repository: the package returns what the command
// line prints, errors included.

import Foundation
import Ownprint
import Testing

@Suite(
    "as the command line",
    .enabled(
        if: Places.commandLine != nil,
        "OWNPRINT_COMMAND_LINE names no program: `cargo xtask test swift` builds it"))
struct CommandLineTests {
    @Test("the images of this repository")
    func images() async throws {
        let files = try Places.files(below: Places.images)
        #expect(files.count >= 7)
        try await expectSame(files)
    }

    @Test("HEIC, AVIF and JPEG XL, damaged ones too", arguments: ["heic", "avif", "jxl"])
    func optionalCodecs(format: String) async throws {
        #expect(Capabilities.current.formats.contains { $0.name == format && $0.isDecoded })
        let stills = try Places.files(below: Places.stills).filter { $0.pathExtension == format }
        #expect(stills.count >= 4)
        let seeds = Places.repository.appendingPathComponent("fuzz/corpus/decode-\(format)")
        try await expectSame(stills + Places.files(below: seeds))
    }

    @Test("videos of every codec and container, with the default algorithms")
    func videos() async throws {
        let folder = Places.repository.appendingPathComponent("fuzz/corpus/video")
        let files = try Places.files(below: folder)
        #expect(files.count >= 20)
        let failed = try await expectSame(files, arguments: [], options: Options())
        #expect((1...2).contains(failed), "one of them misses a reference")
    }

    @Test(
        "the corpus",
        .enabled(
            if: Places.corpus != nil, "OWNPRINT_CORPUS is not set: this repository's images only"))
    func corpus() async throws {
        let files = try Places.files(below: try #require(Places.corpus))
        #expect(files.count > 150)
        let failed = try await expectSame(files)
        #expect(failed >= 5, "none of them is broken")
    }

    /// Fails for each difference, and returns the number of files that could not be decoded.
    @discardableResult
    private func expectSame(
        _ files: [URL], arguments: [String] = ["--algorithms", "all", "--rgb-md5"],
        options: Options = .all
    ) async throws -> Int {
        let records = try commandLineRecords(try #require(Places.commandLine), files, arguments)
        let fingerprinter = try Fingerprinter(options)
        let places = Dictionary(
            uniqueKeysWithValues: HashAlgorithm.all.enumerated().map { ($1, $0) })
        var (done, failed) = (Set<Int>(), 0)
        for await result in fingerprinter.fingerprints(of: files) {
            var expected = try #require(records[result.url.path])
            expected.path = nil
            let actual = Record(result)
            #expect(actual == expected, "\(result.url.path)")
            if case .success(_, _, let fingerprint) = result, fingerprint.error == nil {
                let hashes = fingerprint.image?.hashes ?? []
                let order = hashes.compactMap { places[$0.algorithm] }
                #expect(order == order.sorted() && order.count == hashes.count)
            } else {
                failed += 1
            }
            #expect(done.insert(result.index).inserted && result.url == files[result.index])
        }
        #expect(done.count == files.count)
        return failed
    }
}
