// Every vector of `records.json`, which Rust, JavaScript and Kotlin read too.

import Foundation
import Ownprint
import Testing

private struct Vectors: Decodable {
    let forms: Forms
    let tables: [Table]
    let exchange_lines: [ExchangeLine]

    struct Forms: Decodable {
        let record: Form<Written>
        let csv: Form<Records>
        let list: Form<Hashes>
        let stopncii: Form<Written>
        let vpdqLine: Form<Frame>
        let vpdqJSON: Form<Features>

        enum CodingKeys: String, CodingKey {
            case record, csv, list, stopncii
            case vpdqLine = "vpdq-line"
            case vpdqJSON = "vpdq-json"
        }
    }

    struct Form<Valid: Decodable>: Decodable {
        let valid: [Valid]
        let invalid: [Mistake]
    }

    struct Mistake: Decodable {
        let text: String
        let code: String
        let line: Int
        let column: Int
        let message: String
    }

    struct Written: Decodable {
        let text: String
        let written: String
    }

    struct Records: Decodable {
        let text: String
        let records: [String]
    }

    struct Hashes: Decodable {
        let text: String
        let hashes: [Hash]
    }

    struct Hash: Decodable, Equatable {
        let algorithm: String
        let hex: String
        let quality: Int?
        let name: String?
        let line: Int
        let variant: String?
    }

    struct Frame: Decodable {
        let text: String
        let frame: UInt64
        let feature: Feature
        let written: String
    }

    struct Features: Decodable {
        let text: String
        let features: [Feature]
        let written: String
    }

    struct Feature: Decodable, Equatable {
        let hex: String
        let quality: Int
        let seconds: Double
    }

    struct Table: Decodable {
        let algorithms: [String]
        let variants: String?
        let header: String
        let records: [String]
        let rows: [String]
    }

    struct ExchangeLine: Decodable {
        let algorithm: String
        let hex: String
        let quality: Int?
        let line: String?
    }
}

@Suite("records") struct RecordTests {
    private let vectors: Vectors

