import Foundation
internal import OwnprintGenerated

/// Computes vPDQ from the frames of a video that a player or another decoder delivers.
///
/// ```swift
/// let hasher = try VPDQHasher.bySeconds()
/// for (index, frame) in frames.enumerated() {
///     guard try hasher.wants(index, seconds: frame.seconds) else { continue }
///     try hasher.update(index, seconds: frame.seconds, bytes: frame.bytes, layout: frame.layout)
/// }
/// let features = try hasher.finalize().map(\.feature)
/// ```
///
/// One object hashes one video, from any thread. Calls compute on the calling thread, some
/// milliseconds for each frame. Memory holds one frame and the hashes. Two decoders may produce
/// frames whose hashes differ by a few bits, far fewer than the threshold.
public final class VPDQHasher: Sendable {
    private let native: OwnprintGenerated.VpdqHasher

    private init(_ native: OwnprintGenerated.VpdqHasher) {
        self.native = native
    }

    /// Returns a hasher for every `trunc(secondsPerHash * framesPerSecond)`-th frame, as the
    /// reference implementation selects them. The time of a frame is its number divided by the
    /// rate.
    ///
    /// - Parameters:
    ///   - framesPerSecond: The frame rate, above 0.
    ///   - secondsPerHash: Seconds between two hashed frames, 0 for every frame; `nil` for the
    ///     core's default.
    ///   - prune: Skips a frame whose hash differs by this many bits or fewer from the last
    ///     retained one; `nil` skips none.
    ///   - limits: The limits on a frame.
    /// - Throws: ``OwnprintError`` with the code `invalid-video`.
    public static func byFrames(
        framesPerSecond: Double, secondsPerHash: Double? = nil, prune: Int? = nil,
        limits: Limits = Limits()
    ) throws(OwnprintError) -> VPDQHasher {
        VPDQHasher(
            try translating {
                try .byFrames(
                    framesPerSecond: framesPerSecond, secondsPerHash: secondsPerHash,
                    prune: prune.map { UInt32(clamping: $0) }, limits: limits.record)
            })
    }

    /// Returns a hasher for the first frame at or after each multiple of `secondsPerHash`, with its
    /// own time: for players that seek, and for videos without a constant frame rate.
    ///
    /// - Parameters:
    ///   - secondsPerHash: Seconds between two hashed frames, 0 for every frame; `nil` for the
    ///     core's default.
    ///   - prune: Skips a frame whose hash differs by this many bits or fewer from the last
    ///     retained one; `nil` skips none.
    ///   - limits: The limits on a frame.
    /// - Throws: ``OwnprintError`` with the code `invalid-video`.
    public static func bySeconds(
        _ secondsPerHash: Double? = nil, prune: Int? = nil, limits: Limits = Limits()
    ) throws(OwnprintError) -> VPDQHasher {
        VPDQHasher(
            try translating {
                try .bySeconds(
                    secondsPerHash: secondsPerHash, prune: prune.map { UInt32(clamping: $0) },
                    limits: limits.record)
            })
    }

    /// Returns whether ``update(_:seconds:bytes:layout:)`` uses a frame. Frames are numbered from
    /// 0, in the order of display.
    ///
    /// - Throws: ``OwnprintError`` with the code `io` after ``finalize()``, or `invalid-video` for
    ///   a negative number.
    public func wants(_ index: Int, seconds: Double) throws(OwnprintError) -> Bool {
        let index: UInt64 = try unsigned(index, "frame", code: "invalid-video")
        return try translating { try native.wants(index: index, seconds: seconds) }
    }

    /// Hashes a frame, without copying its bytes. A frame that is not wanted is ignored.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-pixels` if layout and bytes do not fit,
    ///   `limit-exceeded`, `invalid-video` for a number or time that is negative or not finite, or
    ///   `io` after ``finalize()``.
    public func update(
        _ index: Int, seconds: Double, bytes: Data, layout: FrameLayout
    ) throws(OwnprintError) {
        let index: UInt64 = try unsigned(index, "frame", code: "invalid-video")
        try translating {
            try native.update(index: index, seconds: seconds, bytes: bytes, layout: layout.record)
        }
    }

    /// Ends the hasher, and returns the hashed frames in the order of their numbers.
    ///
    /// - Throws: ``OwnprintError`` with the code `io` if it was called before.
    public func finalize() throws(OwnprintError) -> [VPDQFrame] {
        try translating { try native.finalize().map(VPDQFrame.init) }
    }
}

/// The layout of a frame in one buffer.
public struct FrameLayout: Sendable, Hashable {
    /// Pixels in a row.
    public var width: Int
    /// Number of rows.
    public var height: Int
    /// The planes.
    public var planes: Planes

    /// Creates a layout.
    public init(width: Int, height: Int, planes: Planes) {
        self.width = width
        self.height = height
        self.planes = planes
    }

    /// The planes of a frame. A matrix or range that is `nil` is the core's default.
    public enum Planes: Sendable, Hashable {
        /// Luma, and the chroma planes Cb and Cr at half the width and height.
        case i420(
            luma: Plane, cb: Plane, cr: Plane, matrix: YUVMatrix? = nil, range: YUVRange? = nil)
        /// Luma, and interleaved chroma at half the width and height.
        case nv12(luma: Plane, chroma: Plane, matrix: YUVMatrix? = nil, range: YUVRange? = nil)
        /// Whole pixels.
        case packed(PixelFormat, Plane)
    }

    /// The position of a plane's rows in the buffer.
    public struct Plane: Sendable, Hashable {
        /// Byte offset of the first row.
        public var offset: Int
        /// Bytes from the start of one row to the start of the next.
        public var stride: Int

        /// Creates a plane.
        public init(offset: Int, stride: Int) {
            self.offset = offset
            self.stride = stride
        }
    }
}

/// The color matrix of YUV samples.
public enum YUVMatrix: Sendable, Hashable, CaseIterable {
    /// ITU-R BT.601.
    case bt601
    /// ITU-R BT.709, of most HD videos.
    case bt709
}

/// The value range of YUV samples.
public enum YUVRange: Sendable, Hashable, CaseIterable {
    /// Luma from 16 to 235, chroma from 16 to 240.
    case limited
    /// 0 to 255.
    case full
}
