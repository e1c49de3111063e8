internal import OwnprintGenerated

/// A video and the PDQ hashes of its frames.
public struct VideoFingerprint: Sendable, Hashable {
    /// The stable name of the container: `mp4`, `mov`, `webm` or `matroska`.
    public var format: String
    /// The stable name of the codec: `h264`, `hevc`, `vp9`, `vp8` or `av1`.
    public var codec: String
    /// Pixels in a row, as stored; vPDQ applies no rotation.
    public var width: Int
    /// Number of rows, as stored.
    public var height: Int
    /// Number of frames that the container lists.
    public var frames: Int
    /// The average frame rate.
    public var frameRate: FrameRate
    /// Whether only part of the video could be decoded.
    public var isDamaged: Bool
    /// The frames that were hashed.
    public var vpdq: [VPDQFrame]

    /// A frame rate as a fraction of frames a second, such as 30000/1001.
    public struct FrameRate: Sendable, Hashable {
        /// Frames.
        public var numerator: Int
        /// The seconds that these frames take.
        public var denominator: Int

        /// Creates a frame rate.
        public init(numerator: Int, denominator: Int) {
            self.numerator = numerator
            self.denominator = denominator
        }
    }

    /// Creates the description of a video.
    public init(
        format: String, codec: String, width: Int, height: Int, frames: Int, frameRate: FrameRate,
        isDamaged: Bool = false, vpdq: [VPDQFrame]
    ) {
        self.format = format
        self.codec = codec
        self.width = width
        self.height = height
        self.frames = frames
        self.frameRate = frameRate
        self.isDamaged = isDamaged
        self.vpdq = vpdq
    }
}

/// The PDQ hash of a frame, with its quality and time.
public struct VPDQFeature: Sendable, Hashable {
    /// The hash in 64 hexadecimal digits.
    public var hex: String
    /// The quality of the frame, 0 to 100; comparisons of videos skip frames below 50.
    public var quality: Int
    /// Seconds from the video's start.
    public var seconds: Double

    /// Creates a feature.
    public init(hex: String, quality: Int, seconds: Double) {
        self.hex = hex
        self.quality = quality
        self.seconds = seconds
    }

    /// Reads the features of a video from python-threatexchange's JSON: a list of strings
    /// `HASH,QUALITY,SECONDS`.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column.
    public static func list(json text: String) throws(OwnprintError) -> [VPDQFeature] {
        try translating { try OwnprintGenerated.readVpdqFeatures(text: text) }.map(VPDQFeature.init)
    }

    /// Returns the features of a video as python-threatexchange writes them. Times are rounded to
    /// three significant digits; a quality outside 0 to 100 becomes the nearest value inside.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-hash`, `not-comparable`, or
    ///   `invalid-record` for a time that is negative or not finite.
    public static func json(_ features: [VPDQFeature]) throws(OwnprintError) -> String {
        try translating {
            try OwnprintGenerated.writeVpdqFeatures(features: features.map(\.record))
        }
    }
}

/// A feature with the number of its frame.
public struct VPDQFrame: Sendable, Hashable {
    /// The number of the frame, from 0.
    public var frame: Int
    /// The hash, quality and time of the frame.
    public var feature: VPDQFeature

    /// Creates a frame.
    public init(frame: Int, feature: VPDQFeature) {
        self.frame = frame
        self.feature = feature
    }

    /// Reads one line of vPDQ's text format: `FRAME,QUALITY,HASH,SECONDS`.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column.
    public init(line: String) throws(OwnprintError) {
        try self.init(translating { try OwnprintGenerated.readVpdqFrame(line: line) })
    }

    /// Returns the line of this frame, without a line break. Times are rounded to milliseconds.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-hash`, `not-comparable`, or
    ///   `invalid-record` for a number or time that is negative or not finite.
    public func line() throws(OwnprintError) -> String {
        try translating { try OwnprintGenerated.writeVpdqFrame(frame: record()) }
    }
}

/// How many frames two videos have in common, by python-threatexchange's parameters.
public struct VideoComparison: Sendable, Hashable {
    /// Percentage of the query's frames that match a frame of the compared video.
    public let queryPercent: Double
    /// Percentage of the compared video's frames that match a frame of the query.
    public let comparedPercent: Double
    /// Whether the videos match.
    public let isMatch: Bool

    init(_ comparison: OwnprintGenerated.VideoComparison) {
        queryPercent = comparison.queryPercent
        comparedPercent = comparison.comparedPercent
        isMatch = comparison.isMatch
    }
}

/// The thresholds at which two frames, and two videos, match. A threshold that is `nil` keeps the
/// core's default.
public struct VideoThresholds: Sendable, Hashable {
    /// The minimum quality of a frame, 0 to 100; a value outside becomes the nearest one inside.
    public var quality: Int?
    /// The largest distance of two frames that match, in bits.
    public var distance: Int?
    /// The percentage of the query's frames that must be in the compared video.
    public var queryPercent: Double?
    /// The percentage of the compared video's frames that must be in the query.
    public var comparedPercent: Double?

    /// Creates thresholds; omitted ones keep the core's defaults.
    public init(
        quality: Int? = nil, distance: Int? = nil, queryPercent: Double? = nil,
        comparedPercent: Double? = nil
    ) {
        self.quality = quality
        self.distance = distance
        self.queryPercent = queryPercent
        self.comparedPercent = comparedPercent
    }

    var record: OwnprintGenerated.VideoThresholds {
        OwnprintGenerated.VideoThresholds(
            quality: quality.map { UInt8(clamping: $0) },
            distance: distance.map { UInt32(clamping: $0) },
            queryPercent: queryPercent, comparedPercent: comparedPercent)
    }
}
