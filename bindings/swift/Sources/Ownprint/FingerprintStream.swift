import Foundation
internal import OwnprintGenerated

/// Fingerprints one file that arrives in chunks.
///
/// ```swift
/// let stream = fingerprinter.stream()
/// for try await chunk in chunks { try stream.update(chunk) }
/// let fingerprint = try stream.finalize()
/// ```
///
/// An image is buffered in memory; of other files only the first bytes are. The stream may be used
/// from any thread, one call at a time. Calls compute on the calling thread:
/// ``Fingerprinter/fingerprint(reading:progress:)`` moves the work to another thread.
public final class FingerprintStream: Sendable {
    private let native: OwnprintGenerated.FingerprintStream

    init(_ native: OwnprintGenerated.FingerprintStream) {
        self.native = native
    }

    /// Takes the next bytes, any number of them, and returns whether more bytes can change the
    /// result.
    ///
    /// - Throws: ``OwnprintError`` with the code `io` if the stream has ended or another call uses
    ///   it.
    @discardableResult
    public func update(_ bytes: Data) throws(OwnprintError) -> Bool {
        try translating { try native.update(bytes: bytes) }
    }

    /// Ends the stream and returns the fingerprint of all bytes.
    ///
    /// - Throws: ``OwnprintError`` with the code `io` if the stream has ended or another call uses
    ///   it.
    public func finalize() throws(OwnprintError) -> Fingerprint {
        try translating { try Fingerprint(native.finalize()) }
    }
}
