import Foundation
import Ownprint
import Testing

@Suite("searching, saving, and the lists that hashes come from") struct HashIndexTests {
    private let zero = String(repeating: "0", count: 64)
    private let near = String(repeating: "0", count: 62) + "0f"
    private let far = String(repeating: "f", count: 64)

    @Test("entries are found, removed and found no more")
    func searching() throws {
        let index = try HashIndex()
        #expect(try [zero, near, far].map { try index.insert($0, payload: "text of \($0.suffix(2))") } == [0, 1, 2])
        #expect(try index.within(zero).map(\.entry) == [0, 1])
        #expect(try index.within(zero, radius: 3).map(\.payload) == ["text of 00"])
        #expect(try index.nearest(far, count: 2).map(\.distance) == [0, 252])
        #expect(index.groups() == [[0, 1]])
        #expect(index.remove(0) == "text of 00" && index.remove(0) == nil && index.remove(-1) == nil)
        #expect(try index.within(zero).map(\.entry) == [1])
        #expect(index.count == 2 && index.algorithm == "pdq")
    }

    @Test("a saved index is loaded, an altered one refused")
    func saving() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).index")
        defer { try? FileManager.default.removeItem(at: file) }
        let index = try HashIndex(algorithm: "phash")
        try index.insert("00000000000000ff", payload: "known")
        try index.save(to: file)
        let loaded = try HashIndex(contentsOf: file)
        #expect(loaded.algorithm == "phash")
        #expect(try loaded.within("00000000000000fe").map(\.payload) == ["known"])
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
        #expect(thrown { _ = try HashIndex(contentsOf: file) }?.code == "invalid-index")
        #expect(thrown { _ = try HashIndex(contentsOf: URL(fileURLWithPath: "/nowhere")) }?.code == "io")
    }

    @Test("hashes of another length and names of nothing are refused")
    func refusing() throws {
        let index = try HashIndex()
        #expect(thrown { try index.insert("00") }?.code == "not-comparable")
        #expect(thrown { _ = try index.within(String(repeating: "g", count: 64)) }?.code == "invalid-hash")
        #expect(thrown { _ = try HashIndex(algorithm: "sift") }?.code == "unknown-algorithm")
    }

    @Test("an image is found by a line of an exchange")
    func exchanging() async throws {
        let image = Places.images.appendingPathComponent("lake.jpg")
        let fingerprint = try await Fingerprinter().fingerprint(contentsOf: image)
        let hash = try #require(fingerprint.hash("pdq"))
        let line = try #require(hash.exchangeLine)
        #expect(line == "pdq \(hash.hex)")
        let list = Data("pdq \(far)\n\(line)\n".utf8)
        let listed = try readList(list)
        #expect(listed.map(\.hex) == [far, hash.hex] && listed.map(\.line) == [1, 2])
        let index = try HashIndex()
        #expect(try index.insert(list: list) == 2)
        #expect(try index.within(hash.hex).map(\.entry) == [1])
    }

    @Test("a list with a mistake is refused with its place, and adds nothing")
    func mistakes() throws {
        let index = try HashIndex()
        for mistake in [
            "pdq \(zero.prefix(32))", "pdq \(String(repeating: "F", count: 64))", "\u{FEFF}pdq \(zero)", "pdq  \(zero)",
        ] {
            let list = Data("pdq \(zero)\n\(mistake)\n".utf8)
            for error in [thrown { try index.insert(list: list) }, thrown { _ = try readList(list) }] {
                #expect(error?.code == "invalid-record")
                #expect(error?.message.hasPrefix("line 2, column ") == true)
            }
        }
        #expect(index.count == 0)
    }
}
