import Foundation

/// What went wrong. Match on ``code``: codes are the same in every language and never change.
public struct OwnprintError: Error, Sendable, Hashable, LocalizedError, CustomStringConvertible {
    /// The stable name of this kind of error, in kebab case: `io`, `not-an-image`, `unsupported-format`,
    /// `unsupported-feature`, `truncated`, `damaged`, `limit-exceeded`, `invalid-pixels`, `invalid-hash`, `invalid-record`,
    /// `not-comparable`, `invalid-index`, `unknown-algorithm`, `internal`. More may come.
    public let code: String
    /// A sentence that says what was wrong and what to do.
    public let message: String

    /// The message, where Foundation asks for it.
    public var errorDescription: String? { message }

    /// Code and message.
    public var description: String { "\(code): \(message)" }
}

extension OwnprintError {
    /// What could not be read, and why.
    static func unreadable(_ error: any Error) -> OwnprintError {
        OwnprintError(code: "io", message: "could not be read: \(reason(of: error))")
    }
}

/// Why something failed: the app's own words where the error is the app's, and else domain and number, for the system's sentences hold
/// the names of files.
func reason(of error: any Error) -> String {
    if !isOfSystem(error), let words = (error as? any LocalizedError)?.errorDescription { return words }
    if let error = error as? any CustomNSError { return "\(type(of: error).errorDomain) \(error.errorCode)" }
    // What `NSError` calls `domain` and `code`; on Linux not every error becomes one.
    return "\(error._domain) \(error._code)"
}

private func isOfSystem(_ error: any Error) -> Bool {
    // On Apple's systems every error `is NSError`; its type says whether it was made as one.
    type(of: error) is NSError.Type || error is CocoaError || error is POSIXError || error is URLError
}
