import Foundation
import Ownprint
import Testing

@Suite("cancellation and threads") struct CancellationTests {
    private let jpeg = Places.images.appendingPathComponent("lake.jpg")

    @Test("a task that is already cancelled reads nothing")
    func before() async throws {
        let fingerprinter = try Fingerprinter()
        let reads = Locked(0)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await fingerprinter.fingerprint { _ in
                reads.change { $0 += 1 }
                return Data()
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(reads.current == 0)
    }

    @Test("a stream without end stops being read")
    func during() async throws {
        let fingerprinter = try Fingerprinter()
        let (begun, reads) = (AsyncStream<Void>.makeStream(), Locked(0))
        let task = Task {
            try await fingerprinter.digests { limit in
                reads.change { $0 += 1 }
                begun.continuation.yield()
                return Data(count: limit)
            }
        }
        for await _ in begun.stream.prefix(8) {}
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let read = reads.current
        try await Task.sleep(for: .milliseconds(100))
        #expect(reads.current == read && read >= 8)
    }

    @Test("progress may cancel, too")
    func fromProgress() async throws {
        let fingerprinter = try Fingerprinter(Options(hashes: [], digests: [.md5]))
        let (last, task) = (Locked(0), Locked<Task<Fingerprint, any Error>?>(nil))
        let total = 64 << 20
        task.change {
            $0 = Task {
                try await fingerprinter.fingerprint(data: Data(count: total)) { bytesRead in
                    last.change { $0 = bytesRead }
                    task.current?.cancel()
                }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.current?.value }
        #expect(last.current > 0 && last.current < total)
    }

    @Test("a pending call ends at once; tasks of the app continue")
    func whileWaiting() async throws {
        let fingerprinter = try Fingerprinter()
        // More calls than this package has threads; none of them returns.
        let busy = max(2, ProcessInfo.processInfo.activeProcessorCount) + 4
        let gate = DispatchSemaphore(value: 0)
        let held = (0..<busy).map { _ in
            Task {
                try await fingerprinter.digests { _ in
                    gate.wait()
                    return Data()
                }
            }
        }
        defer { for _ in held { gate.signal() } }
        let waiting = Task { try await fingerprinter.fingerprint(contentsOf: jpeg) }
        try await Task.sleep(for: .milliseconds(100))
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(await Task { 1 + 1 }.value == 2)
        for _ in held { gate.signal() }
        for task in held { #expect(try await task.value.count == 3) }
    }

    @Test("a call from the main actor works on another thread") @MainActor
    func otherThread() async throws {
        let onMain = Locked<[Bool]>([])
        let fingerprint = try await Fingerprinter().fingerprint(contentsOf: jpeg) { _ in
            onMain.change { $0.append(Thread.isMainThread) }
        }
        #expect(fingerprint.hash(.pdq) != nil)
        #expect(onMain.current == [false])
    }

    @Test("sixteen tasks at once return what one returns")
    func sixteenTasks() async throws {
        let fingerprinter = try Fingerprinter(.all)
        let files = try Places.files(below: Places.images)
        var alone: [Fingerprint] = []
        for file in files { alone.append(try await fingerprinter.fingerprint(contentsOf: file)) }
        let expected = alone
        let same = try await withThrowingTaskGroup(of: [Fingerprint].self) { group in
            for start in 0..<16 {
                group.addTask {
                    var results = expected
                    for at in files.indices {
                        // Each begins with another file.
                        let index = (at + start) % files.count
                        let data = try Data(contentsOf: files[index])
                        results[index] = try await fingerprinter.fingerprint(data: data)
                    }
                    return results
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 == expected ? 1 : 0 }
        }
        #expect(same == 16)
    }
}
