// vPDQ of frames: the vectors, and invalid input.

import Foundation
import Ownprint
import Testing

private struct Videos: Decodable {
    let frames: [Frame]
    let by_frames: [Rule]
    let by_seconds: [Rule]
    let comparisons: [Pair]

    struct Frame: Decodable {
        let format: String
        let width: Int
        let height: Int
        let padding: Int
        let matrix: String?
        let range: String?
        let hex: String
        let quality: Int
    }

    struct Rule: Decodable {
        let frames_per_second: Double?
        let seconds_per_hash: Double
        let frames: Int?
        let times: [Double]?
        let taken: [Int]
    }

    struct Pair: Decodable {
        let query: [Feature]
        let compared: [Feature]
        let query_percent: Double
        let compared_percent: Double
        let is_match: Bool
    }

    struct Feature: Decodable {
        let hex: String
        let quality: Int
        let seconds: Double
    }
}

private func videos() throws -> Videos {
    let file = Places.vectors.appendingPathComponent("videos.json")
    return try JSONDecoder().decode(Videos.self, from: Data(contentsOf: file))
}

@Suite("videos")
struct VideoTests {
    @Test("frames of every layout")
    func frames() throws {
        let frames = try videos().frames
        #expect(frames.count > 80)
        for frame in frames {
            let (bytes, layout) = try painted(frame)
            let hasher = try VPDQHasher.byFrames(framesPerSecond: 1)
            try hasher.update(0, seconds: 0, bytes: bytes, layout: layout)
            let hashed = try hasher.finalize()
            #expect(hashed.map(\.feature.hex) == [frame.hex], "\(frame)")
            #expect(hashed.map(\.feature.quality) == [frame.quality], "\(frame)")
        }
    }

    @Test("frames are selected by both rules")
    func rules() throws {
        let videos = try videos()
        let gray = FrameLayout(
            width: 24, height: 24, planes: .packed(.l8, .init(offset: 0, stride: 24)))
        for rule in videos.by_frames + videos.by_seconds {
            let hasher: VPDQHasher
            let times: [Double]
            if let rate = rule.frames_per_second, let count = rule.frames {
                hasher = try .byFrames(
                    framesPerSecond: rate, secondsPerHash: rule.seconds_per_hash)
                times = (0..<count).map { Double($0) / rate }
            } else {
                hasher = try .bySeconds(rule.seconds_per_hash)
                times = try #require(rule.times)
            }
            for (index, seconds) in times.enumerated() {
                guard try hasher.wants(index, seconds: seconds) else { continue }
                try hasher.update(
                    index, seconds: seconds, bytes: Data(count: 24 * 24), layout: gray)
            }
            let hashed = try hasher.finalize()
            #expect(hashed.map(\.frame) == rule.taken, "\(rule)")
            #expect(hashed.allSatisfy { abs($0.feature.seconds - times[$0.frame]) < 1e-6 })
        }
    }

    @Test("videos are compared like in the vectors")
    func comparisons() throws {
        let pairs = try videos().comparisons
        #expect(pairs.count > 5)
        let features = { (video: [Videos.Feature]) in
            video.map { VPDQFeature(hex: $0.hex, quality: $0.quality, seconds: $0.seconds) }
        }
        for pair in pairs {
            let found = try VPDQFeature.compare(
                features(pair.query), with: features(pair.compared))
            #expect(abs(found.queryPercent - pair.query_percent) < 1e-9)
            #expect(abs(found.comparedPercent - pair.compared_percent) < 1e-9)
            #expect(found.isMatch == pair.is_match)
        }
    }

    @Test("similar frames are skipped on request")
    func pruning() throws {
        let (bytes, layout) = try painted(try videos().frames[0])
        let hasher = try VPDQHasher.bySeconds(0, prune: 0)
        for index in 0..<4 {
            try hasher.update(
                index, seconds: Double(index) / 25, bytes: bytes, layout: layout)
        }
        #expect(try hasher.finalize().map(\.frame) == [0])
    }

