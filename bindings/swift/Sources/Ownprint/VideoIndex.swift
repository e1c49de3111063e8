import Foundation
internal import OwnprintGenerated

/// Videos in memory, each with a text. A query finds those that have its frames. The results equal
/// those of ``VPDQFeature/compare(_:with:thresholds:)`` with every video of the index.
///
/// ```swift
/// let index = try VideoIndex()
/// try index.insert(list: Data(contentsOf: list))
/// for hit in try index.matches(features) { print(hit.payload, hit.comparison.queryPercent) }
/// ```
///
/// The index may be used from any number of threads at once. Calls compute on the calling thread.
public final class VideoIndex: Sendable {
    /// A video that a search found.
    public struct Hit: Sendable, Hashable {
        /// The number of the video.
        public let video: Int
        /// The text that was inserted with it.
        public let payload: String
        /// The comparison of the query with the video.
        public let comparison: VideoComparison
    }

    private let native: OwnprintGenerated.VideoIndex

    /// Creates an empty index of frames of a minimum quality, 0 to 100. `nil` is the core's
    /// default.
    public init(quality: Int? = nil) throws(OwnprintError) {
        native = try translating {
            try OwnprintGenerated.VideoIndex(quality: quality.map { UInt8(clamping: $0) })
        }
    }

    /// Loads an index that was saved to a file. Its videos are renumbered from 0, in the order in
    /// which they were inserted.
    ///
    /// - Throws: ``OwnprintError`` with the code `io`, or `invalid-index` for a file that is
    ///   truncated or altered, or an index of hashes.
    public init(contentsOf file: URL) throws(OwnprintError) {
        native = try translating { try OwnprintGenerated.VideoIndex.load(path: file.path) }
    }

    /// The minimum quality of the frames in the index.
    public var quality: Int { Int(native.quality()) }

    /// Number of videos.
    public var count: Int { Int(clamping: native.count()) }

    /// Number of hashes: of each video, the distinct ones of sufficient quality.
    public var frames: Int { Int(clamping: native.frames()) }

    /// Inserts a video with a text, and returns its number. The numbers are 0, 1, 2, …
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-hash`, `not-comparable` or
    ///   `invalid-video`.
    @discardableResult
    public func insert(_ video: [VPDQFeature], payload: String = "") throws(OwnprintError) -> Int {
        Int(try translating { try native.insert(video: video.map(\.record), payload: payload) })
    }

    /// Inserts the videos of a list, with their names, and returns their number. The list is JSON
    /// lines or CSV as the command line writes them, the lines of vPDQ, or the JSON of
    /// python-threatexchange. If a line is invalid, none is inserted.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-record`, with line and column.
    @discardableResult
    public func insert(list: Data) throws(OwnprintError) -> Int {
        Int(clamping: try translating { try native.insertList(list: list) })
    }

    /// Removes a video and returns its text; `nil` if there is no video with that number.
    @discardableResult
    public func remove(_ video: Int) -> String? {
        UInt32(exactly: video).flatMap { native.remove(video: $0) }
    }

    /// Returns every video that a query matches, the best one first.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-hash`, `invalid-video`, or
    ///   `not-comparable`, also if the minimum quality is below that of the index.
    public func matches(
        _ query: [VPDQFeature], thresholds: VideoThresholds = VideoThresholds()
    ) throws(OwnprintError) -> [Hit] {
        let hits = try translating {
            try native.matches(query: query.map(\.record), thresholds: thresholds.record)
        }
        return hits.map {
            Hit(
                video: Int($0.video), payload: $0.payload,
                comparison: VideoComparison($0.comparison))
        }
    }

    /// Returns the videos that match others, in groups: a video that matches a member, or that a
    /// member matches, is a member.
    ///
    /// - Throws: ``OwnprintError`` with the code `not-comparable` if the minimum quality is below
    ///   that of the index.
    public func groups(
        thresholds: VideoThresholds = VideoThresholds()
    ) throws(OwnprintError) -> [[Int]] {
        try translating { try native.groups(thresholds: thresholds.record) }.map { $0.map { Int($0) } }
    }

    /// Saves the index to a file, with a checksum. An existing file is replaced.
    ///
    /// - Throws: ``OwnprintError`` with the code `io`.
    public func save(to file: URL) throws(OwnprintError) {
        try translating { try native.save(path: file.path) }
    }
}
