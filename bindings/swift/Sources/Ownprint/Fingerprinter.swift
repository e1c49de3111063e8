import Foundation
internal import OwnprintGenerated

/// Told how many bytes were read so far: about once a megabyte and once more at the end, on a thread of the package's own.
public typealias ProgressHandler = @Sendable (_ bytesRead: UInt64) -> Void

/// What to compute, set once and used for any number of images, from any number of tasks.
///
/// Every `async` call runs on threads of the package's own, as many at once as there are processors, so that neither an
/// actor nor Swift's cooperative pool is blocked. Cancelling the waiting task ends the call (a decoder's step is finished
/// first) and throws `CancellationError`; everything else that fails throws an ``OwnprintError``.
public struct Fingerprinter: Sendable {
    /// What it was made with.
    public let options: Options
    let core: OwnprintGenerated.Fingerprinter
    private let digester: OwnprintGenerated.Fingerprinter

    /// A fingerprinter for these options.
    ///
    /// Throws `unknown-algorithm`.
    public init(_ options: Options = Options()) throws(OwnprintError) {
        self.options = options
        core = try translating { try .init(options: options.record(digestsOnly: false)) }
        digester = try translating { try .init(options: options.record(digestsOnly: true)) }
    }

    /// Fingerprints a whole file in memory, without copying it. A file that is no image gives its digests and a warning.
    ///
    /// Throws the code of what keeps an image from being decoded (`damaged`, `truncated`, `limit-exceeded`, …), and
    /// `not-an-image` or `unsupported-format` when no digest was asked for.
    public func fingerprint(data: Data, progress: ProgressHandler? = nil) async throws -> Fingerprint {
        try await orByPlatform(file: { data }) { [core] token in
            try core.fingerprintBytes(bytes: data, cancel: token, progress: progress.map(ProgressEar.init))
        }
    }

    /// Fingerprints the file at an address, in constant memory when it is no image.
    ///
    /// The address is that of a file; what a document picker gives is to be opened for access by the caller.
    /// Throws `io`, and those of ``fingerprint(data:progress:)``.
    public func fingerprint(contentsOf url: URL, progress: ProgressHandler? = nil) async throws -> Fingerprint {
        let path = try path(of: url)
        let limits = options.limits
        return try await orByPlatform(file: { try contents(of: url, limits: limits) }) { [core] token in
            try core.fingerprintFile(path: path, cancel: token, progress: progress.map(ProgressEar.init))
        }
    }

    /// Fingerprints what a file handle gives from where it stands to its end, in constant memory when it is no image.
    ///
    /// The handle is read on another thread until the call ends, and is not closed. Formats that only the platform decodes
    /// give digests and a warning. Throws `io`, and those of ``fingerprint(data:progress:)``.
    public func fingerprint(fileHandle: FileHandle, progress: ProgressHandler? = nil) async throws -> Fingerprint {
        try await fingerprint(reading: reader(of: fileHandle), progress: progress)
    }

    /// Fingerprints what a closure gives, in constant memory when it is no image: for a stream of any kind.
    ///
    /// The closure is called on one of the package's threads, one call at a time. It may wait, returns at most as many bytes
    /// as it is asked for, and none at the end; what it throws ends the call with the code `io`.
    public func fingerprint(
        reading read: @escaping @Sendable (_ most: Int) throws -> Data, progress: ProgressHandler? = nil
    ) async throws -> Fingerprint {
        try await stream(read, through: core, progress: progress)
    }

    /// Fingerprints decoded pixels where they lie, without copying them; there are no digests, for there is no file.
    ///
    /// Throws `invalid-pixels` when layout and buffer do not fit together, and `limit-exceeded`.
    public func fingerprint(pixels: Data, layout: PixelLayout) async throws -> Fingerprint {
        let core = core
        return try await Worker.run { token in
            Fingerprint(try core.fingerprintPixels(pixels: pixels, layout: layout.record, cancel: token))
        }
    }

    /// The digests of a file of any kind and length, in constant memory; no image is decoded. Throws `io`.
    public func digests(contentsOf url: URL, progress: ProgressHandler? = nil) async throws -> [Digest] {
        let (digester, path) = (digester, try path(of: url))
        return try await Worker.run { token in
            Fingerprint(
                try digester.fingerprintFile(path: path, cancel: token, progress: progress.map(ProgressEar.init))
            ).digests
        }
    }

    /// The digests of what a file handle gives from where it stands to its end, in constant memory. Throws `io`.
    public func digests(fileHandle: FileHandle, progress: ProgressHandler? = nil) async throws -> [Digest] {
        try await digests(reading: reader(of: fileHandle), progress: progress)
    }

    /// The digests of what a closure gives, as ``fingerprint(reading:progress:)`` calls it, in constant memory. Throws `io`.
    public func digests(
        reading read: @escaping @Sendable (_ most: Int) throws -> Data, progress: ProgressHandler? = nil
    ) async throws -> [Digest] {
        try await stream(read, through: digester, progress: progress).digests
    }

    private func stream(
        _ read: @escaping @Sendable (Int) throws -> Data, through core: OwnprintGenerated.Fingerprinter,
        progress: ProgressHandler?
    ) async throws -> Fingerprint {
        try await Worker.run { token in
            let stream = core.stream(cancel: token, progress: progress.map(ProgressEar.init))
            while true {
                let bytes = try piece(of: read)
                // Of what is no image and needs no digest, nothing more is wanted.
                guard !bytes.isEmpty, try stream.update(bytes: bytes) else { break }
            }
            return Fingerprint(try stream.finalize())
        }
    }

    /// What the core says of a file, or, where the options allow it and the core leaves the image to the platform, the
    /// hashes of what the platform decodes.
    private func orByPlatform(
        file: @escaping @Sendable () throws -> Data,
        _ attempt: @escaping @Sendable (CancelToken) throws -> OwnprintGenerated.Fingerprint
    ) async throws -> Fingerprint {
        #if canImport(ImageIO)
            if options.platformDecode {
                return try await fingerprintByPlatform(file: file) { Fingerprint(try attempt($0)) }
            }
        #endif
        return try await Worker.run { Fingerprint(try attempt($0)) }
    }
}

/// The path of a file's address; the library opens paths.
private func path(of url: URL) throws(OwnprintError) -> String {
    guard url.isFileURL else {
        throw OwnprintError(code: "io", message: "could not be read: this is not the address of a file")
    }
    return url.path
}

/// A file for the platform's decoder. It is not always mapped, so its length is held to the limits before.
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
    { most in try handle.read(upToCount: most) ?? Data() }
}

/// The next bytes of a stream: so many that the calls cost nothing beside the digests.
func piece(of read: (Int) throws -> Data) throws(OwnprintError) -> Data {
    let most = 256 * 1024
    do {
        #if canImport(ObjectiveC)
            // Foundation's own buffers would else stay until the call's end, however long the stream is.
            return try autoreleasepool { try read(most) }
        #else
            return try read(most)
        #endif
    } catch {
        throw .unreadable(error)
    }
}

/// A closure as the library's listener.
private final class ProgressEar: ProgressListener {
    private let handler: ProgressHandler

    init(_ handler: @escaping ProgressHandler) {
        self.handler = handler
    }

    func onProgress(bytesRead: UInt64) {
        handler(bytesRead)
    }
}
