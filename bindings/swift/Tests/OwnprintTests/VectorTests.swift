// Every committed vector through the package. The Rust tests read the same files
// (conformance/tests/vectors.rs).

import Foundation
import Ownprint
import Testing

private struct Images: Decodable {
    let images: [ImageInfo]

    struct ImageInfo: Decodable {
        let name: String
        let recipe: String
        let file: String?
        let width: Int
        let height: Int
        let rgb_md5: String
        let hashes: [String: Record.Hash]
    }
}

private struct EditedImages: Decodable {
    let images: [ImageInfo]

    struct ImageInfo: Decodable {
        let name: String
        let recipe: String
        let variants: [String: Edited]
    }

    struct Edited: Decodable {
        let set: String?
        let hashes: [Hash]
        let skipped: [SkippedVariant]

        struct Hash: Decodable {
            let variant: String
            let hex: String
            let quality: Int
        }

        struct SkippedVariant: Decodable {
            let variant: String
            let reason: String
            let quality: Int?
            let to: String?
            let distance: Int?
        }

        /// The same as a value of the package.
        var asSet: VariantHashes {
            VariantHashes(
                set: set,
                hashes: hashes.map {
                    VariantHash(variant: $0.variant, hex: $0.hex, quality: $0.quality)
                },
                skipped: skipped.map {
                    let near = Ownprint.SkippedVariant.Reason.near(
                        to: $0.to ?? "", distance: $0.distance ?? 0)
                    return Ownprint.SkippedVariant(
                        variant: $0.variant,
                        reason: $0.reason == "near" ? near : .quality($0.quality ?? -1))
                })
        }
    }
}

private struct PlainImages: Decodable {
    let images: [ImageInfo]

    struct ImageInfo: Decodable {
        let file: String
        let hashes: [String: String]
    }
}

private struct Digests: Decodable {
    let pattern: [[String: Entry]]
    let messages: [[String: Entry]]

    /// Every case with its bytes: a pattern of some length, or a repeated text.
    var cases: [(bytes: Data, digests: [String: Entry])] {
        (pattern + messages).compactMap { entry in
            if case .number(let length)? = entry["length"] {
                return (Data((0..<length).map { UInt8($0 % 251) }), entry)
            }
            guard case .text(let text)? = entry["text"], case .number(let count)? = entry["repeat"]
            else { return nil }
            return (Data(String(repeating: text, count: count).utf8), entry)
        }
    }

    enum Entry: Decodable {
        case text(String)
        case number(Int)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            self = try (try? .number(value.decode(Int.self))) ?? .text(value.decode(String.self))
        }
    }
}

private struct Hexadecimal: Decodable {
    let distance: [Distance]
    let valid: [Valid]
    let invalid: [Invalid]

    struct Distance: Decodable {
        let a: String
        let b: String
        let distance: Int
        let match: Bool
    }

    struct Valid: Decodable {
        let text: String
        let printed: String
    }

    struct Invalid: Decodable {
        let text: String
        let why: String
    }
}

private func read<Value: Decodable>(_ name: String) throws -> Value {
    let file = Places.vectors.appendingPathComponent(name)
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
}

/// A fingerprinter of the hashes in the vectors.
private func fingerprinter(for vectors: Images) throws -> Fingerprinter {
    let names = Set(vectors.images.flatMap(\.hashes.keys)).sorted()
    return try Fingerprinter(
        Options(hashes: names.map(HashAlgorithm.init), digests: [], rgbMD5: true))
}

/// The pixels are the end of a pixmap.
private func pixels(_ image: Images.ImageInfo, in file: URL) throws -> (Data, PixelLayout) {
    let layout = PixelLayout(width: image.width, height: image.height, format: .rgb8)
    return (try Data(contentsOf: file).suffix(image.width * image.height * 3), layout)
}

