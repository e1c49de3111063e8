import Foundation

/// What became of one file among many.
public struct FileOutcome: Sendable {
    /// Its place among the files that were given, from 0.
    public let index: Int
    /// Its address, as given.
    public let url: URL
    /// Its fingerprint, or why there is none.
    public let result: Result<Fingerprint, OwnprintError>
}

extension Fingerprinter {
    /// Fingerprints many files, `concurrency` at a time; outcomes come in the order in which files are done. One bad file
    /// never stops the rest.
    ///
    /// Each file in work may hold a decoded image in memory. At least one is worked on, and no more than there are
    /// processors. Work begins with this call and ends when the sequence is let go of or the iterating task is cancelled;
    /// the sequence then ends early.
    public func fingerprints(of urls: [URL], concurrency: Int = 2) -> AsyncStream<FileOutcome> {
        AsyncStream { continuation in
            let work = Task {
                await withTaskGroup(of: FileOutcome?.self) { group in
                    var waiting = urls.enumerated().makeIterator()
                    func startNext() {
                        guard let (index, url) = waiting.next() else { return }
                        group.addTask { await outcome(index, url) }
                    }
                    for _ in 0..<max(1, concurrency) { startNext() }
                    for await outcome in group {
                        // None is the outcome of a cancelled file.
                        guard let outcome, !Task.isCancelled else { break }
                        continuation.yield(outcome)
                        startNext()
                    }
                    group.cancelAll()
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }

    private func outcome(_ index: Int, _ url: URL) async -> FileOutcome? {
        do {
            return FileOutcome(index: index, url: url, result: .success(try await fingerprint(contentsOf: url)))
        } catch let error as OwnprintError {
            return FileOutcome(index: index, url: url, result: .failure(error))
        } catch {
            return nil
        }
    }
}
