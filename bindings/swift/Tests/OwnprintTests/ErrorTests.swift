import Foundation
@testable import Ownprint
import Testing

@Suite("errors") struct ErrorTests {
    private let jpeg = Places.images.appendingPathComponent("lake.jpg")

    @Test("an unknown algorithm")
    func unknownAlgorithm() {
        let error = thrown {
            _ = try Fingerprinter(Options(hashes: [.pdq, HashAlgorithm(rawValue: "sift")]))
        }
        #expect(error?.code == "unknown-algorithm")
        #expect(error?.message.contains("\"sift\"") == true)
        #expect(error?.message.contains("pdq-512") == true)
        #expect(error?.localizedDescription == error?.message)
    }

    @Test("files that cannot be read: missing, a folder, another kind of URL")
    func unreadable() async throws {
        let fingerprinter = try Fingerprinter()
        for url in [
            URL(fileURLWithPath: "/nowhere/at/all.jpg"), Places.images,
            try #require(URL(string: "https://example.org/a.jpg")),
        ] {
            let error = try await failure { try await fingerprinter.fingerprint(contentsOf: url) }
            #expect(error?.code == "io", "\(url)")
            #expect(error?.message.hasPrefix("could not be read: ") == true, "\(url)")
            await #expect(throws: OwnprintError.self) {
                try await fingerprinter.digests(contentsOf: url)
            }
        }
    }

    @Test("a closure that throws")
    func failingStream() async throws {
        struct Torn: LocalizedError {
            var errorDescription: String? { "the tape is torn" }
        }
        let fingerprinter = try Fingerprinter()
        let error = try await failure {
            try await fingerprinter.fingerprint(reading: { _ in throw Torn() })
        }
        #expect(error?.code == "io" && error?.message.contains("the tape is torn") == true)
    }

    @Test("images that are truncated, damaged, too large have digests and an error")
    func badImages() async throws {
        let file = try Data(contentsOf: jpeg)
        let fingerprinter = try Fingerprinter()
        let truncated = try await fingerprinter.fingerprint(data: file.prefix(file.count / 2))
        #expect(truncated.error?.code == "truncated" && truncated.digests.count == 3)
        let bytes = Data("II*\0\u{8}\0\0\0\0\0\0\0".utf8)
        let damaged = try await fingerprinter.fingerprint(data: bytes)
        #expect(damaged.error?.code == "damaged" && damaged.digests.count == 3)
        #expect(damaged.image == nil && damaged.hash(.pdq) == nil && damaged.warnings.isEmpty)
        for limits in [
            Limits(fileBytes: 100), Limits(width: 10), Limits(height: 10), Limits(pixels: 100),
            Limits(memory: 100),
        ] {
            let bounded = try Fingerprinter(Options(limits: limits))
            let fingerprint = try await bounded.fingerprint(data: file)
            #expect(fingerprint.error?.code == "limit-exceeded", "\(limits)")
            #expect(fingerprint.digests.count == 3)
        }
    }

    #if !canImport(ImageIO)
        @Test("a system without a decoder is named")
        func platform() async throws {
            for decode in [nil, false] {
                _ = try Fingerprinter(Options(platformDecode: decode))
            }
            let error = thrown { _ = try Fingerprinter(Options(platformDecode: true)) }
            #expect(error?.code == "platform-unavailable")
            #expect(error?.message.contains("--formats") == true)
        }
    #endif

    @Test("premultiplied alpha is divided out")
    func premultiplied() async throws {
        let fingerprinter = try Fingerprinter(Options(rgbMD5: true))
        func md5(_ bytes: [UInt8], _ format: PixelFormat) async throws -> String? {
            let layout = PixelLayout(width: 1, height: 2, format: format)
            let pixels = Data(bytes)
            return try await fingerprinter.fingerprint(pixels: pixels, layout: layout)
                .image?.info.rgbMD5
        }
        let divided = try await md5([199, 99, 19, 9, 8, 7], .rgb8)
        let rgba = try await md5([100, 50, 10, 128, 9, 8, 7, 255], .rgba8Premultiplied)
        let bgra = try await md5([10, 50, 100, 128, 7, 8, 9, 255], .bgra8Premultiplied)
        #expect(rgba == divided && bgra == divided)
    }

    @Test("no message contains the name of the file")
    func names() async throws {
        let folder = try Places.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = "portrait-of-somebody"
        let url = folder.appendingPathComponent("\(name).jpg")
        let photo = try Data(contentsOf: jpeg)
        let fingerprinter = try Fingerprinter(
            Options(hashes: [.pdq], digests: []))
        var errors: [OwnprintError?] = []
        let files: [Data?] = [
            nil, photo.prefix(photo.count / 2), Data([0xff, 0xd8, 0xff]), Data("no image".utf8),
        ]
        for file in files {
            try file?.write(to: url)
            errors.append(
                try await failure { try await fingerprinter.fingerprint(contentsOf: url) })
            errors.append(thrown { _ = try HashIndex(contentsOf: url) })
        }
        errors.append(thrown { try HashIndex(algorithm: .pdq).save(to: url.appendingPathComponent("index")) })
        let remote = try #require(URL(string: "https://example.org/\(name).jpg"))
        errors.append(try await failure { try await fingerprinter.fingerprint(contentsOf: remote) })
        // Foundation's message on Apple platforms.
        let words = "The file \u{201c}\(name).jpg\u{201d} couldn\u{2019}t be opened."
        let system = NSError(
            domain: NSCocoaErrorDomain, code: 260,
            userInfo: [NSLocalizedDescriptionKey: words, NSFilePathErrorKey: url.path])
        let missing = folder.appendingPathComponent("\(name).png")
        let reads: [@Sendable () throws -> Data] = [
            { throw system }, { try Data(contentsOf: missing) },
        ]
        for read in reads {
            errors.append(
                try await failure {
                    try await fingerprinter.fingerprint(reading: { _ in try read() })
                })
            errors.append(thrown { _ = try translating { try read() } })
        }
        // The messages still contain the reason.
        let reason = "could not be read: NSCocoaErrorDomain 260"
        #expect(errors.filter { $0?.message == reason }.count == 2)
        #expect(errors.allSatisfy { $0?.description.contains(name) == false }, "\(errors)")
    }

    @Test("a damaged image is hashed on request, with a warning")
    func acceptDamaged() async throws {
        var file = try Data(contentsOf: jpeg)
        file = file.prefix(file.count * 3 / 4) + Data([0xff, 0xd9])
        let refusing = try Fingerprinter()
        let error = try await refusing.fingerprint(data: file).error
        #expect(error?.code == "truncated" || error?.code == "damaged")
        let accepting = try Fingerprinter(Options(acceptDamaged: true))
        let fingerprint = try await accepting.fingerprint(data: file)
        #expect(fingerprint.warnings.map(\.code) == ["damaged"])
        #expect(fingerprint.image?.info.isDamaged == true && fingerprint.hash(.pdq) != nil)
        #expect(fingerprint.error == nil)
    }

    @Test("a file that is not an image has digests and a warning; without digests an error")
    func notAnImage() async throws {
        let text = Data("not an image".utf8)
        let fingerprint = try await Fingerprinter().fingerprint(data: text)
        #expect(fingerprint.image == nil && fingerprint.error == nil)
        #expect(fingerprint.warnings.map(\.code) == ["not-an-image"])
        #expect(fingerprint.digest(.md5)?.hex == "f4d3390ee84008b4b4192b3a93bfa089")
        let hashing = try Fingerprinter(Options(hashes: [.pdq], digests: []))
        #expect(try await hashing.fingerprint(data: text).error?.code == "not-an-image")
    }

    @Test("buffers that are too short for their layout")
    func invalidPixels() async throws {
        let fingerprinter = try Fingerprinter()
        for (bytes, layout) in [
            (299, PixelLayout(width: 10, height: 10, format: .rgb8)),
            (400, PixelLayout(width: 10, height: 10, format: .rgba8, stride: 39)),
            (0, PixelLayout(width: 0, height: 10, format: .l8)),
            (100, PixelLayout(width: -10, height: 10, format: .l8)),
            (100, PixelLayout(width: 10, height: 10, format: .l8, stride: -10)),
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
        let pdq = HashAlgorithm.pdq
        #expect(thrown { _ = try pdq.compare(long, short) } != nil)
        #expect(thrown { _ = try HashAlgorithm.distance(long, short) }?.code == "not-comparable")
        let unknown = HashAlgorithm(rawValue: "nothing")
        #expect(thrown { _ = try unknown.compare(long, long) }?.code == "unknown-algorithm")
        #expect(thrown { _ = try pdq.compare("xyz", long) }?.code == "invalid-hash")
    }

    @Test("the orientation is applied or ignored")
    func orientation() async throws {
        let file = Places.images.appendingPathComponent("turned-by-its-camera.jpg")
        let applying = try Fingerprinter()
        let applied = try #require(try await applying.fingerprint(contentsOf: file).image?.info)
        let ignoring = try Fingerprinter(Options(orientation: .ignore))
        let ignored = try #require(try await ignoring.fingerprint(contentsOf: file).image?.info)
        #expect((applied.isOrientationApplied, ignored.isOrientationApplied) == (true, false))
        #expect(applied.orientation == ignored.orientation && applied.orientation.rawValue > 4)
        #expect((applied.width, applied.height) == (ignored.height, ignored.width))
    }

    /// The error of a call or of its fingerprint; `nil` if there is none.
    private func failure(_ work: () async throws -> Fingerprint) async throws -> OwnprintError? {
        switch try await outcome(work) {
        case .success(let fingerprint):
            fingerprint.error.map { OwnprintError(code: $0.code, message: $0.message) }
        case .failure(let error): error
        }
    }
}
