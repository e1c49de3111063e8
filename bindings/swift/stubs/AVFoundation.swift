@_exported import CoreGraphics

// Core Media and Core Video, which AVFoundation exports.
public struct CMTime: Sendable {
    public var seconds: Double { 0 }
}

public class CMFormatDescription {}
public class CMSampleBuffer {}
public class CVBuffer {}
public typealias CVImageBuffer = CVBuffer
public typealias CVPixelBuffer = CVBuffer
public typealias CVReturn = Int32

public struct CVPixelBufferLockFlags: OptionSet, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    public static let readOnly = CVPixelBufferLockFlags(rawValue: 1)
}

public let kCVReturnSuccess: CVReturn = 0
public let kCVPixelBufferPixelFormatTypeKey: CFString = "PixelFormatType"
public let kCVPixelFormatType_420YpCbCr8BiPlanarFullRange: UInt32 = 0x3432_3066
public let kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange: UInt32 = 0x3432_3076
public let kCMFormatDescriptionExtension_FullRangeVideo: CFString = "FullRangeVideo"

public func CMFormatDescriptionGetExtension(
    _ description: CMFormatDescription, extensionKey: CFString
) -> AnyObject? { nil }

public func CMSampleBufferGetImageBuffer(_ buffer: CMSampleBuffer) -> CVImageBuffer? { nil }

public func CMSampleBufferGetPresentationTimeStamp(_ buffer: CMSampleBuffer) -> CMTime { CMTime() }

public func CVPixelBufferGetWidth(_ buffer: CVPixelBuffer) -> Int { 0 }

public func CVPixelBufferGetHeight(_ buffer: CVPixelBuffer) -> Int { 0 }

public func CVPixelBufferLockBaseAddress(
    _ buffer: CVPixelBuffer, _ flags: CVPixelBufferLockFlags
) -> CVReturn { 0 }

@discardableResult
public func CVPixelBufferUnlockBaseAddress(
    _ buffer: CVPixelBuffer, _ flags: CVPixelBufferLockFlags
) -> CVReturn { 0 }

public func CVPixelBufferGetBaseAddressOfPlane(
    _ buffer: CVPixelBuffer, _ plane: Int
) -> UnsafeMutableRawPointer? { nil }

public func CVPixelBufferGetBytesPerRowOfPlane(_ buffer: CVPixelBuffer, _ plane: Int) -> Int { 0 }

public let AVFoundationErrorDomain = "AVFoundationErrorDomain"

public struct AVError: Error, Sendable {
    public enum Code: Int, Sendable {
        case unknown = -11800
        case decodeFailed = -11821
        case decoderNotFound = -11833
        case decoderTemporarilyUnavailable = -11839
        case operationInterrupted = -11847
    }
    public var code: Code { .unknown }
}

public struct AVMediaType: Hashable, RawRepresentable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let video = AVMediaType(rawValue: "vide")
}

public protocol AVAsynchronousKeyValueLoading {}

public class AVPartialAsyncProperty<Root> {}

public class AVAsyncProperty<Root, Value>: AVPartialAsyncProperty<Root>, @unchecked Sendable {}

extension AVAsynchronousKeyValueLoading {
    public func load<A, B>(
        _ first: AVAsyncProperty<Self, A>, _ second: AVAsyncProperty<Self, B>
    ) async throws -> (A, B) { fatalError("a stub") }
}

open class AVAsset: NSObject, AVAsynchronousKeyValueLoading {
    public func loadTracks(withMediaType type: AVMediaType) async throws -> [AVAssetTrack] { [] }
}

open class AVURLAsset: AVAsset {
    public init(url: URL, options: [String: Any]? = nil) {}
}

open class AVAssetTrack: NSObject, AVAsynchronousKeyValueLoading {}

extension AVPartialAsyncProperty where Root: AVAssetTrack {
    public static var naturalSize: AVAsyncProperty<Root, CGSize> { fatalError("a stub") }
    public static var formatDescriptions: AVAsyncProperty<Root, [CMFormatDescription]> {
        fatalError("a stub")
    }
}

open class AVAssetReaderOutput: NSObject {
    open var alwaysCopiesSampleData = true
    open func copyNextSampleBuffer() -> CMSampleBuffer? { nil }
}

open class AVAssetReaderTrackOutput: AVAssetReaderOutput {
    public init(track: AVAssetTrack, outputSettings: [String: Any]?) {}
}

open class AVAssetReader: NSObject {
    public enum Status: Int, Sendable {
        case unknown, reading, completed, failed, cancelled
    }
    public init(asset: AVAsset) throws {}
    open var status: Status { .unknown }
    open var error: (any Error)? { nil }
    open func canAdd(_ output: AVAssetReaderOutput) -> Bool { true }
    open func add(_ output: AVAssetReaderOutput) {}
    open func startReading() -> Bool { true }
    open func cancelReading() {}
}
