import Foundation
internal import OwnprintGenerated

/// vPDQ of a video whose frames somebody else decodes: it says which it wants, and takes them.
///
/// ```swift
/// let hasher = try VPDQHasher.bySeconds()
/// for (index, frame) in frames.enumerated() where try hasher.wants(UInt64(index), seconds: frame.seconds) {
///     try hasher.push(UInt64(index), seconds: frame.seconds, bytes: frame.bytes, layout: frame.layout)
/// }
/// let features = try hasher.finish().map(\.feature)
/// ```
///
/// May be used from any thread, for one video. Calls compute on the thread that makes them, some milliseconds a frame. Memory is that of one frame and
/// the hashes. Decoders differ in a few bits, so the hashes of one video by two decoders do, too, by far less than what videos are compared by.
public final class VPDQHasher: Sendable {
    private let native: OwnprintGenerated.VpdqHasher

    private init(_ native: OwnprintGenerated.VpdqHasher) {
        self.native = native
    }

    /// The reference's rule: every `trunc(secondsPerHash * framesPerSecond)`-th frame, at least every one; a frame's time is its number over
    /// the rate. With `prune`, a frame is skipped whose hash is at most so many bits from that of the last one kept. `limits` are those of a
    /// frame.
    ///
    /// Throws `invalid-video` for a rate that is not above 0, or seconds below 0.
    public static func byFrames(
        framesPerSecond: Double, secondsPerHash: Double = 1, prune: UInt32? = nil, limits: Limits = Limits()
    ) throws(OwnprintError) -> VPDQHasher {
        VPDQHasher(
            try translating {
                try .byFrames(
                    framesPerSecond: framesPerSecond, secondsPerHash: secondsPerHash, prune: prune,
                    limits: limits.record)
            })
    }

    /// For players that seek, and for videos of no steady rate: the first frame at or behind each multiple of `secondsPerHash`, with its own
    /// time.
    ///
    /// Throws `invalid-video`.
    public static func bySeconds(
        _ secondsPerHash: Double = 1, prune: UInt32? = nil, limits: Limits = Limits()
    ) throws(OwnprintError) -> VPDQHasher {
        VPDQHasher(
            try translating {
                try .bySeconds(secondsPerHash: secondsPerHash, prune: prune, limits: limits.record)
            })
    }

    /// Whether a frame, numbered from 0 in the order in which frames are shown, is to be pushed.
    ///
    /// Throws `io` once ``finish()`` was called.
    public func wants(_ index: UInt64, seconds: Double) throws(OwnprintError) -> Bool {
        try translating { try native.wants(index: index, seconds: seconds) }
    }

    /// Hashes a frame where it lies; one that is not wanted is passed over.
    ///
    /// Throws `invalid-pixels` when layout and bytes do not fit together, `limit-exceeded`, `invalid-video` for a time that is negative or
    /// none, and `io` once ``finish()`` was called.
    public func push(
        _ index: UInt64, seconds: Double, bytes: Data, layout: FrameLayout
    ) throws(OwnprintError) {
        try translating { try native.push(index: index, seconds: seconds, bytes: bytes, layout: layout.record) }
    }

    /// The frames that were hashed, in the order of their numbers.
    ///
    /// Throws `io` when it was called before.
    public func finish() throws(OwnprintError) -> [VPDQFrame] {
        try translating { try native.finish() }.map {
            VPDQFrame(frame: $0.frame, feature: VPDQFeature($0.feature))
        }
    }
}

/// How the bytes of a frame stand in one buffer.
public struct FrameLayout: Sendable, Hashable {
    /// What the planes hold.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// Luma, then blue- and red-difference, these at half the width and height.
        case i420
        /// Luma, then both differences in turn.
        case nv12
        /// Pixels, as those of ``PixelLayout/Format``.
        case rgb8, rgba8, bgra8, l8
    }

    /// How luma and differences become colours.
    public enum Matrix: String, Sendable, Hashable, CaseIterable {
        /// The usual one, and what is meant where a video says nothing.
        case bt601
        /// That of most videos in HD.
        case bt709
    }

    /// What black and white are.
    public enum Range: String, Sendable, Hashable, CaseIterable {
        /// 16 and 235: the usual one.
        case limited
        /// 0 and 255.
        case full
    }

    /// Where a plane's rows stand.
    public struct Plane: Sendable, Hashable {
        /// The first row's place in the buffer, in bytes.
        public var offset: UInt64
        /// Bytes from the start of one row to the start of the next.
        public var stride: UInt32

        /// A plane.
        public init(offset: UInt64, stride: UInt32) {
            self.offset = offset
            self.stride = stride
        }
    }

    /// What the planes hold.
    public var format: Format
    /// Pixels a row.
    public var width: UInt32
    /// Rows.
    public var height: UInt32
    /// The planes, in the format's order; pixels are one.
    public var planes: [Plane]
    /// Of `i420` and `nv12` alone.
    public var matrix: Matrix
    /// Of `i420` and `nv12` alone.
    public var range: Range

    /// A layout.
    public init(
        format: Format, width: UInt32, height: UInt32, planes: [Plane], matrix: Matrix = .bt601,
        range: Range = .limited
    ) {
        self.format = format
        self.width = width
        self.height = height
        self.planes = planes
        self.matrix = matrix
        self.range = range
    }
}

/// How much of two videos is in each other, by python-threatexchange's parameters: frames of quality 50 and more, up to 31 bits apart.
public struct VideoComparison: Sendable, Hashable {
    /// Per cent of the query's frames that the compared video has.
    public let queryPercent: Double
    /// Per cent of the compared video's frames that the query has.
    public let comparedPercent: Double
    /// Whether the query is taken for a part of the compared video: 80 per cent of it are there.
    public let isMatch: Bool
}

/// Compares the video that is asked about with one of a list.
///
/// Throws `not-comparable`, `invalid-hash`, or `invalid-record` for features that are none.
public func compareVideos(
    _ query: [VPDQFeature], with compared: [VPDQFeature]
) throws(OwnprintError) -> VideoComparison {
    let found = try translating {
        try OwnprintGenerated.compareVideos(query: query.map(\.record), compared: compared.map(\.record))
    }
    return VideoComparison(
        queryPercent: found.queryPercent, comparedPercent: found.comparedPercent, isMatch: found.isMatch)
}

extension FrameLayout {
    var record: OwnprintGenerated.FrameLayout {
        // Of pixels nothing is converted, and a layout of them that names a matrix is refused.
        let isYuv = format == .i420 || format == .nv12
        return OwnprintGenerated.FrameLayout(
            format: format.rawValue, width: width, height: height,
            planes: planes.map { OwnprintGenerated.PlaneLayout(offset: $0.offset, stride: $0.stride) },
            matrix: isYuv ? matrix.rawValue : nil, range: isYuv ? range.rawValue : nil)
    }
}
