import Foundation
internal import OwnprintGenerated

/// Receives the number of bytes read so far: about once a megabyte and once at the end, on a thread
/// of this package.
public typealias ProgressHandler = @Sendable (_ bytesRead: Int) -> Void

/// Computes hashes and digests of images and files.
///
/// One value serves any number of calls, from any number of tasks:
///
/// ```swift
/// let fingerprinter = try Fingerprinter()
/// let fingerprint = try await fingerprinter.fingerprint(contentsOf: url)
/// print(fingerprint.image?.pdq?.hex ?? "no image")
/// ```
///
/// **Errors.** A file that cannot be decoded is not an error of the call: its digests are returned,
/// and ``Fingerprint/error`` or a warning gives the reason. Calls fail only if the file cannot be
/// read or the pixels do not fit their layout.
///
/// **Threads.** Every `async` call runs on a thread of this package, as many at once as there are
/// processors. Neither an actor nor Swift's cooperative pool is blocked.
///
/// **Cancellation.** Cancelling the task ends the call, which throws `CancellationError`. The
/// decoders of JPEG, GIF, WebP, BMP and PNM are not interrupted.
public struct Fingerprinter: Sendable {
    /// The options of this fingerprinter.
    public let options: Options
    let core: OwnprintGenerated.Fingerprinter
    private let digester: OwnprintGenerated.Fingerprinter

    /// Creates a fingerprinter.
    ///
    /// - Throws: ``OwnprintError`` with the code `unknown-algorithm`, `unknown-variant` or
    ///   `invalid-variants`; `platform-unavailable` for ``Options/platformDecode`` where the system
    ///   has no decoder.
    public init(_ options: Options = Options()) throws(OwnprintError) {
        #if !canImport(ImageIO)
            if options.platformDecode == true {
                throw OwnprintError(
                    code: "platform-unavailable",
                    message: "only Apple platforms have a decoder; use a build with the decoders, "
                        + "which `--formats heic,avif` selects")
            }
        #endif
        self.options = options
        core = try translating { try .init(options: options.record(digestsOnly: false)) }
        digester = try translating { try .init(options: options.record(digestsOnly: true)) }
    }

    /// Fingerprints a file in memory, without copying it.
    ///
    /// - Throws: `CancellationError` if the task is cancelled.
    public func fingerprint(
        data: Data, progress: ProgressHandler? = nil
    ) async throws -> Fingerprint {
        try await withPlatformDecoder(file: { data }) { [core] token in
            try core.fingerprintBytes(
                bytes: data, cancel: token, progress: progress.map(Listener.init))
        }
    }

    /// Fingerprints the file at a file URL. A file that is not an image takes constant memory.
    ///
    /// The caller starts and stops access to a security-scoped URL, such as one of a document
    /// picker.
    ///
    /// - Throws: ``OwnprintError`` with the code `io`; `CancellationError`.
    public func fingerprint(
        contentsOf url: URL, progress: ProgressHandler? = nil
    ) async throws -> Fingerprint {
        let path = try path(of: url)
        let limits = options.limits
        let file: @Sendable () throws -> Data = { try contents(of: url, limits: limits) }
        return try await withPlatformDecoder(file: file) { [core] token in
            try core.fingerprintFile(
                path: path, cancel: token, progress: progress.map(Listener.init))
        }
    }

    /// Fingerprints the bytes of a file handle, from its offset to the end. A file that is not an
    /// image takes constant memory.
    ///
    /// The handle is read on another thread until the call ends, and is not closed. The system does
    /// not decode it: formats that this build does not decode have digests and a warning.
    ///
    /// - Throws: ``OwnprintError`` with the code `io`; `CancellationError`.
    public func fingerprint(
        fileHandle: FileHandle, progress: ProgressHandler? = nil
    ) async throws -> Fingerprint {
        try await fingerprint(reading: reader(of: fileHandle), progress: progress)
    }

    /// Fingerprints the bytes that a closure returns. A file that is not an image takes constant
    /// memory.
    ///
    /// - Parameters:
    ///   - read: Returns the next bytes, up to `limit` of them; empty data at the end. It is called
    ///     on a thread of this package, one call at a time, and may block.
    ///   - progress: Receives the number of bytes read.
    /// - Throws: ``OwnprintError`` with the code `io` if the closure throws; `CancellationError`.
    public func fingerprint(
        reading read: @escaping @Sendable (_ limit: Int) throws -> Data,
        progress: ProgressHandler? = nil
    ) async throws -> Fingerprint {
        try await stream(read, through: core, progress: progress)
    }

