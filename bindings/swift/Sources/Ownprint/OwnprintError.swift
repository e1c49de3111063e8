import Foundation

/// What went wrong. Match on ``code``: codes are the same in every language and never change.
public struct OwnprintError: Error, Sendable, Hashable, LocalizedError, CustomStringConvertible {
    /// The stable name of this kind of error, in kebab case: `io`, `not-a-picture`, `unsupported-format`,
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