    init() throws {
        let file = Places.vectors.appendingPathComponent("records.json")
        vectors = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file))
    }

    @Test("records in JSON")
    func json() throws {
        for vector in vectors.forms.record.valid {
            #expect(try FingerprintRecord(json: vector.text).json() == vector.written)
        }
        check(vectors.forms.record.invalid) { _ = try FingerprintRecord(json: $0) }
    }

    @Test("records in CSV")
    func csv() throws {
        for vector in vectors.forms.csv.valid {
            #expect(try readCSV(Data(vector.text.utf8)).map { try $0.json() } == vector.records)
        }
        check(vectors.forms.csv.invalid) { _ = try readCSV(Data($0.utf8)) }
    }

    @Test("lists, whole and in pieces")
    func lists() async throws {
        for vector in vectors.forms.list.valid {
            #expect(try readList(Data(vector.text.utf8)).map(hash) == vector.hashes)
            #expect(try await collected(vector.text) == vector.hashes)
        }
        check(vectors.forms.list.invalid) { _ = try readList(Data($0.utf8)) }
        for mistake in vectors.forms.list.invalid {
            do {
                _ = try await collected(mistake.text)
                Issue.record("\(mistake.text) is taken")
            } catch let error as OwnprintError {
                #expect(error.message == mistake.message && error.code == mistake.code)
            }
        }
    }

    @Test("lists into an index in pieces")
    func insertion() async throws {
        let index = try HashIndex()
        var count = 0
        for vector in vectors.forms.list.valid {
            let expected = vector.hashes.filter { $0.algorithm == "pdq" }.count
            #expect(try await index.insert(listReading: pieces(of: vector.text)) == expected)
            count += expected
        }
        for mistake in vectors.forms.list.invalid {
            do {
                try await index.insert(listReading: pieces(of: mistake.text))
                Issue.record("\(mistake.text) is taken")
            } catch let error as OwnprintError {
                #expect(error.message == mistake.message && error.code == mistake.code)
            }
        }
        #expect(index.count == count && count > 0)
        let task = Task { [index, zero = "pdq \(String(repeating: "0", count: 64))\n"] in
            try await index.insert(listReading: { _ in Data(zero.utf8) })
        }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(index.count == count)
    }

    @Test("a list from a file handle, and one that cannot be read")
    func handles() async throws {
        let folder = try Places.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("list.txt")
        let vector = vectors.forms.list.valid[0]
        try Data(vector.text.utf8).write(to: file)
        var hashes: [Vectors.Hash] = []
        for try await listed in readList(from: try FileHandle(forReadingFrom: file)) { hashes.append(hash(listed)) }
        #expect(hashes == vector.hashes)
        let index = try HashIndex()
        #expect(try await index.insert(listFrom: FileHandle(forReadingFrom: file)) == vector.hashes.count)
        let broken: @Sendable (Int) throws -> Data = { _ in throw CocoaError(.fileReadUnknown) }
        do {
            for try await _ in readList(reading: broken) {}
            Issue.record("it was read")
        } catch let error as OwnprintError {
            #expect(error.code == "io")
        }
    }

    @Test("StopNCII's pages")
    func pages() throws {
        for vector in vectors.forms.stopncii.valid {
            #expect(try StopNCIIPage(json: vector.text).json() == vector.written)
        }
        check(vectors.forms.stopncii.invalid) { _ = try StopNCIIPage(json: $0) }
        var page = try StopNCIIPage(json: vectors.forms.stopncii.valid[0].text)
        page.records[0].status = "active"
        #expect(thrown { _ = try page.json() }?.code == "invalid-record")
    }

    @Test("vPDQ's lines")
    func frames() throws {
        for vector in vectors.forms.vpdqLine.valid {
            let frame = try VPDQFrame(line: vector.text)
            #expect(frame == VPDQFrame(frame: vector.frame, feature: feature(vector.feature)))
            #expect(try frame.line() == vector.written)
        }
        check(vectors.forms.vpdqLine.invalid) { _ = try VPDQFrame(line: $0) }
    }

    @Test("vPDQ's JSON")
    func videos() throws {
        for vector in vectors.forms.vpdqJSON.valid {
            let features = try VPDQFeature.list(json: vector.text)
            #expect(features == vector.features.map(feature))
            #expect(try VPDQFeature.json(features) == vector.written)
        }
        check(vectors.forms.vpdqJSON.invalid) { _ = try VPDQFeature.list(json: $0) }
        let early = VPDQFeature(hex: String(repeating: "0", count: 64), quality: 50, seconds: -1)
        #expect(thrown { _ = try VPDQFeature.json([early]) }?.code == "invalid-record")
    }

    @Test("tables")
    func tables() throws {
        #expect(vectors.tables.count >= 3)
        for vector in vectors.tables {
            let table = try CSVTable(algorithms: vector.algorithms, variants: vector.variants.map { [$0] })
            #expect(table.header == vector.header)
            #expect(try vector.records.map { try table.row(of: FingerprintRecord(json: $0)) } == vector.rows)
        }
        #expect(thrown { _ = try CSVTable(algorithms: ["sift"]) }?.code == "unknown-algorithm")
    }

    @Test("exchange lines")
    func exchangeLines() throws {
        #expect(vectors.exchange_lines.count >= 6)
        for vector in vectors.exchange_lines {
            let quality = vector.quality.map { ",\"quality\":\($0)" } ?? ""
            let record = try FingerprintRecord(
                json: """
                    {"schema":1,"hashes":{"\(vector.algorithm)":{"hex":"\(vector.hex)"\(quality)}},"digests":{},"warnings":[]}
                    """)
            #expect(record.hash(vector.algorithm)?.exchangeLine == vector.line)
        }
    }

    @Test("a fingerprint is a record, and so is a failure")
    func fingerprints() async throws {
        let fingerprinter = try Fingerprinter(Options(algorithms: ["all"], variants: ["standard"], rgbMD5: true))
        let image = Places.images.appendingPathComponent("hills.jpg")
        let fingerprint = try await fingerprinter.fingerprint(contentsOf: image)
        let record = FingerprintRecord(path: "hills.jpg", fingerprint: fingerprint)
        #expect(try FingerprintRecord(json: record.json()) == record)
        #expect(record.hash("pdq") == fingerprint.hash("pdq") && record.digest("md5") == fingerprint.digest("md5"))
        let error = try #require(thrown { _ = try HashIndex(algorithm: "sift") })
        let failure = FingerprintRecord(path: "gone.jpg", error: error)
        #expect(try FingerprintRecord(json: failure.json()) == failure)
        var wrong = failure
        wrong.error = try #require(thrown { _ = try HashIndex(contentsOf: URL(fileURLWithPath: "/nowhere")) })
        #expect(try FingerprintRecord(json: wrong.json()).error?.code == "io")
    }

    /// What is wrong has to be refused with its code and place.
    private func check(_ mistakes: [Vectors.Mistake], _ read: (String) throws -> Void) {
        #expect(mistakes.count >= 8)
        for mistake in mistakes {
            let error = thrown { try read(mistake.text) }
            #expect(error?.code == mistake.code && error?.message == mistake.message, "\(mistake.text)")
            #expect(error?.message.hasPrefix("line \(mistake.line), column \(mistake.column): ") == true)
        }
    }

    private func collected(_ text: String) async throws -> [Vectors.Hash] {
        var hashes: [Vectors.Hash] = []
        for try await listed in readList(reading: pieces(of: text)) { hashes.append(hash(listed)) }
        return hashes
    }

    /// Gives a text a few bytes at a time.
    private func pieces(of text: String) -> @Sendable (Int) -> Data {
        let rest = Locked(Data(text.utf8))
        return { _ in
            rest.change { rest in
                let piece = Data(rest.prefix(7))
                rest.removeFirst(piece.count)
                return piece
            }
        }
    }

    private func hash(_ listed: ListedHash) -> Vectors.Hash {
        Vectors.Hash(
            algorithm: listed.algorithm, hex: listed.hex, quality: listed.quality, name: listed.name, line: listed.line,
            variant: listed.variant)
    }

    private func feature(_ vector: Vectors.Feature) -> VPDQFeature {
        VPDQFeature(hex: vector.hex, quality: vector.quality, seconds: vector.seconds)
    }
}
