import Foundation
import Ownprint
import Testing

@Suite("many files") struct ManyFilesTests {
    private let jpeg = Places.images.appendingPathComponent("lake.jpg")

    @Test("one bad file does not stop the rest")
    func badFiles() async throws {
        let files = [URL(fileURLWithPath: "/nowhere.jpg"), jpeg, Places.images, jpeg]
        for concurrency in [0, 1, 3, 100] {
            var codes: [Int: String] = [:]
            let fingerprinter = try Fingerprinter()
            for await result in fingerprinter.fingerprints(of: files, concurrency: concurrency) {
                switch result {
                case .success(let index, let url, let fingerprint):
                    codes[index] = fingerprint.image?.hashes.first?.algorithm.rawValue
                    #expect(url == result.url && index == result.index)
                case .failure(let index, _, let error): codes[index] = error.code
                }
            }
            #expect(codes == [0: "io", 1: "pdq", 2: "io", 3: "pdq"], "\(concurrency) at once")
        }
    }

    @Test("no files")
    func none() async throws {
        var count = 0
        for await _ in try Fingerprinter().fingerprints(of: []) { count += 1 }
        #expect(count == 0)
    }

    @Test("leaving the loop ends the work")
    func leaving() async throws {
        let files = Array(repeating: jpeg, count: 2000)
        let start = ContinuousClock.now
        for await result in try Fingerprinter().fingerprints(of: files) {
            #expect(throws: Never.self) { try result.get() }
            break
        }
        // Files still at work or pending would delay this call.
        _ = try await Fingerprinter().fingerprint(contentsOf: jpeg)
        let left = ContinuousClock.now - start
        let one = try await Self.time {
            _ = try await Fingerprinter().fingerprint(contentsOf: jpeg)
        }
        let all = one * files.count
        #expect(left < all / 4, "\(left) of \(all)")
    }

    @Test("cancelling the task that iterates ends the sequence")
    func cancelling() async throws {
        let files = Array(repeating: jpeg, count: 2000)
        let fingerprinter = try Fingerprinter()
        let task = Task {
            var count = 0
            for await _ in fingerprinter.fingerprints(of: files) {
                count += 1
                if count == 3 { withUnsafeCurrentTask { $0?.cancel() } }
            }
            return count
        }
        let count = await task.value
        #expect(count >= 3 && count < files.count)
    }

    private static func time(_ work: () async throws -> Void) async throws -> Duration {
        let start = ContinuousClock.now
        try await work()
        return ContinuousClock.now - start
    }
}
