import Foundation
import Ownprint
import Testing

@Suite("the index of videos") struct VideoIndexTests {
    private func feature(_ byte: String, quality: Int = 100) -> VPDQFeature {
        VPDQFeature(hex: String(repeating: byte, count: 32), quality: quality, seconds: 0)
    }

    private var videos: [[VPDQFeature]] {
        [
            [feature("0f"), feature("55"), feature("a0", quality: 10)],
            [feature("0f"), feature("ff")],
            [feature("33")],
        ]
    }

    @Test("matches equal those of comparing every video")
    func matching() throws {
        let index = try VideoIndex()
        for (number, video) in videos.enumerated() {
            #expect(try index.insert(video, payload: "video \(number)") == number)
        }
        #expect(index.count == 3 && index.frames == 5 && index.quality == 50)
        let half = VideoThresholds(queryPercent: 50)
        for thresholds in [VideoThresholds(), half] {
            for query in videos {
                let found = try index.matches(query, thresholds: thresholds)
                for (number, video) in videos.enumerated() {
                    let expected = try VPDQFeature.compare(
                        query, with: video, thresholds: thresholds)
                    let hit = found.first { $0.video == number }
                    #expect((hit != nil) == expected.isMatch)
                    #expect(hit == nil || hit?.comparison == expected)
                    #expect(hit == nil || hit?.payload == "video \(number)")
                }
            }
        }
        #expect(try index.groups(thresholds: half) == [[0, 1]])
        #expect(index.remove(1) == "video 1" && index.remove(1) == nil)
    }

    @Test("a saved index is loaded")
    func saving() throws {
        let folder = try Places.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("videos")
        let index = try VideoIndex(quality: 5)
        try index.insert(videos[0], payload: "a")
        try index.save(to: file)
        let loaded = try VideoIndex(contentsOf: file)
        #expect(loaded.quality == 5 && loaded.frames == 3)
        let hits = try loaded.matches(videos[0], thresholds: VideoThresholds(quality: 5))
        #expect(hits.map(\.payload) == ["a"] && hits[0].comparison.comparedPercent == 100)
        #expect(thrown { _ = try HashIndex(contentsOf: file) }?.code == "invalid-index")
    }

    @Test("lists of videos are inserted, invalid input is refused")
    func lists() throws {
        let index = try VideoIndex()
        let json = try VPDQFeature.json(videos[1])
        #expect(try index.insert(list: Data(json.utf8)) == 1)
        let line = try VPDQFrame(frame: 0, feature: videos[2][0]).line()
        #expect(try index.insert(list: Data(line.utf8)) == 1)
        #expect(index.count == 2 && index.frames == 3)
        let cut = Data(line.utf8.dropLast(20))
        #expect(thrown { _ = try index.insert(list: cut) }?.code == "invalid-record")
        let low = VideoThresholds(quality: 49)
        #expect(
            thrown { _ = try index.matches(videos[0], thresholds: low) }?.code == "not-comparable")
    }
}
