internal import OwnprintGenerated

/// What to compute. A property that is `nil` keeps the core's default; ``defaults`` returns those
/// defaults.
public struct Options: Sendable, Hashable {
    /// The perceptual hashes of images to compute. With an empty array no image is decoded.
    public var hashes: [HashAlgorithm]?
    /// The digests to compute.
    public var digests: [DigestAlgorithm]?
    /// The variants of the image whose PDQ hashes are computed too; `nil` for none.
    public var variants: VariantSet?
    /// Whether the EXIF orientation is applied before hashing.
    public var orientation: Orientation?
    /// Hashes the part of a damaged file that can be decoded, with a warning. Otherwise such a file
    /// has digests and an error.
    public var acceptDamaged: Bool
    /// Adds the MD5 of the hashed RGB bytes, which tells whether two decoders or two hash
    /// implementations differ.
    public var rgbMD5: Bool
    /// The limits on an image.
    public var limits: Limits
    /// Lets the system decode formats that this build does not decode (HEIC, AVIF).
    /// ``ImageInfo/decoder`` is then ``ImageInfo/Decoder-swift.enum/platform``, and the result is
    /// not deterministic. `nil` is `true` on Apple platforms. On other platforms, `true` is an
    /// error.
    public var platformDecode: Bool?
    /// Whether the frames of videos are hashed. `nil` is the core's default if ``hashes`` is `nil`,
    /// and otherwise `false`. A library without a video decoder reports the warning
    /// `unsupported-video`.
    public var vpdq: Bool?

    /// Creates options; omitted ones keep the core's defaults.
    public init(
        hashes: [HashAlgorithm]? = nil, digests: [DigestAlgorithm]? = nil,
        variants: VariantSet? = nil, orientation: Orientation? = nil, acceptDamaged: Bool = false,
        rgbMD5: Bool = false, limits: Limits = Limits(), platformDecode: Bool? = nil,
        vpdq: Bool? = nil
    ) {
        self.hashes = hashes
        self.digests = digests
        self.variants = variants
        self.orientation = orientation
        self.acceptDamaged = acceptDamaged
        self.rgbMD5 = rgbMD5
        self.limits = limits
        self.platformDecode = platformDecode
        self.vpdq = vpdq
    }

    /// Every option with the core's default. A fingerprinter with these options equals one without
    /// options.
    public static var defaults: Options {
        let defaults = OwnprintGenerated.defaultOptions()
        let digestNames = Set(OwnprintGenerated.capabilities().digests.map(\.name))
        let names = defaults.algorithms ?? []
        let hashNames = names.filter { !digestNames.contains($0) }
        return Options(
            hashes: hashNames.filter { $0 != vpdqName }.map(HashAlgorithm.init),
            digests: names.filter(digestNames.contains).map(DigestAlgorithm.init),
            orientation: defaults.orientation.map(Orientation.init),
            limits: defaults.limits.map(Limits.init) ?? Limits(),
            vpdq: hashNames.contains(vpdqName))
    }

    /// The name of the hashes of videos.
    static let vpdqName = "vpdq"
}

/// Whether the EXIF orientation is applied to the pixels before they are hashed.
public enum Orientation: Sendable, Hashable, CaseIterable {
    /// Applies it: hashes what a viewer shows.
    case apply
    /// Ignores it: hashes the pixels as the file stores them.
    case ignore
}

/// Limits on an image, checked before memory is allocated for it. An image that exceeds a limit has
/// the error `limit-exceeded`. A limit that is `nil` keeps the core's default; ``Options/defaults``
/// returns those defaults.
public struct Limits: Sendable, Hashable {
    /// Length of the encoded file in bytes.
    public var fileBytes: Int?
    /// Width in pixels, as stored.
    public var width: Int?
    /// Height in pixels, as stored.
    public var height: Int?
    /// Width times height.
    public var pixels: Int?
    /// Bytes of decoded samples.
    public var memory: Int?
    /// Bytes of RGB for each byte of the file, in images of more than 60 megapixels.
    public var expansion: Int?

    /// Creates limits; omitted ones keep the core's defaults.
    public init(
        fileBytes: Int? = nil, width: Int? = nil, height: Int? = nil, pixels: Int? = nil,
        memory: Int? = nil, expansion: Int? = nil
    ) {
        self.fileBytes = fileBytes
        self.width = width
        self.height = height
        self.pixels = pixels
        self.memory = memory
        self.expansion = expansion
    }
}
