import Foundation
import Ownprint

/// A fingerprint as the vectors and the command line write it: a line of `jsonl`, in any order of
/// keys.
struct Record: Decodable, Equatable {
    struct Hash: Decodable, Equatable {
        let hex: [String]
        let quality: Int?
    }

    struct Diagnostic: Decodable, Equatable {
        let code: String
        let message: String
    }

    struct PixelDecoder: Decodable, Equatable {
        let name: String
        let revision: Int?
    }

    var path: String?
    var schema: Int? = 1
    var format: String?
    var width: Int?
    var height: Int?
    var orientation: Int?
    var stored_width: Int?
    var stored_height: Int?
    var orientation_applied: Bool?
    var damaged: Bool?
    var rgb_md5: String?
    var deterministic: Bool?
    var hashes: [String: Hash]?
    var digests: [String: String]?
    var warnings: [Diagnostic]?
    var error: Diagnostic?
    var decoder: PixelDecoder?
}

extension Options {
    /// Every hash and digest, and the MD5 of the pixels.
    static var all: Options {
        Options(hashes: HashAlgorithm.all, digests: DigestAlgorithm.all, rgbMD5: true)
    }
}

extension Record.Hash {
    private enum Key: CodingKey {
        case hex, quality
    }

    /// One hash is written as text, a set of hashes as a list.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        hex =
            try (try? [values.decode(String.self, forKey: .hex)])
            ?? values.decode([String].self, forKey: .hex)
        quality = try values.decodeIfPresent(Int.self, forKey: .quality)
    }
}

extension Record {
    /// The result of the package, in the same form.
    init(_ result: FileResult) {
        switch result {
        case .success(_, _, let fingerprint): self.init(fingerprint)
        case .failure(_, _, let error):
            self.init(
                hashes: [:], digests: [:], warnings: [],
                error: Diagnostic(code: error.code, message: error.message))
        }
    }

    init(_ fingerprint: Fingerprint) {
        let image = fingerprint.image?.info
        self.init(
            format: image?.format, width: image?.width, height: image?.height,
            orientation: image?.orientation.rawValue, stored_width: image?.storedWidth,
            stored_height: image?.storedHeight, orientation_applied: image?.isOrientationApplied,
            damaged: image?.isDamaged == true ? true : nil, rgb_md5: image?.rgbMD5,
            deterministic: image?.isDeterministic == false ? false : nil,
            hashes: Self.hashes(fingerprint),
            digests: Dictionary(
                uniqueKeysWithValues: fingerprint.digests.map { ($0.algorithm.rawValue, $0.hex) }),
            warnings: fingerprint.warnings.map { Diagnostic(code: $0.code, message: $0.message) },
            error: fingerprint.error.map { Diagnostic(code: $0.code, message: $0.message) },
            decoder: fingerprint.decoderRevision.map { PixelDecoder(name: "ownprint", revision: $0) })
    }

    static func hashes(_ fingerprint: Fingerprint) -> [String: Hash] {
        Dictionary(
            uniqueKeysWithValues: (fingerprint.image?.hashes ?? []).map {
                ($0.algorithm.rawValue, Hash(hex: $0.values, quality: $0.quality))
            })
    }
}

/// Runs a call of the package, and returns its error as a value.
func outcome(_ work: () async throws -> Fingerprint) async throws -> Result<
    Fingerprint, OwnprintError
> {
    do {
        return .success(try await work())
    } catch let error as OwnprintError {
        return .failure(error)
    }
}

/// The error of a call that must fail; `nil` if it does not fail, or fails with another type.
func thrown(_ work: () throws -> Void) -> OwnprintError? {
    do {
        try work()
        return nil
    } catch {
        return error as? OwnprintError
    }
}
