/// The bytes of one pixel, in memory order. Alpha is not composited: it is ignored, or divided out
/// where the colors are multiplied by it.
public enum PixelFormat: Sendable, Hashable, CaseIterable {
    /// Red, green, blue.
    case rgb8
    /// Red, green, blue, alpha (not premultiplied).
    case rgba8
    /// Blue, green, red, alpha (not premultiplied): the format of cameras.
    case bgra8
    /// One byte of luminance.
    case l8
    /// Red, green, blue, alpha, with colors multiplied by alpha.
    ///
    /// Alpha is divided out before hashing. That does not recover every color: a pixel of alpha
    /// `a` has only `a + 1` levels, and a transparent pixel is black.
    case rgba8Premultiplied
    /// Blue, green, red, alpha, with colors multiplied by alpha, as ``rgba8Premultiplied``.
    case bgra8Premultiplied
}

/// The layout of an image in a buffer: rows from top to bottom.
public struct PixelLayout: Sendable, Hashable {
    /// Pixels in a row.
    public var width: Int
    /// Number of rows.
    public var height: Int
    /// The bytes of one pixel.
    public var format: PixelFormat
    /// Bytes from the start of one row to the start of the next; `nil` if the rows have no padding.
    public var stride: Int?
    /// The orientation of the pixels.
    public var orientation: ExifOrientation

    /// Creates a layout.
    public init(
        width: Int, height: Int, format: PixelFormat, stride: Int? = nil,
        orientation: ExifOrientation = .normal
    ) {
        self.width = width
        self.height = height
        self.format = format
        self.stride = stride
        self.orientation = orientation
    }
}

/// How stored pixels must be rotated or mirrored for display. The raw value is the value of the
/// EXIF tag 0x0112.
public enum ExifOrientation: Int, Sendable, Hashable, CaseIterable {
    /// Neither rotated nor mirrored.
    case normal = 1
    /// Mirrored left to right.
    case mirrored = 2
    /// Rotated by 180 degrees.
    case rotated180 = 3
    /// Mirrored top to bottom.
    case mirroredRotated180 = 4
    /// Mirrored across the diagonal from the top left.
    case transposed = 5
    /// To be rotated clockwise by 90 degrees.
    case rotated90 = 6
    /// Mirrored across the diagonal from the top right.
    case transversed = 7
    /// To be rotated clockwise by 270 degrees.
    case rotated270 = 8
}