    @Test("invalid layouts, times and hashes are refused")
    func refusals() throws {
        let hasher = try VPDQHasher.bySeconds()
        let frame = Data(count: 96 * 80 * 2)
        let plane = FrameLayout.Plane(offset: 0, stride: 96)
        let wide = FrameLayout.Plane(offset: 0, stride: 960)
        let end = FrameLayout.Plane(offset: frame.count, stride: 96)
        let farthest = FrameLayout.Plane(offset: .max, stride: 96)
        let negative = FrameLayout.Plane(offset: -1, stride: 96)
        for layout in [
            FrameLayout(width: 96, height: 80, planes: .nv12(luma: plane, chroma: end)),
            FrameLayout(width: 96, height: 80, planes: .i420(luma: plane, cb: plane, cr: end)),
            FrameLayout(width: 960, height: 800, planes: .packed(.l8, wide)),
            FrameLayout(width: 96, height: 80, planes: .packed(.l8, farthest)),
            FrameLayout(width: 96, height: 80, planes: .packed(.l8, negative)),
            FrameLayout(width: -96, height: 80, planes: .packed(.l8, plane)),
            FrameLayout(width: 96, height: 80, planes: .packed(.rgb8, plane)),
        ] {
            let error = thrown {
                try hasher.update(0, seconds: 0, bytes: frame, layout: layout)
            }
            #expect(error?.code == "invalid-pixels", "\(layout)")
        }
        #expect(try hasher.finalize().isEmpty)
        #expect(thrown { _ = try hasher.wants(0, seconds: 0) }?.code == "io")
        #expect(thrown { _ = try hasher.finalize() }?.code == "io")
        let limited = try VPDQHasher.bySeconds(limits: Limits(height: 79))
        let fits = FrameLayout(width: 96, height: 80, planes: .packed(.l8, plane))
        let error = thrown { try limited.update(0, seconds: 0, bytes: frame, layout: fits) }
        #expect(thrown { _ = try limited.wants(-1, seconds: 0) }?.code == "invalid-video")
        #expect(error?.code == "limit-exceeded")
        let still = thrown { _ = try VPDQHasher.byFrames(framesPerSecond: 0) }
        #expect(still?.code == "invalid-video")
        #expect(thrown { _ = try VPDQHasher.bySeconds(.nan) }?.code == "invalid-video")
        let noHash = [VPDQFeature(hex: "00", quality: 100, seconds: 0)]
        let comparing = thrown { _ = try VPDQFeature.compare(noHash, with: noHash) }
        #expect(comparing?.code == "not-comparable")
    }
}

/// A frame by the formulas of `conformance/python/video_vectors.py`.
private func painted(_ frame: Videos.Frame) throws -> (Data, FrameLayout) {
    typealias Sample = (_ x: Int, _ y: Int) -> Int
    let luma: Sample = { x, y in 3 * x + 2 * y + (x / 9) * (y / 7) * 40 }
    let blue: Sample = { x, y in 5 * x + 3 * y + x * y / 9 }
    let red: Sample = { x, y in 2000 + 7 * y - 2 * x }
    let (width, height) = (frame.width, frame.height)
    let (columns, rows) = ((width + 1) / 2, (height + 1) / 2)
    let planes: [(width: Int, height: Int, sample: Sample)]
    switch frame.format {
    case "i420": planes = [(width, height, luma), (columns, rows, blue), (columns, rows, red)]
    case "nv12":
        let both: Sample = { x, y in x % 2 == 0 ? blue(x / 2, y) : red(x / 2, y) }
        planes = [(width, height, luma), (2 * columns, rows, both)]
    case "l8": planes = [(width, height, luma)]
    default:
        let colors = frame.format == "bgra8" ? [red, blue, luma] : [luma, blue, red]
        let bytes = frame.format == "rgb8" ? 3 : 4
        let pixel: Sample = { x, y in x % bytes < 3 ? colors[x % bytes](x / bytes, y) : 17 }
        planes = [(bytes * width, height, pixel)]
    }
    var bytes = Data()
    var layouts: [FrameLayout.Plane] = []
    for plane in planes {
        let stride = plane.width + frame.padding
        layouts.append(.init(offset: bytes.count, stride: stride))
        for y in 0..<plane.height {
            bytes.append(
                contentsOf: (0..<stride).map { x in
                    UInt8(truncatingIfNeeded: x < plane.width ? plane.sample(x, y) : 238)
                })
        }
    }
    let layout = FrameLayout(width: width, height: height, planes: try named(frame, layouts))
    return (bytes, layout)
}

/// The planes of a vector.
private func named(
    _ frame: Videos.Frame, _ planes: [FrameLayout.Plane]
) throws -> FrameLayout.Planes {
    let matrices: [String: YUVMatrix] = ["bt601": .bt601, "bt709": .bt709]
    let ranges: [String: YUVRange] = ["limited": .limited, "full": .full]
    let formats: [String: PixelFormat] = [
        "rgb8": .rgb8, "rgba8": .rgba8, "bgra8": .bgra8, "l8": .l8,
    ]
    let matrix = try frame.matrix.map { try #require(matrices[$0]) }
    let range = try frame.range.map { try #require(ranges[$0]) }
    switch frame.format {
    case "i420":
        return .i420(luma: planes[0], cb: planes[1], cr: planes[2], matrix: matrix, range: range)
    case "nv12": return .nv12(luma: planes[0], chroma: planes[1], matrix: matrix, range: range)
    default: return .packed(try #require(formats[frame.format]), planes[0])
    }
}
