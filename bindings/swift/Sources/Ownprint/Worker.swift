// Where the library's blocking calls run, and how a task that waits for one ends it.

import Foundation
internal import OwnprintGenerated

/// Threads of the package's own. Swift's cooperative pool has one thread a processor, and a thread of it that decodes or
/// waits for a disk would stop every other task of the app.
enum Worker {
    /// As many calls at once as there are processors; each may hold a decoded image.
    private static let queue: OperationQueue = {
        let queue = OperationQueue()
        queue.name = "ownprint"
        queue.maxConcurrentOperationCount = max(2, ProcessInfo.processInfo.activeProcessorCount)
        return queue
    }()

    /// Runs a blocking call on a thread of the package's, and ends it when the waiting task is cancelled.
    ///
    /// Throws `CancellationError` then, and else the call's ``OwnprintError``.
    static func run<Value: Sendable>(
        _ work: @escaping @Sendable (CancelToken) throws -> Value
    ) async throws -> Value {
        let call = Call<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard call.wait(continuation) else { return }
                let operation = BlockOperation { call.perform(work) }
                operation.qualityOfService = qualityOfService(Task.currentPriority)
                queue.addOperation(operation)
            }
        } onCancel: {
            call.cancel()
        }
    }

    /// A thread of lower quality than the task that waits for it would hold that task up.
    private static func qualityOfService(_ priority: TaskPriority) -> QualityOfService {
        switch priority {
        case .background: .background
        case .low, .utility: .utility
        case .high, .userInitiated: .userInitiated
        default: .default
        }
    }
}

/// One call, between the task that waits for it, the thread that runs it and whoever cancels it. The lock guards `state`.
private final class Call<Value: Sendable>: @unchecked Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Value, any Error>)
        case running(CheckedContinuation<Value, any Error>)
        case ended
    }

    private let token = CancelToken()
    private let lock = NSLock()
    private var state = State.new

    /// Takes the task's continuation; false when the call was cancelled before.
    func wait(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let isWanted = lock.withLock {
            guard case .new = state else { return false }
            state = .waiting(continuation)
            return true
        }
        if !isWanted { continuation.resume(throwing: CancellationError()) }
        return isWanted
    }

    /// Does the work, unless nobody waits for it any more.
    func perform(_ work: (CancelToken) throws -> Value) {
        let continuation: CheckedContinuation<Value, any Error>? = lock.withLock {
            guard case .waiting(let continuation) = state else { return nil }
            state = .running(continuation)
            return continuation
        }
        guard let continuation else { return }
        let result = Result { () throws -> Value in
            do {
                return try translating { try work(token) }
            } catch let error as OwnprintError where error.code == "cancelled" {
                throw CancellationError()
            }
        }
        lock.withLock { state = .ended }
        continuation.resume(with: result)
    }

    /// Ends the call: at once when it has not begun, and else as soon as the library looks.
    func cancel() {
        token.cancel()
        let continuation: CheckedContinuation<Value, any Error>? = lock.withLock {
            switch state {
            case .new:
                state = .ended
                return nil
            case .waiting(let continuation):
                state = .ended
                return continuation
            case .running, .ended:
                return nil
            }
        }
        continuation?.resume(throwing: CancellationError())
    }
}
