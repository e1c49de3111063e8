import Foundation
@testable import Ownprint
import Testing

@Suite("errors") struct ErrorTests {
    private let jpeg = Places.images.appendingPathComponent("lake.jpg")

    @Test("a name that is no algorithm")
    func unknownAlgorithm() {
        let error = thrown { _ = try Fingerprinter(Options(algorithms: ["pdq", "sift"])) }
        #expect(error?.code == "unknown-algorithm")
        #expect(error?.message.contains("\"sift\"") == true && error?.message.contains("pdq-512") == true)
        #expect(error?.localizedDescription == error?.message)
    }

    @Test("files that cannot be read: none, a folder, another kind of address")
    func unreadable() async throws {
        let fingerprinter = try Fingerprinter()
        for url in [
            URL(fileURLWithPath: "/nowhere/at/all.jpg"), Places.images,
            try #require(URL(string: "https://example.org/a.jpg")),
        ] {
            let error = try await failure { try await fingerprinter.fingerprint(contentsOf: url) }
            #expect(error?.code == "io", "\(url)")
            #expect(error?.message.hasPrefix("could not be read: ") == true, "\(url)")
            await #expect(throws: OwnprintError.self) { try await fingerprinter.digests(contentsOf: url) }
        }
    }

    @Test("a closure that throws")
    func failingStream() async throws {
        struct Torn: LocalizedError {
            var errorDescription: String? { "the tape is torn" }
        }
        let fingerprinter = try Fingerprinter()
        let error = try await failure { try await fingerprinter.fingerprint(reading: { _ in throw Torn() }) }
        #expect(error?.code == "io" && error?.message.contains("the tape is torn") == true)
    }

    @Test("images that are cut off, damaged, too large")
    func badImages() async throws {
        let file = try Data(contentsOf: jpeg)
        let fingerprinter = try Fingerprinter()
        let truncated = try await failure { try await fingerprinter.fingerprint(data: file.prefix(file.count / 2)) }
        #expect(truncated?.code == "truncated")
        let damaged = try await failure {
            try await fingerprinter.fingerprint(data: Data("BM not really an image".utf8))
        }
        #expect(damaged?.code == "damaged")
        for limits in [
            Limits(fileBytes: 100), Limits(width: 10), Limits(height: 10), Limits(pixels: 100), Limits(memory: 100),
        ] {
            let bounded = try Fingerprinter(Options(limits: limits))
            let error = try await failure { try await bounded.fingerprint(data: file) }
            #expect(error?.code == "limit-exceeded", "\(limits)")
        }
    }

    @Test("no message holds the name of the file")
    func names() async throws {
        let folder = try Places.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = "portrait-of-somebody"
        let url = folder.appendingPathComponent("\(name).jpg")
        let photo = try Data(contentsOf: jpeg)
        let fingerprinter = try Fingerprinter(Options(algorithms: ["pdq"], platformDecode: true))
        var errors: [OwnprintError?] = []
        for file in [nil, photo.prefix(photo.count / 2), Data([0xff, 0xd8, 0xff]), Data("no image".utf8)] as [Data?] {
            try file?.write(to: url)
            errors.append(try await failure { try await fingerprinter.fingerprint(contentsOf: url) })
            errors.append(thrown { _ = try HashIndex(contentsOf: url) })
        }
        errors.append(thrown { try HashIndex().save(to: url.appendingPathComponent("index")) })
        let remote = try #require(URL(string: "https://example.org/\(name).jpg"))
        errors.append(try await failure { try await fingerprinter.fingerprint(contentsOf: remote) })
        // What Foundation says of files on Apple's systems.
        let words = "The file \u{201c}\(name).jpg\u{201d} couldn\u{2019}t be opened."
        let system = NSError(
            domain: NSCocoaErrorDomain, code: 260,
            userInfo: [NSLocalizedDescriptionKey: words, NSFilePathErrorKey: url.path])
        let missing = folder.appendingPathComponent("\(name).png")
        for read in [{ throw system }, { try Data(contentsOf: missing) }] as [@Sendable () throws -> Data] {
            errors.append(try await failure { try await fingerprinter.fingerprint(reading: { _ in try read() }) })
            errors.append(thrown { _ = try translating { try read() } })
        }
        // What was wrong is said all the same.
        #expect(errors.filter { $0?.message == "could not be read: NSCocoaErrorDomain 260" }.count == 2)
        #expect(errors.allSatisfy { $0?.description.contains(name) == false }, "\(errors)")
    }

