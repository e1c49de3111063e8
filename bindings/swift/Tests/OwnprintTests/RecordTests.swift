// Every vector of `records.json`, which Rust, JavaScript and Kotlin read too.

import Foundation
import Ownprint
import Testing

private struct Vectors: Decodable {
    let forms: Forms
    let tolerant: Tolerant
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

    struct Tolerant: Decodable {
        let lists: [TolerantList]
        let pages: [TolerantPage]
    }

    struct TolerantList: Decodable {
        let text: String
        let hashes: [Hash]
        let skipped: Skipped
    }

    struct TolerantPage: Decodable {
        let text: String
        let written: String
        let skipped: Skipped
    }

    struct Skipped: Decodable, Equatable {
        let count: Int
        let rows: [Row]

        struct Row: Decodable, Equatable {
            let line: Int
            let column: Int
            let code: String
            let message: String
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
        let frame: Int
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
            #expect(
                try CSVTable.read(Data(vector.text.utf8)).map { try $0.json() } == vector.records)
        }
        check(vectors.forms.csv.invalid) { _ = try CSVTable.read(Data($0.utf8)) }
    }

    @Test("lists, whole and in chunks")
    func lists() async throws {
        for vector in vectors.forms.list.valid {
            #expect(try HashList.read(Data(vector.text.utf8)).map(hash) == vector.hashes)
            #expect(try await collected(vector.text) == vector.hashes)
        }
        check(vectors.forms.list.invalid) { _ = try HashList.read(Data($0.utf8)) }
        for mistake in vectors.forms.list.invalid {
            do {
                _ = try await collected(mistake.text)
                Issue.record("\(mistake.text) is accepted")
            } catch let error as OwnprintError {
                #expect(error.message == mistake.message && error.code == mistake.code)
            }
        }
    }

    @Test("lists into an index in chunks")
    func insertion() async throws {
        let index = try HashIndex(algorithm: .pdq)
        var count = 0
        for vector in vectors.forms.list.valid {
            // Hashes with a quality below 50 are not inserted: they match unrelated images.
            let expected = vector.hashes.filter {
                $0.algorithm == "pdq" && ($0.quality ?? 100) >= 50
            }.count
            #expect(try await index.insert(listReading: chunks(of: vector.text)) == expected)
            count += expected
        }
        for mistake in vectors.forms.list.invalid {
            do {
                try await index.insert(listReading: chunks(of: mistake.text))
                Issue.record("\(mistake.text) is accepted")
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
        for try await listed in HashList.read(from: try FileHandle(forReadingFrom: file)) {
            hashes.append(hash(listed))
        }
        #expect(hashes == vector.hashes)
        let index = try HashIndex(algorithm: .pdq)
        let handle = try FileHandle(forReadingFrom: file)
        #expect(try await index.insert(listFrom: handle) == vector.hashes.count)
        let broken: @Sendable (Int) throws -> Data = { _ in throw CocoaError(.fileReadUnknown) }
        do {
            for try await _ in HashList.read(reading: broken) {}
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

    @Test("invalid rows are skipped, counted and named")
    func tolerant() throws {
        #expect(vectors.tolerant.lists.count >= 4 && vectors.tolerant.pages.count >= 2)
        for vector in vectors.tolerant.lists {
            let (hashes, skipped) = try HashList.readTolerant(Data(vector.text.utf8))
            #expect(hashes.map(hash) == vector.hashes)
            #expect(self.skipped(skipped) == vector.skipped)
        }
        for vector in vectors.tolerant.pages {
            let (page, skipped) = try StopNCIIPage.readTolerant(json: vector.text)
            #expect(try page.json() == vector.written)
            #expect(self.skipped(skipped) == vector.skipped)
        }
        #expect(
            thrown { _ = try HashList.readTolerant(Data("words".utf8)) }?.code == "invalid-record")
    }

    private func skipped(_ skipped: SkippedRows) -> Vectors.Skipped {
        Vectors.Skipped(
            count: skipped.count,
            rows: skipped.rows.map { row in
                Vectors.Skipped.Row(
                    line: row.line, column: row.column, code: row.code, message: row.message)
            })
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
        #expect(thrown { _ = try VPDQFeature.json([early]) }?.code == "invalid-video")
    }

    @Test("tables")
    func tables() throws {
        #expect(vectors.tables.count >= 3)
        for vector in vectors.tables {
            let digests = DigestAlgorithm.all.filter { vector.algorithms.contains($0.rawValue) }
            let names = vector.algorithms.filter { !digests.map(\.rawValue).contains($0) }
            let table = try CSVTable(
                hashes: names.map(HashAlgorithm.init), digests: digests,
                variants: vector.variants.map { VariantSet(names: [$0]) })
            #expect(table.header == vector.header)
            let rows = try vector.records.map { try table.row(of: FingerprintRecord(json: $0)) }
            #expect(rows == vector.rows)
        }
        let unknown = HashAlgorithm(rawValue: "sift")
        let error = thrown { _ = try CSVTable(hashes: [unknown], digests: []) }
        #expect(error?.code == "unknown-algorithm")
    }

    @Test("exchange lines")
    func exchangeLines() throws {
        #expect(vectors.exchange_lines.count >= 6)
        for vector in vectors.exchange_lines {
            let quality = vector.quality.map { ",\"quality\":\($0)" } ?? ""
            let record = try FingerprintRecord(
                json: """
                    {"schema":1,"hashes":{"\(vector.algorithm)":{"hex":"\(vector.hex)"\(quality)}},\
                    "digests":{},"warnings":[]}
                    """)
            let algorithm = try HashAlgorithm.parse(vector.algorithm)
            #expect(record.hash(algorithm)?.threatExchangeLine == vector.line)
        }
    }

    @Test("records with a video, variants, or digests and an error survive read, write, read")
    func roundTrips() throws {
        let hash = "8c739cdb99cb579246da24d2d84b98cb9f9c06901690e4c3e96b8b6bdf0c55b4"
        let texts = [
            """
            {"path":"a.mp4","schema":1,"hashes":{},"video":{"format":"mp4","codec":"h264",\
            "width":1280,"height":720,"frames":90,"frame_rate":"30000/1001","damaged":true,\
            "vpdq":[{"frame":0,"seconds":0,"hex":"\(hash)","quality":98},\
            {"frame":30,"seconds":1.001,"hex":"\(hash)","quality":0}]},"digests":{},"warnings":[]}
            """,
            """
            {"path":"a.png","schema":1,"hashes":{},"variants":{"set":"compact",\
            "hashes":[{"variant":"original","hex":"\(hash)","quality":98}],\
            "skipped":[{"variant":"mirror","reason":"near","to":"original","distance":2},\
            {"variant":"crop:4","reason":"quality","quality":49}]},"digests":{},"warnings":[]}
            """,
            """
            {"schema":1,"format":"heic","width":3,"height":2,"orientation":6,"stored_width":2,\
            "stored_height":3,"orientation_applied":false,"hashes":{},"digests":{},\
            "warnings":[{"code":"damaged","message":"m"}],"decoder":{"name":"platform"},\
            "deterministic":false}
            """,
        ]
        for text in texts {
            let record = try FingerprintRecord(json: text)
            #expect(try record.json() == text)
            #expect(try FingerprintRecord(json: record.json()) == record)
        }
        let video = try #require(try FingerprintRecord(json: texts[0]).video)
        #expect(
            (video.format, video.codec, video.width, video.height) == ("mp4", "h264", 1280, 720))
        #expect((video.frameRate.numerator, video.frameRate.denominator) == (30_000, 1001))
        #expect((video.frames, video.isDamaged, video.vpdq.map(\.frame)) == (90, true, [0, 30]))
        var record = try FingerprintRecord(json: texts[0])
        record.video?.frames = -1
        #expect(thrown { _ = try record.json() }?.code == "invalid-record")
        let variants = try #require(try FingerprintRecord(json: texts[1]).variants)
        #expect(
            variants.skipped.map(\.reason) == [.near(to: "original", distance: 2), .quality(49)])
        let platform = try FingerprintRecord(json: texts[2])
        #expect(platform.image?.orientation == .rotated90 && platform.decoder == .platform)
    }

    @Test("a record has digests and the decoding error")
    func digestsAndError() async throws {
        let image = Places.images.appendingPathComponent("hills.jpg")
        let half = try Data(contentsOf: image).prefix(20_000)
        let fingerprint = try await Fingerprinter().fingerprint(data: half)
        let record = FingerprintRecord(path: "half.jpg", fingerprint: fingerprint)
        #expect(record.error?.code == "truncated" && record.digests.count == 3)
        #expect(try FingerprintRecord(json: record.json()) == record)
    }

    @Test("a fingerprint is a record, and so is a failure")
    func fingerprints() async throws {
        var options = Options.all
        options.variants = .standard
        let fingerprinter = try Fingerprinter(options)
        let image = Places.images.appendingPathComponent("hills.jpg")
        let fingerprint = try await fingerprinter.fingerprint(contentsOf: image)
        let record = FingerprintRecord(path: "hills.jpg", fingerprint: fingerprint)
        #expect(try FingerprintRecord(json: record.json()) == record)
        #expect(record.hash(.pdq) == fingerprint.hash(.pdq) && record.hash(.pdq) != nil)
        #expect(record.digest(.md5) == fingerprint.digest(.md5) && record.digest(.md5) != nil)
        let unknown = HashAlgorithm(rawValue: "sift")
        let error = try #require(thrown { _ = try HashIndex(algorithm: unknown) })
        let failure = FingerprintRecord(path: "gone.jpg", error: error)
        #expect(try FingerprintRecord(json: failure.json()) == failure)
        var wrong = failure
        let missing = URL(fileURLWithPath: "/nowhere")
        let reading = try #require(thrown { _ = try HashIndex(contentsOf: missing) })
        wrong.error = Diagnostic(code: reading.code, message: reading.message)
        #expect(try FingerprintRecord(json: wrong.json()).error?.code == "io")
    }

    /// Each mistake must be refused with its code and position.
    private func check(_ mistakes: [Vectors.Mistake], _ read: (String) throws -> Void) {
        #expect(mistakes.count >= 8)
        for mistake in mistakes {
            let error = thrown { try read(mistake.text) }
            #expect(error?.code == mistake.code, "\(mistake.text)")
            #expect(error?.message == mistake.message, "\(mistake.text)")
            let position = "line \(mistake.line), column \(mistake.column): "
            #expect(error?.message.hasPrefix(position) == true)
        }
    }

    private func collected(_ text: String) async throws -> [Vectors.Hash] {
        var hashes: [Vectors.Hash] = []
        for try await listed in HashList.read(reading: chunks(of: text)) {
            hashes.append(hash(listed))
        }
        return hashes
    }

    /// Returns a text a few bytes at a time.
    private func chunks(of text: String) -> @Sendable (Int) -> Data {
        let rest = Locked(Data(text.utf8))
        return { _ in
            rest.change { rest in
                let chunk = Data(rest.prefix(7))
                rest.removeFirst(chunk.count)
                return chunk
            }
        }
    }

    private func hash(_ listed: ListedHash) -> Vectors.Hash {
        Vectors.Hash(
            algorithm: listed.algorithm.rawValue, hex: listed.hex, quality: listed.quality,
            name: listed.name, line: listed.line, variant: listed.variant)
    }

    private func feature(_ vector: Vectors.Feature) -> VPDQFeature {
        VPDQFeature(hex: vector.hex, quality: vector.quality, seconds: vector.seconds)
    }
}
