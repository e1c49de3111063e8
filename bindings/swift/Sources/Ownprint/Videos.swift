import Foundation
internal import OwnprintGenerated

/// vPDQ of a video whose frames somebody else decodes: it says which it wants, and takes them.
///
/// ```swift
/// let hasher = try VPDQHasher.bySeconds()
/// for (index, frame) in frames.enumerated() where try hasher.wants(UInt64(index), seconds: frame.seconds) {
///     try hasher.update(UInt64(index), seconds: frame.seconds, bytes: frame.bytes, layout: frame.layout)
/// }
/// let features = try hasher.finalize().map(\.feature)
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
        framesPerSecond: Double, secondsPerHash: Double? = nil, prune: UInt32? = nil, limits: Limits = Limits()
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
        _ secondsPerHash: Double? = nil, prune: UInt32? = nil, limits: Limits = Limits()
    ) throws(OwnprintError) -> VPDQHasher {
        VPDQHasher(
            try translating {
                try .bySeconds(secondsPerHash: secondsPerHash, prune: prune, limits: limits.record)
            })
    }

    /// Whether a frame, numbered from 0 in the order in which frames are shown, is to be pushed.
    ///
    /// Throws `io` once ``finalize()`` was called.
    public func wants(_ index: UInt64, seconds: Double) throws(OwnprintError) -> Bool {
        try translating { try native.wants(index: index, seconds: seconds) }
    }

    /// Hashes a frame where it lies; one that is not wanted is passed over.
    ///
    /// Throws `invalid-pixels` when layout and bytes do not fit together, `limit-exceeded`, `invalid-video` for a time that is negative or
    /// none, and `io` once ``finalize()`` was called.
    public func update(
        _ index: UInt64, seconds: Double, bytes: Data, layout: FrameLayout
    ) throws(OwnprintError) {
        try translating { try native.update(index: index, seconds: seconds, bytes: bytes, layout: layout.record) }
    }

    /// The frames that were hashed, in the order of their numbers.
    ///
    /// Throws `io` when it was called before.
    public func finalize() throws(OwnprintError) -> [VPDQFrame] {
        try translating { try native.finalize() }.map {
            VPDQFrame(frame: $0.frame, feature: VPDQFeature($0.feature))
        }
    }
}

/// The layout of a frame in one buffer.
public struct FrameLayout: Sendable, Hashable {
    /// The planes of a frame.
    public enum Planes: Sendable, Hashable {
        /// Luma, and two chroma planes of half the width and height.
        case i420(luma: Plane, cb: Plane, cr: Plane, matrix: Matrix? = nil, range: Range? = nil)
        /// Luma, and one plane of interleaved chroma of half the width and height.
        case nv12(luma: Plane, chroma: Plane, matrix: Matrix? = nil, range: Range? = nil)
        /// Whole pixels.
        case packed(PixelLayout.Format, Plane)
    }

    /// The color matrix of YUV samples.
    public enum Matrix: String, Sendable, Hashable, CaseIterable {
        /// ITU-R BT.601.
        case bt601
        /// ITU-R BT.709.
        case bt709
    }

    /// The value range of YUV samples.
    public enum Range: String, Sendable, Hashable, CaseIterable {
        /// Luma from 16 to 235, chroma from 16 to 240.
        case limited
        /// 0 to 255.
        case full
    }

    /// The position of a plane's rows in a buffer.
    public struct Plane: Sendable, Hashable {
        /// Byte offset of the first row.
        public var offset: UInt64
        /// Bytes from the start of one row to the start of the next.
        public var stride: UInt32

        /// A plane.
        public init(offset: UInt64, stride: UInt32) {
            self.offset = offset
            self.stride = stride
        }
    }

    /// Pixels in a row.
    public var width: UInt32
    /// Number of rows.
    public var height: UInt32
    /// The planes.
    public var planes: Planes

    /// A layout.
    public init(width: UInt32, height: UInt32, planes: Planes) {
        self.width = width
        self.height = height
        self.planes = planes
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
        OwnprintGenerated.FrameLayout(width: width, height: height, planes: planes.record)
    }
}

extension FrameLayout.Planes {
    fileprivate var record: OwnprintGenerated.FramePlanes {
        switch self {
        case .i420(let luma, let cb, let cr, let matrix, let range):
            .i420(
                luma: luma.record, cb: cb.record, cr: cr.record, matrix: matrix?.record, range: range?.record)
        case .nv12(let luma, let chroma, let matrix, let range):
            .nv12(luma: luma.record, chroma: chroma.record, matrix: matrix?.record, range: range?.record)
        case .packed(let format, let plane):
            .packed(format: format.record, plane: plane.record)
        }
    }
}

extension FrameLayout.Plane {
    fileprivate var record: OwnprintGenerated.PlaneLayout {
        OwnprintGenerated.PlaneLayout(offset: offset, stride: stride)
    }
}

extension FrameLayout.Matrix {
    fileprivate var record: OwnprintGenerated.YuvMatrix {
        switch self {
        case .bt601: .bt601
        case .bt709: .bt709
        }
    }
}

extension FrameLayout.Range {
    fileprivate var record: OwnprintGenerated.YuvRange {
        switch self {
        case .limited: .limited
        case .full: .full
        }
    }
}
