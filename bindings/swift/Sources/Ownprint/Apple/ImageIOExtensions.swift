// Type-checked against stubs only; the README says which platforms the tests run on.
#if canImport(ImageIO)

    import Foundation
    import ImageIO
    internal import OwnprintGenerated

    extension Fingerprinter {
        /// Fingerprints an image that the system decoded, with its orientation. There are no
        /// digests, because there is no file.
        ///
        /// Other systems, and other versions of this system, decode some pixels differently, and a
        /// scaled image differs more. The result is therefore marked
        /// ``ImageInfo/Decoder-swift.enum/platform`` and not deterministic. Prefer
        /// ``fingerprint(contentsOf:progress:)`` if there is a file.
        ///
        /// - Throws: ``OwnprintError`` with the code `unsupported-format` or `limit-exceeded`;
        ///   `CancellationError`.
        public func fingerprint(
            cgImage: CGImage, orientation: CGImagePropertyOrientation = .up
        ) async throws -> Fingerprint {
            // A `CGImage` is immutable; not every SDK declares it `Sendable`.
            nonisolated(unsafe) let image = cgImage
            let limits = options.limits
            let pixels = try await Worker.run { _ in
                try PlatformPixels(image, orientation: orientation, limits: limits)
            }
            return try await fingerprint(pixels: pixels.data, layout: pixels.layout)
                .byPlatform(format: nil, digests: [])
        }

        /// Returns the core's fingerprint of a file. If the core does not decode the format,
        /// returns the digests, and the hashes of the pixels that the system decodes.
        func fingerprintByPlatform(
            file: @escaping @Sendable () throws -> Data,
            _ attempt: @escaping @Sendable (CancelToken) throws -> Fingerprint
        ) async throws -> Fingerprint {
            let fingerprint = try await Worker.run(attempt)
            guard fingerprint.isUnsupportedFormat else { return fingerprint }
            let limits = options.limits
            do {
                let (pixels, format) = try await Worker.run { _ in
                    try PlatformPixels.decode(file(), limits: limits)
                }
                return try await self.fingerprint(pixels: pixels.data, layout: pixels.layout)
                    .byPlatform(format: format, digests: fingerprint.digests)
            } catch let error as OwnprintError where error.code != "io" {
                // As for an image that the core cannot decode: the digests, and the reason.
                return Fingerprint(
                    image: nil, video: nil, digests: fingerprint.digests,
                    warnings: fingerprint.otherWarnings,
                    error: Diagnostic(code: error.code, message: error.message),
                    decoderRevision: nil)
            }
        }
    }

    extension Fingerprint {
        /// Whether the core recognizes the format and does not decode it.
        fileprivate var isUnsupportedFormat: Bool {
            error?.code == unsupportedFormat
                || warnings.contains { $0.code == unsupportedFormat }
        }

        /// The warnings, without the one that the error of the system's decoder replaces.
        fileprivate var otherWarnings: [Diagnostic] {
            warnings.filter { $0.code != unsupportedFormat }
        }

        /// The same, marked as decoded by the system.
        fileprivate func byPlatform(format: String?, digests: [FileDigest]) -> Fingerprint {
            Fingerprint(
                image: image?.byPlatform(format: format), video: video, digests: digests,
                warnings: warnings, error: error, decoderRevision: nil)
        }
    }

    private let unsupportedFormat = "unsupported-format"

    extension ImageFingerprint {
        fileprivate func byPlatform(format: String?) -> ImageFingerprint {
            ImageFingerprint(
                info: info.byPlatform(format: format), hashes: hashes, variants: variants)
        }
    }

    extension ImageInfo {
        fileprivate func byPlatform(format: String?) -> ImageInfo {
            ImageInfo(
                format: format, width: width, height: height, orientation: orientation,
                storedWidth: storedWidth, storedHeight: storedHeight,
                isOrientationApplied: isOrientationApplied, isDamaged: isDamaged, rgbMD5: rgbMD5,
                decoder: .platform, isDeterministic: false)
        }
    }

#endif