@Suite("vectors") struct VectorTests {
    @Test("images in files, by URL, data, handle and stream")
    func imagesInFiles() async throws {
        let vectors: Images = try read("pdq.json")
        let fingerprinter = try fingerprinter(for: vectors)
        var count = 0
        for image in vectors.images {
            guard let file = image.file.map(Places.vectors.appendingPathComponent) else { continue }
            let fingerprint = try await fingerprinter.fingerprint(contentsOf: file)
            #expect(Record.hashes(fingerprint) == image.hashes, "\(image.name)")
            let info = fingerprint.image?.info
            #expect(info?.rgbMD5 == image.rgb_md5, "\(image.name)")
            #expect(info?.width == image.width, "\(image.name)")
            #expect(info?.decoder == .ownprint && info?.isDeterministic == true)
            #expect(
                try await fingerprinter.fingerprint(data: Data(contentsOf: file)) == fingerprint)
            let handle = try FileHandle(forReadingFrom: file)
            #expect(try await fingerprinter.fingerprint(fileHandle: handle) == fingerprint)
            let stream = fingerprinter.stream()
            let bytes = try Data(contentsOf: file)
            try stream.update(bytes.prefix(997))
            try stream.update(bytes.dropFirst(997))
            #expect(try stream.finalize() == fingerprint)
            #expect(thrown { _ = try stream.finalize() }?.code == "io")
            count += 1
        }
        #expect(count == 49)
    }

    @Test(
        "images as pixels, in every format",
        .enabled(
            if: Places.painter != nil,
            "OWNPRINT_PAINT names no painter: `cargo xtask test swift` builds it"))
    func imagesAsPixels() async throws {
        let vectors: Images = try read("pdq.json")
        let folder = try Places.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try run(try #require(Places.painter), [folder.path] + vectors.images.map(\.recipe))
        let fingerprinter = try fingerprinter(for: vectors)
        for image in vectors.images {
            let file = folder.appendingPathComponent("\(image.name).ppm")
            let (data, layout) = try pixels(image, in: file)
            let fingerprint = try await fingerprinter.fingerprint(pixels: data, layout: layout)
            #expect(Record.hashes(fingerprint) == image.hashes, "\(image.name)")
            #expect(fingerprint.digests.isEmpty && fingerprint.image?.info.format == nil)
            for (format, order) in [(PixelFormat.rgba8, [0, 1, 2]), (.bgra8, [2, 1, 0])] {
                let (wide, wideLayout) = fourBytes(data, layout, format: format, order: order)
                let same = try await fingerprinter.fingerprint(pixels: wide, layout: wideLayout)
                #expect(same == fingerprint, "\(image.name) as \(format)")
            }
        }
        #expect(vectors.images.count == 73)
    }

    @Test(
        "images as pixels, by the hashes of ImageHash",
        .enabled(
            if: Places.painter != nil,
            "OWNPRINT_PAINT names no painter: `cargo xtask test swift` builds it"))
    func imageHash() async throws {
        let vectors: Images = try read("imagehash.json")
        let folder = try Places.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try run(try #require(Places.painter), [folder.path] + vectors.images.map(\.recipe))
        let fingerprinter = try fingerprinter(for: vectors)
        var count = 0
        for image in vectors.images {
            let file = folder.appendingPathComponent("\(image.name).ppm")
            let (data, layout) = try pixels(image, in: file)
            let fingerprint = try await fingerprinter.fingerprint(pixels: data, layout: layout)
            let hashes = Record.hashes(fingerprint)
            for (algorithm, hash) in image.hashes {
                #expect(hashes[algorithm] == hash, "\(image.name) \(algorithm)")
                count += 1
            }
        }
        #expect(count > 1000)
    }

    @Test(
        "sets of variants",
        .enabled(
            if: Places.painter != nil,
            "OWNPRINT_PAINT names no painter: `cargo xtask test swift` builds it"))
    func variants() async throws {
        let vectors: EditedImages = try read("variants.json")
        let folder = try Places.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try run(try #require(Places.painter), [folder.path] + vectors.images.map(\.recipe))
        var count = 0
        for image in vectors.images {
            let file = folder.appendingPathComponent("\(image.name).ppm")
            for (names, expected) in image.variants {
                // The name of the set, or the names of the variants.
                let variants = VariantSet(names: names.split(separator: ",").map(String.init))
                let fingerprinter = try Fingerprinter(
                    Options(hashes: [], digests: [.md5], variants: variants))
                let fingerprint = try await fingerprinter.fingerprint(contentsOf: file)
                let set = try #require(fingerprint.image?.variants)
                #expect(set == expected.asSet, "\(image.name) \(names)")
                for hash in set.hashes {
                    let comparison = try set.compare(with: hash.hex)
                    #expect(comparison.distance == 0 && comparison.algorithm == .pdq)
                    #expect(
                        set.hashes.contains {
                            $0.variant == comparison.variant && $0.hex == hash.hex
                        })
                }
                count += 1
            }
        }
        #expect(count == 36)
        for names in [["huge"], ["mirror", "sepia"], []] {
            let variants = VariantSet(names: names)
            let error = thrown { _ = try Fingerprinter(Options(variants: variants)) }
            #expect(error?.code == "unknown-variant")
        }
        let twice = VariantSet(names: ["trim", "trim"])
        let error = thrown { _ = try Fingerprinter(Options(variants: twice)) }
        #expect(error?.code == "invalid-variants")
    }

    @Test("an index names the variant that was found")
    func variantsOfLists() async throws {
        let fingerprinter = try Fingerprinter(Options(variants: .compact))
        let image = Places.images.appendingPathComponent("hills.jpg")
        let fingerprint = try await fingerprinter.fingerprint(contentsOf: image)
        let set = try #require(fingerprint.image?.variants).hashes
        let record = FingerprintRecord(path: "hills.jpg", fingerprint: fingerprint)
        let list = Data(try record.json().utf8)
        #expect(try HashList.read(list).map(\.variant) == set.map(\.variant))
        #expect(set[1].threatExchangeLine == "pdq \(set[1].hex)")
        let index = try HashIndex(algorithm: .pdq)
        #expect(try index.insert(list: list) == set.count)
        for hash in set {
            let hit = try #require(try index.nearest(hash.hex, count: 1).first)
            #expect(hit.variant == hash.variant && hit.distance == 0)
            #expect(hit.payload == "hills.jpg#\(hash.variant)")
        }
    }

    @Test("images in files, by the hashes of img_hash")
    func imgHash() async throws {
        let vectors: PlainImages = try read("img-hash.json")
        var count = 0
        for image in vectors.images {
            let algorithms = image.hashes.keys.sorted().map(HashAlgorithm.init)
            let fingerprinter = try Fingerprinter(Options(hashes: algorithms, digests: []))
            let file = Places.vectors.appendingPathComponent(image.file)
            let fingerprint = try await fingerprinter.fingerprint(contentsOf: file)
            // The names of the vectors state every size; the library returns the shortest form.
            let computed = (fingerprint.image?.hashes ?? []).map(\.hex).sorted()
            #expect(computed == image.hashes.values.sorted(), "\(image.file)")
            count += computed.count
        }
        #expect(count > 1000)
    }

    /// The same pixels with alpha, which must be ignored, and with padding between the rows.
    private func fourBytes(
        _ data: Data, _ layout: PixelLayout, format: PixelFormat, order: [Int]
    ) -> (Data, PixelLayout) {
        let (width, height) = (layout.width, layout.height)
        let stride = width * 4 + 12
        var wide = Data(repeating: 0xee, count: stride * height)
        let (first, second, third) = (order[0], order[1], order[2])
        // Pointers: without optimization, arrays would take a minute.
        wide.withUnsafeMutableBytes { (to: UnsafeMutableRawBufferPointer) in
            data.withUnsafeBytes { (from: UnsafeRawBufferPointer) in
                for y in 0..<height {
                    var (source, target) = (y * width * 3, y * stride)
                    let end = target + width * 4
                    while target < end {
                        to[target] = from[source + first]
                        to[target + 1] = from[source + second]
                        to[target + 2] = from[source + third]
                        to[target + 3] = UInt8(truncatingIfNeeded: source)
                        source += 3
                        target += 4
                    }
                }
            }
        }
        let wideLayout = PixelLayout(
            width: layout.width, height: layout.height, format: format, stride: stride)
        return (wide, wideLayout)
    }

    @Test("digests, of data and of streams in odd chunks")
    func digests() async throws {
        let vectors: Digests = try read("digests.json")
        let algorithms: [DigestAlgorithm] = [.md5, .sha1, .sha256, .sha512, .blake3]
        let fingerprinter = try Fingerprinter(Options(hashes: [], digests: algorithms))
        #expect(vectors.cases.count == vectors.pattern.count + vectors.messages.count)
        for (bytes, entry) in vectors.cases {
            let length = bytes.count
            let at = Locked(0)
            let streamed = try await fingerprinter.digests { limit in
                at.change { at in
                    // No block of a digest divides 997.
                    let chunk = bytes.dropFirst(at).prefix(min(997, limit))
                    at += chunk.count
                    return chunk
                }
            }
            let whole = try await fingerprinter.fingerprint(data: bytes).digests
            #expect(whole == streamed, "\(length) bytes")
            #expect(streamed.map(\.algorithm) == algorithms)
            for digest in streamed {
                guard case .text(let hex)? = entry[digest.algorithm.rawValue] else {
                    Issue.record("no \(digest.algorithm)")
                    continue
                }
                #expect(digest.hex == hex, "\(digest.algorithm) of \(length) bytes")
            }
        }
        #expect(vectors.pattern.count == 19)
    }

    @Test("distances, valid and invalid hexadecimal digits")
    func hexadecimal() throws {
        let vectors: Hexadecimal = try read("hex.json")
        for pair in vectors.distance {
            #expect(try HashAlgorithm.distance(pair.a, pair.b) == pair.distance)
            let comparison = try HashAlgorithm.pdq.compare(pair.a, pair.b)
            #expect(comparison.distance == pair.distance && comparison.isMatch == pair.match)
            #expect(comparison.algorithm == .pdq)
            #expect(comparison.bits == 256 && comparison.threshold == 31)
        }
        for text in vectors.valid {
            #expect(try HashAlgorithm.distance(text.text, text.printed) == 0, "\(text.text)")
        }
        let hash = String(repeating: "0", count: 64)
        for text in vectors.invalid {
            let code = thrown { _ = try HashAlgorithm.pdq.compare(text.text, hash) }?.code
            #expect(code == "invalid-hash" || code == "not-comparable", "\(text.why)")
        }
        #expect(vectors.distance.count == 22 && vectors.invalid.count == 11)
    }

    @Test("the capabilities list the algorithms of the vectors")
    func capabilitiesOfThisBuild() throws {
        let vectors: Images = try read("pdq.json")
        let capabilities = Capabilities.current
        let names = capabilities.hashes.map(\.algorithm.rawValue)
        #expect(Set(vectors.images.flatMap(\.hashes.keys)).isSubset(of: names))
        #expect(
            capabilities.digests.map(\.algorithm.rawValue)
                == ["md5", "sha1", "sha256", "sha512", "blake3"])
        #expect(capabilities.defaults == ["pdq", "vpdq", "md5", "sha256", "blake3"])
        #expect(capabilities.formats.contains { $0.name == "jpeg" && $0.isDecoded })
        let pdq = try #require(capabilities.hashes.first { $0.algorithm == .pdq })
        #expect((pdq.bits, pdq.hashes, pdq.threshold) == (256, 1, 31))
    }

    @Test("the constants name every algorithm")
    func constants() throws {
        let hashes: [HashAlgorithm] = [
            .pdq, .pdq512, .pdqDihedral, .pdq512Dihedral, .ahash, .dhash, .dhashVertical, .phash,
            .phashSimple, .whash, .colorhash, .cropResistant, .imgHashMean, .imgHashGradient,
            .imgHashVerticalGradient, .imgHashDoubleGradient, .blockhash,
        ]
        #expect(Set(hashes) == Set(HashAlgorithm.all) && hashes.count == HashAlgorithm.all.count)
        #expect(DigestAlgorithm.all == [.md5, .sha1, .sha256, .sha512, .blake3])
        for algorithm in hashes {
            #expect(try HashAlgorithm.parse(algorithm.rawValue) == algorithm)
        }
        #expect(try HashAlgorithm.parse("phash:8") == .phash)
        #expect(try HashAlgorithm.parse("phash:16").info.bits == 256)
        #expect(thrown { _ = try HashAlgorithm.parse("sift") }?.code == "unknown-algorithm")
        #expect(thrown { _ = try DigestAlgorithm.parse("crc32") }?.code == "unknown-algorithm")
    }

    @Test("the default options equal those of the core")
    func defaults() async throws {
        let defaults = Options.defaults
        #expect(defaults.hashes == [.pdq] && defaults.digests == [.md5, .sha256, .blake3])
        #expect(defaults.orientation == .apply && defaults.limits.pixels != nil)
        #expect(defaults.vpdq == true)
        let image = Places.images.appendingPathComponent("hills.jpg")
        let fingerprint = try await Fingerprinter().fingerprint(contentsOf: image)
        #expect(try await Fingerprinter(defaults).fingerprint(contentsOf: image) == fingerprint)
        let hashes = try Fingerprinter(Options(hashes: [.phash]))
        let other = try await hashes.fingerprint(contentsOf: image)
        #expect(other.digests == fingerprint.digests && other.image?.hashes.count == 1)
        let pdq = try #require(fingerprint.image?.pdq)
        #expect(pdq.hex == fingerprint.hash(.pdq)?.hex && pdq.quality == 100)
    }
}
