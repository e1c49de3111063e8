import Foundation

/// The result of one of many files.
public enum FileResult: Sendable {
    /// The file was read. If it was not decoded, ``Fingerprint/error`` or a warning of the
    /// fingerprint gives the reason.
    case success(index: Int, url: URL, fingerprint: Fingerprint)
    /// The file could not be read.
    case failure(index: Int, url: URL, error: OwnprintError)

    /// The position of the file in the array of URLs, from 0.
    public var index: Int {
        switch self {
        case .success(let index, _, _), .failure(let index, _, _): index
        }
    }

    /// The URL of the file, as it was passed.
    public var url: URL {
        switch self {
        case .success(_, let url, _), .failure(_, let url, _): url
        }
    }

    /// Returns the fingerprint.
    ///
    /// - Throws: ``OwnprintError`` with the code `io` if the file could not be read.
    public func get() throws(OwnprintError) -> Fingerprint {
        switch self {
        case .success(_, _, let fingerprint): return fingerprint
        case .failure(_, _, let error): throw error
        }
    }
}

extension Fingerprinter {
    /// Fingerprints many files, and returns the results in the order in which they finish. A file
    /// that fails does not stop the others.
    ///
    /// Work begins with this call. It ends when the sequence is released or the iterating task is
    /// cancelled; the sequence then ends early.
    ///
    /// - Parameters:
    ///   - urls: The file URLs.
    ///   - concurrency: The number of files at work at once, 1 or more. Each may hold one decoded
    ///     image in memory. The number of processors is the maximum.
    public func fingerprints(of urls: [URL], concurrency: Int = 2) -> AsyncStream<FileResult> {
        AsyncStream { continuation in
            let work = Task {
                await withTaskGroup(of: FileResult?.self) { group in
                    var pending = urls.enumerated().makeIterator()
                    func startNext() {
                        guard let (index, url) = pending.next() else { return }
                        group.addTask { await result(index, url) }
                    }
                    for _ in 0..<max(1, concurrency) { startNext() }
                    for await result in group {
                        // A cancelled file has no result.
                        guard let result, !Task.isCancelled else { break }
                        continuation.yield(result)
                        startNext()
                    }
                    group.cancelAll()
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }

    private func result(_ index: Int, _ url: URL) async -> FileResult? {
        do {
            let fingerprint = try await fingerprint(contentsOf: url)
            return .success(index: index, url: url, fingerprint: fingerprint)
        } catch let error as OwnprintError {
            return .failure(index: index, url: url, error: error)
        } catch {
            return nil
        }
    }
}
