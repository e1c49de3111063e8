@_exported import CoreGraphics

public typealias vImagePixelCount = UInt

public enum vImage {
    public struct Options: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let noFlags = Options([])
    }
}

public struct vImage_CGImageFormat {
    public init?(
        bitsPerComponent: Int, bitsPerPixel: Int, colorSpace: CGColorSpace,
        bitmapInfo: CGBitmapInfo, renderingIntent: CGColorRenderingIntent = .defaultIntent
    ) { nil }
}

public struct vImage_Buffer {
    public var data: UnsafeMutableRawPointer!
    public var height: vImagePixelCount
    public var width: vImagePixelCount
    public var rowBytes: Int
    public init(
        cgImage: CGImage, format: vImage_CGImageFormat, flags: vImage.Options = .noFlags
    ) throws { fatalError("a stub") }
}