    /// Fingerprints decoded pixels, without copying them. There are no digests, because there is no
    /// file.
    ///
    /// - Throws: ``OwnprintError`` with the code `invalid-pixels` if layout and buffer do not fit,
    ///   or `limit-exceeded`; `CancellationError`.
    public func fingerprint(pixels: Data, layout: PixelLayout) async throws -> Fingerprint {
        let core = core
        return try await Worker.run { token in
            try Fingerprint(
                core.fingerprintPixels(pixels: pixels, layout: layout.record, cancel: token))
        }
    }

    /// Returns a stream that fingerprints one file in chunks, on the thread that calls it.
    public func stream() -> FingerprintStream {
        FingerprintStream(core.stream(cancel: nil, progress: nil))
    }

    /// Returns the digests of a file of any kind and length, in constant memory. No image is
    /// decoded.
    ///
    /// - Throws: ``OwnprintError`` with the code `io`; `CancellationError`.
    public func digests(
        contentsOf url: URL, progress: ProgressHandler? = nil
    ) async throws -> [FileDigest] {
        let (digester, path) = (digester, try path(of: url))
        return try await Worker.run { token in
            let fingerprint = try digester.fingerprintFile(
                path: path, cancel: token, progress: progress.map(Listener.init))
            return fingerprint.digests.map(FileDigest.init)
        }
    }

    /// Returns the digests of the bytes of a file handle, from its offset to the end, in constant
    /// memory.
    ///
    /// - Throws: ``OwnprintError`` with the code `io`; `CancellationError`.
    public func digests(
        fileHandle: FileHandle, progress: ProgressHandler? = nil
    ) async throws -> [FileDigest] {
        try await digests(reading: reader(of: fileHandle), progress: progress)
    }

    /// Returns the digests of the bytes that a closure returns, in constant memory.
    /// ``fingerprint(reading:progress:)`` describes the closure.
    ///
    /// - Throws: ``OwnprintError`` with the code `io` if the closure throws; `CancellationError`.
    public func digests(
        reading read: @escaping @Sendable (_ limit: Int) throws -> Data,
        progress: ProgressHandler? = nil
    ) async throws -> [FileDigest] {
        try await stream(read, through: digester, progress: progress).digests
    }

    private func stream(
        _ read: @escaping @Sendable (Int) throws -> Data,
        through core: OwnprintGenerated.Fingerprinter, progress: ProgressHandler?
    ) async throws -> Fingerprint {
        try await Worker.run { token in
            let stream = core.stream(cancel: token, progress: progress.map(Listener.init))
            while true {
                let bytes = try chunk(of: read)
                // `update` returns false if further bytes cannot change the result.
                guard !bytes.isEmpty, try stream.update(bytes: bytes) else { break }
            }
            return try Fingerprint(stream.finalize())
        }
    }

    /// Returns the core's fingerprint. If the options allow it and the core does not decode the
    /// format, returns the hashes of the pixels that the system decoded.
    private func withPlatformDecoder(
        file: @escaping @Sendable () throws -> Data,
        _ attempt: @escaping @Sendable (CancelToken) throws -> OwnprintGenerated.Fingerprint
    ) async throws -> Fingerprint {
        #if canImport(ImageIO)
            if options.platformDecode ?? true {
                return try await fingerprintByPlatform(file: file) { try Fingerprint(attempt($0)) }
            }
        #endif
        return try await Worker.run { try Fingerprint(attempt($0)) }
    }
}

/// Returns the path of a file URL; the library opens paths.
private func path(of url: URL) throws(OwnprintError) -> String {
    guard url.isFileURL else {
        throw OwnprintError(code: "io", message: "could not be read: the URL is not a file URL")
    }
    return url.path
}

/// Returns the bytes of a file for the system's decoder. Not every file is mapped, so its length is
/// checked against the limits first.
func contents(of url: URL, limits: Limits) throws(OwnprintError) -> Data {
    do {
        let length = try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        try checkFileBytes(length, limits: limits)
        return try Data(contentsOf: url, options: .mappedIfSafe)
    } catch let error as OwnprintError {
        throw error
    } catch {
        throw .unreadable(error)
    }
}

func reader(of handle: FileHandle) -> @Sendable (Int) throws -> Data {
    { limit in try handle.read(upToCount: limit) ?? Data() }
}

/// Returns the next bytes of a stream: enough that the calls cost little compared with the digests.
func chunk(of read: (Int) throws -> Data) throws(OwnprintError) -> Data {
    let limit = 256 * 1024
    do {
        #if canImport(ObjectiveC)
            // Foundation's buffers would otherwise stay until the call ends.
            return try autoreleasepool { try read(limit) }
        #else
            return try read(limit)
        #endif
    } catch {
        throw .unreadable(error)
    }
}

/// Passes the library's progress to a closure.
private final class Listener: ProgressListener {
    private let handler: ProgressHandler

    init(_ handler: @escaping ProgressHandler) {
        self.handler = handler
    }

    func onProgress(bytesRead: UInt64) {
        handler(Int(clamping: bytesRead))
    }
}
