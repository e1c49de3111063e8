internal import OwnprintGenerated

/// A perceptual hash algorithm with its parameters, by its stable name.
///
/// The constants are the algorithms with their default parameters. ``parse(_:)`` returns the
/// others:
///
/// ```swift
/// HashAlgorithm.pdq
/// try HashAlgorithm.parse("phash:16")
/// ```
///
/// Two algorithms are equal if their names are equal.
public struct HashAlgorithm: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The stable name, the same in every language, in records and on the command line: `pdq`,
    /// `phash:16`.
    public let rawValue: String

    /// Creates an algorithm without checking its name. A call that receives an unknown name throws
    /// `unknown-algorithm`.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Returns the algorithm with this name. Parameters are accepted in any order. The name of the
    /// result is the shortest form, so `phash:8` equals ``phash``.
    ///
    /// - Throws: ``OwnprintError`` with the code `unknown-algorithm`.
    public static func parse(_ name: String) throws(OwnprintError) -> HashAlgorithm {
        HashAlgorithm(rawValue: try translating { try OwnprintGenerated.hashInfo(name: name) }.name)
    }

    /// Every algorithm with its default parameters.
    public static var all: [HashAlgorithm] { Capabilities.current.hashes.map(\.algorithm) }

    /// The properties of this algorithm.
    ///
    /// - Throws: ``OwnprintError`` with the code `unknown-algorithm`.
    public var info: HashInfo {
        get throws(OwnprintError) {
            let name = rawValue
            return HashInfo(try translating { try OwnprintGenerated.hashInfo(name: name) })
        }
    }

    /// The ``rawValue``.
    public var description: String { rawValue }

    /// PDQ at full resolution, 256 bits: the hash of the exchanges.
    public static let pdq = HashAlgorithm(rawValue: "pdq")
    /// PDQ after scaling to 512x512 pixels.
    public static let pdq512 = HashAlgorithm(rawValue: "pdq-512")
    /// The PDQ hashes of the eight rotations and reflections.
    public static let pdqDihedral = HashAlgorithm(rawValue: "pdq-dihedral")
    /// The eight hashes of ``pdqDihedral``, after scaling to 512x512 pixels.
    public static let pdq512Dihedral = HashAlgorithm(rawValue: "pdq-512-dihedral")
    /// ImageHash's `average_hash`.
    public static let ahash = HashAlgorithm(rawValue: "ahash")
    /// ImageHash's `dhash`.
    public static let dhash = HashAlgorithm(rawValue: "dhash")
    /// ImageHash's `dhash_vertical`.
    public static let dhashVertical = HashAlgorithm(rawValue: "dhash-vertical")
    /// ImageHash's `phash`.
    public static let phash = HashAlgorithm(rawValue: "phash")
    /// ImageHash's `phash_simple`.
    public static let phashSimple = HashAlgorithm(rawValue: "phash-simple")
    /// ImageHash's `whash`.
    public static let whash = HashAlgorithm(rawValue: "whash")
    /// ImageHash's `colorhash`.
    public static let colorhash = HashAlgorithm(rawValue: "colorhash")
    /// ImageHash's `crop_resistant_hash`: one hash for each region of the image.
    public static let cropResistant = HashAlgorithm(rawValue: "crop-resistant")
    /// img_hash's `Mean`.
    public static let imgHashMean = HashAlgorithm(rawValue: "img-hash-mean")
    /// img_hash's `Gradient`.
    public static let imgHashGradient = HashAlgorithm(rawValue: "img-hash-gradient")
    /// img_hash's `VertGradient`.
    public static let imgHashVerticalGradient = HashAlgorithm(
        rawValue: "img-hash-vertical-gradient")
    /// img_hash's `DoubleGradient`.
    public static let imgHashDoubleGradient = HashAlgorithm(rawValue: "img-hash-double-gradient")
    /// img_hash's `Blockhash`.
    public static let blockhash = HashAlgorithm(rawValue: "blockhash")
}

/// A digest algorithm, by its stable name. Two algorithms are equal if their names are equal.
public struct DigestAlgorithm: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The stable name, the same in every language, in records and on the command line: `sha256`.
    public let rawValue: String

    /// Creates an algorithm without checking its name. A call that receives an unknown name throws
    /// `unknown-algorithm`.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Returns the algorithm with this name.
    ///
    /// - Throws: ``OwnprintError`` with the code `unknown-algorithm`.
    public static func parse(_ name: String) throws(OwnprintError) -> DigestAlgorithm {
        DigestAlgorithm(
            rawValue: try translating { try OwnprintGenerated.digestInfo(name: name) }.name)
    }

    /// Every algorithm.
    public static var all: [DigestAlgorithm] { Capabilities.current.digests.map(\.algorithm) }

    /// The ``rawValue``.
    public var description: String { rawValue }

    /// MD5. Two different files with the same MD5 can be constructed.
    public static let md5 = DigestAlgorithm(rawValue: "md5")
    /// SHA-1. Two different files with the same SHA-1 can be constructed.
    public static let sha1 = DigestAlgorithm(rawValue: "sha1")
    /// SHA-256.
    public static let sha256 = DigestAlgorithm(rawValue: "sha256")
    /// SHA-512.
    public static let sha512 = DigestAlgorithm(rawValue: "sha512")
    /// BLAKE3.
    public static let blake3 = DigestAlgorithm(rawValue: "blake3")
}
