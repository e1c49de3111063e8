import Foundation
import Ownprint
import Testing

@Suite("search, saved indexes, and lists of hashes") struct HashIndexTests {
    private let zero = String(repeating: "0", count: 64)
    private let near = String(repeating: "0", count: 62) + "0f"
    private let far = String(repeating: "f", count: 64)

    @Test("entries are found until they are removed")
    func searching() throws {
        let index = try HashIndex(algorithm: .pdq)
        let entries = try [zero, near, far].map {
            try index.insert($0, payload: "text of \($0.suffix(2))")
        }
        #expect(entries == [0, 1, 2])
        #expect(try index.within(zero).map(\.entry) == [0, 1])
        #expect(try index.within(zero, radius: 3).map(\.payload) == ["text of 00"])
        #expect(try index.nearest(far, count: 2).map(\.distance) == [0, 252])
        #expect(index.groups() == [[0, 1]])
        #expect(index.remove(0) == "text of 00" && index.remove(0) == nil)
        #expect(index.remove(-1) == nil)
        #expect(try index.within(zero).map(\.entry) == [1])
        #expect(index.count == 2 && index.algorithm == .pdq)
    }

    @Test("a saved index is loaded, an altered one refused")
    func saving() throws {
        let folder = try Places.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("index")
        let index = try HashIndex(algorithm: .phash)
        try index.insert("00000000000000ff", payload: "known")
        try index.save(to: file)
        let loaded = try HashIndex(contentsOf: file)
        #expect(loaded.algorithm == .phash)
        #expect(try loaded.within("00000000000000fe").map(\.payload) == ["known"])
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
        #expect(thrown { _ = try HashIndex(contentsOf: file) }?.code == "invalid-index")
        let missing = URL(fileURLWithPath: "/nowhere")
        #expect(thrown { _ = try HashIndex(contentsOf: missing) }?.code == "io")
    }

    @Test("hashes of another length and unknown names are refused")
    func refusing() throws {
        let index = try HashIndex(algorithm: .pdq)
        #expect(thrown { try index.insert("00") }?.code == "not-comparable")
        let letters = String(repeating: "g", count: 64)
        #expect(thrown { _ = try index.within(letters) }?.code == "invalid-hash")
        let unknown = HashAlgorithm(rawValue: "sift")
        #expect(thrown { _ = try HashIndex(algorithm: unknown) }?.code == "unknown-algorithm")
    }

    @Test("an exchange line finds an image")
    func exchanging() async throws {
        let image = Places.images.appendingPathComponent("lake.jpg")
        let fingerprint = try await Fingerprinter().fingerprint(contentsOf: image)
        let hash = try #require(fingerprint.hash(.pdq))
        let line = try #require(hash.threatExchangeLine)
        #expect(line == "pdq \(hash.hex)")
        let list = Data("pdq \(far)\n\(line)\n".utf8)
        let listed = try HashList.read(list)
        #expect(listed.map(\.hex) == [far, hash.hex] && listed.map(\.line) == [1, 2])
        let index = try HashIndex(algorithm: .pdq)
        #expect(try index.insert(list: list) == 2)
        #expect(try index.within(hash.hex).map(\.entry) == [1])
    }

    @Test("a list with a mistake is refused with its position, and inserts nothing")
    func mistakes() throws {
        let index = try HashIndex(algorithm: .pdq)
        for mistake in [
            "pdq \(zero.prefix(32))", "pdq \(String(repeating: "G", count: 64))",
            "\u{FEFF}pdq \(zero)", "pdq  \(zero)",
        ] {
            let list = Data("pdq \(zero)\n\(mistake)\n".utf8)
            for error in [
                thrown { try index.insert(list: list) }, thrown { _ = try HashList.read(list) },
            ] {
                #expect(error?.code == "invalid-record")
                #expect(error?.message.hasPrefix("line 2, column ") == true)
            }
        }
        #expect(index.count == 0)
    }
}