    @Test("a damaged image is hashed on request, with a warning")
    func acceptDamaged() async throws {
        var file = try Data(contentsOf: jpeg)
        file = file.prefix(file.count * 3 / 4) + Data([0xff, 0xd9])
        let refusing = try Fingerprinter()
        let error = try await failure { try await refusing.fingerprint(data: file) }
        #expect(error?.code == "truncated" || error?.code == "damaged")
        let fingerprint = try await Fingerprinter(Options(acceptDamaged: true)).fingerprint(data: file)
        #expect(fingerprint.warnings.map(\.code) == ["damaged"])
        #expect(fingerprint.image?.isDamaged == true && fingerprint.hash("pdq") != nil)
    }

    @Test("what is no image gives digests and a warning, or an error where no digest was asked for")
    func notAnImage() async throws {
        let text = Data("not an image".utf8)
        let fingerprint = try await Fingerprinter().fingerprint(data: text)
        #expect(fingerprint.image == nil && fingerprint.hashes.isEmpty)
        #expect(fingerprint.warnings.map(\.code) == ["not-an-image"])
        #expect(fingerprint.digest("md5")?.hex == "6e9c44002049964f36de016a79ef10d7")
        let hashing = try Fingerprinter(Options(algorithms: ["pdq"]))
        #expect(try await failure { try await hashing.fingerprint(data: text) }?.code == "not-an-image")
    }

    @Test("pixels that do not fit their layout")
    func invalidPixels() async throws {
        let fingerprinter = try Fingerprinter()
        for (bytes, layout) in [
            (299, PixelLayout(width: 10, height: 10, format: .rgb8)),
            (400, PixelLayout(width: 10, height: 10, format: .rgba8, stride: 39)),
            (0, PixelLayout(width: 0, height: 10, format: .l8)),
        ] {
            let error = try await failure {
                try await fingerprinter.fingerprint(pixels: Data(count: bytes), layout: layout)
            }
            #expect(error?.code == "invalid-pixels", "\(layout)")
        }
    }

    @Test("hashes that cannot be compared")
    func notComparable() {
        let (long, short) = (String(repeating: "0", count: 64), String(repeating: "0", count: 16))
        #expect(thrown { _ = try compare(long, short) } != nil)
        #expect(thrown { _ = try distance(long, short) }?.code == "not-comparable")
        #expect(thrown { _ = try compare(long, long, algorithm: "nothing") }?.code == "unknown-algorithm")
        #expect(thrown { _ = try compare("xyz", long) }?.code == "invalid-hash")
    }

    @Test("stored pixels are not turned, upright ones are")
    func orientation() async throws {
        let file = Places.images.appendingPathComponent("turned-by-its-camera.jpg")
        let upright = try #require(try await Fingerprinter().fingerprint(contentsOf: file).image)
        let stored = try #require(try await Fingerprinter(Options(stored: true)).fingerprint(contentsOf: file).image)
        #expect((upright.pixels, stored.pixels) == ("upright", "stored"))
        #expect(upright.orientation == stored.orientation && upright.orientation > 4)
        #expect((upright.width, upright.height) == (stored.height, stored.width))
    }

    /// The error of a call, or `nil` when it gives a result.
    private func failure(_ work: () async throws -> Fingerprint) async throws -> OwnprintError? {
        switch try await outcome(work) {
        case .success: nil
        case .failure(let error): error
        }
    }
}
