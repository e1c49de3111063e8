import Foundation

/// Why a call failed. Match on ``code``: codes are stable, and the same in every language.
public struct OwnprintError: Error, Sendable, Hashable, LocalizedError, CustomStringConvertible {
    /// The stable code, in kebab case: `io`, `invalid-pixels`, `invalid-hash`, `invalid-record`,
    /// `invalid-index`, `invalid-video`, `not-comparable`, `limit-exceeded`, `unknown-algorithm`,
    /// `internal`. Later versions may add codes.
    public let code: String
    /// A sentence that says what is wrong and what to do.
    public let message: String

    /// The ``message``, for Foundation.
    public var errorDescription: String? { message }

    /// Code and message.
    public var description: String { "\(code): \(message)" }
}

extension OwnprintError {
    /// An error of the code `io`, with the reason.
    static func unreadable(_ error: any Error) -> OwnprintError {
        OwnprintError(code: "io", message: "could not be read: \(reason(of: error))")
    }
}

/// Returns the reason of an error: the description of the app's own errors, and the domain and code
/// of others. The system's sentences contain file names.
func reason(of error: any Error) -> String {
    if !isOfSystem(error), let text = (error as? any LocalizedError)?.errorDescription {
        return text
    }
    if let error = error as? any CustomNSError {
        return "\(type(of: error).errorDomain) \(error.errorCode)"
    }
    // What `NSError` calls `domain` and `code`. On Linux not every error becomes an `NSError`.
    return "\(error._domain) \(error._code)"
}

private func isOfSystem(_ error: any Error) -> Bool {
    // On Apple platforms every error `is NSError`; its type says whether it was created as one.
    type(of: error) is NSError.Type || error is CocoaError || error is POSIXError
        || error is URLError
}
