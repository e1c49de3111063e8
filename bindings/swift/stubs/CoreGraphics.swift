@_exported import Foundation

// Apple's compiler converts Core Foundation's types to these; the one on Linux does not.
public typealias CFString = String
public typealias CFData = Data
public typealias CFDictionary = [String: Any]

public enum CGColorSpaceModel: Int32, Sendable {
    case unknown = -1
    case monochrome, rgb, cmyk, lab, deviceN, indexed, pattern, XYZ
}

public final class CGColorSpace {
    public init?(name: CFString) { nil }
    public static let sRGB: CFString = "kCGColorSpaceSRGB"
    public var model: CGColorSpaceModel { .rgb }
    public var baseColorSpace: CGColorSpace? { nil }
}

public enum CGImageAlphaInfo: UInt32, Sendable {
    case none, premultipliedLast, premultipliedFirst, last, first
    case noneSkipLast, noneSkipFirst, alphaOnly
}

public struct CGBitmapInfo: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
}

public enum CGColorRenderingIntent: Int32, Sendable {
    case defaultIntent, absoluteColorimetric, relativeColorimetric, perceptual, saturation
}

public final class CGImage {
    public var width: Int { 0 }
    public var height: Int { 0 }
    public var alphaInfo: CGImageAlphaInfo { .none }
    public var colorSpace: CGColorSpace? { nil }
}

// Apple's Foundation exports Darwin and the Objective-C runtime.
@discardableResult
public func memset_s(
    _ start: UnsafeMutableRawPointer!, _ length: Int, _ value: Int32, _ count: Int
) -> Int32 { 0 }

public func autoreleasepool<Result>(invoking body: () throws -> Result) rethrows -> Result {
    try body()
}
