/// What to compute, and over what. What is skipped keeps the core's default; ``capabilities()`` lists it.
public struct Options: Sendable, Hashable {
    /// Hashes and digests by their stable names, or `all`. `nil` is the core's choice: `pdq`, `md5`, `sha256`, `blake3`.
    public var algorithms: [String]?
    /// The `pdq` hashes of the image's likely edits too: the name of a set (`compact` has 8 hashes, `standard` 16, `wide` 32),
    /// or the names of variants (`mirror`, `crop:4`).
    public var variants: [String]?
    /// Ignores the EXIF orientation, and hashes the pixels as the file stores them.
    public var ignoreOrientation: Bool
    /// Hashes damaged files as far as they can be decoded, with a warning, instead of refusing them.
    public var acceptDamaged: Bool
    /// Adds the MD5 of the hashed RGB bytes: tells a decoder's difference from a hash's.
    public var rgbMD5: Bool
    /// What an image may ask for.
    public var limits: Limits
    /// Lets the system decode what the core does not (HEIC, AVIF), on Apple platforms. Such a result is flagged
    /// ``Image/Decoder/platform`` and not exact. Elsewhere it changes nothing.
    public var platformDecode: Bool

    /// The defaults, but for what is named.
    public init(
        algorithms: [String]? = nil, variants: [String]? = nil, ignoreOrientation: Bool = false, acceptDamaged: Bool = false,
        rgbMD5: Bool = false, limits: Limits = Limits(), platformDecode: Bool = false
    ) {
        self.algorithms = algorithms
        self.variants = variants
        self.ignoreOrientation = ignoreOrientation
        self.acceptDamaged = acceptDamaged
        self.rgbMD5 = rgbMD5
        self.limits = limits
        self.platformDecode = platformDecode
    }
}

/// Bounds on an image, checked before anything is allocated for it; beyond one, the error is `limit-exceeded`.
/// `nil` keeps the core's default.
public struct Limits: Sendable, Hashable {
    /// Length of the encoded file in bytes.
    public var fileBytes: UInt64?
    /// Width in pixels, as stored.
    public var width: UInt32?
    /// Height in pixels, as stored.
    public var height: UInt32?
    /// Width times height.
    public var pixels: UInt64?
    /// Bytes that the decoded image may need.
    public var memory: UInt64?
    /// The same for each byte of the file, beyond the first 64 MiB.
    public var expansion: UInt32?

    /// The core's limits, but for what is named.
    public init(
        fileBytes: UInt64? = nil, width: UInt32? = nil, height: UInt32? = nil, pixels: UInt64? = nil,
        memory: UInt64? = nil, expansion: UInt32? = nil
    ) {
        self.fileBytes = fileBytes
        self.width = width
        self.height = height
        self.pixels = pixels
        self.memory = memory
        self.expansion = expansion
    }
}

/// How decoded pixels lie in a buffer: rows from top to bottom.
public struct PixelLayout: Sendable, Hashable {
    /// The bytes of one pixel, in their order in memory. Alpha is dropped, never blended.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// Red, green, blue.
        case rgb8
        /// Red, green, blue, alpha (not premultiplied).
        case rgba8
        /// Blue, green, red, alpha (not premultiplied): what cameras give.
        case bgra8
        /// One byte of grey.
        case l8
    }

    /// Pixels a row.
    public var width: UInt32
    /// Rows.
    public var height: UInt32
    /// The bytes of one pixel.
    public var format: Format
    /// Bytes from the start of one row to that of the next; `nil` where rows follow one another.
    public var stride: UInt32?
    /// The orientation that the pixels are in, as EXIF numbers it: 1 to 8, where 1 is upright.
    public var orientation: UInt16

    /// A layout.
    public init(width: UInt32, height: UInt32, format: Format, stride: UInt32? = nil, orientation: UInt16 = 1) {
        self.width = width
        self.height = height
        self.format = format
        self.stride = stride
        self.orientation = orientation
    }
}
