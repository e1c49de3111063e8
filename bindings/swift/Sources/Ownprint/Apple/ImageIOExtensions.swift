// Not compiled where this is written (Linux); see the package's README.
#if canImport(ImageIO)

    import Foundation
    import ImageIO
    internal import OwnprintGenerated

    extension Fingerprinter {
        /// Fingerprints an image that the system decoded, by its pixels, turned upright as `orientation` says; there are no
        /// digests, for there is no file.
        ///
        /// Other systems, and other versions of this one, decode a few pixels differently, and who scaled an image before
        /// changed it more: the result says ``Image/Decoder/platform`` and is not exact. Give the file itself where there
        /// is one. Throws `unsupported-format`, `limit-exceeded`.
        public func fingerprint(
            cgImage: CGImage, orientation: CGImagePropertyOrientation = .up
        ) async throws -> Fingerprint {
            // A `CGImage` never changes once it is made; not every SDK says so.
            nonisolated(unsafe) let image = cgImage
            let limits = options.limits
            let pixels = try await Worker.run { _ in
                try PlatformPixels(image, orientation: orientation, limits: limits)
            }
            return try await fingerprint(pixels: pixels.data, layout: pixels.layout)
                .byPlatform(format: nil, digests: [])
        }

        /// What the core says of a file, with the hashes of what the system decodes where the core does not know the format.
        func fingerprintByPlatform(
            file: @escaping @Sendable () throws -> Data,
            _ attempt: @escaping @Sendable (CancelToken) throws -> Fingerprint
        ) async throws -> Fingerprint {
            let fingerprint = try await Worker.run(attempt)
            let isUnsupported =
                fingerprint.warnings.contains { $0.code == "unsupported-format" }
                || fingerprint.error?.code == "unsupported-format"
            guard isUnsupported else { return fingerprint }
            let digests = fingerprint.digests
            let limits = options.limits
            let (pixels, format) = try await Worker.run { _ in try PlatformPixels.decode(file(), limits: limits) }
            return try await fingerprint(pixels: pixels.data, layout: pixels.layout)
                .byPlatform(format: format, digests: digests)
        }
    }

    extension Fingerprint {
        /// The same, marked as decoded by the system.
        fileprivate func byPlatform(format: String?, digests: [Digest]) -> Fingerprint {
            Fingerprint(
                image: image.map { $0.byPlatform(format: format) }, hashes: hashes, variants: variants,
                digests: digests, warnings: warnings, error: error)
        }
    }

    extension ImageInfo {
        fileprivate func byPlatform(format: String?) -> ImageInfo {
            ImageInfo(
                format: format, width: width, height: height, orientation: orientation, storedWidth: storedWidth,
                storedHeight: storedHeight, isOrientationApplied: isOrientationApplied, isDamaged: isDamaged, rgbMD5: rgbMD5, decoder: .platform,
                isDeterministic: false)
        }
    }

#endif
