// The threads of the library's blocking calls, and their cancellation.

import Foundation
internal import OwnprintGenerated

/// Threads of this package. Swift's cooperative pool has one thread for each processor: a call that
/// decodes or waits for a disk would block the other tasks of the app there.
enum Worker {
    /// Runs as many calls at once as there are processors; each may hold a decoded image.
    private static let queue: OperationQueue = {
        let queue = OperationQueue()
        queue.name = "ownprint"
        queue.maxConcurrentOperationCount = max(2, ProcessInfo.processInfo.activeProcessorCount)
        return queue
    }()

    /// Runs a blocking call on a thread of this package, and ends it if the task is cancelled.
    ///
    /// - Throws: `CancellationError` if the task is cancelled; the call's ``OwnprintError``.
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

    /// A thread with a lower quality of service than the waiting task would delay that task.
    private static func qualityOfService(_ priority: TaskPriority) -> QualityOfService {
        switch priority {
        case .background: .background
        case .low, .utility: .utility
        case .high, .userInitiated: .userInitiated
        default: .default
        }
    }
}

/// One call, shared by the waiting task, the thread that runs it, and the caller that cancels it.
/// The lock guards `state`.
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

    /// Takes the task's continuation; returns false if the call was cancelled before.
    func wait(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let isWanted = lock.withLock {
            guard case .new = state else { return false }
            state = .waiting(continuation)
            return true
        }
        if !isWanted { continuation.resume(throwing: CancellationError()) }
        return isWanted
    }

    /// Does the work, unless the call was cancelled.
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

    /// Ends the call: at once if it has not started, otherwise as soon as the library checks.
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
