// Type-checked against stubs only; the README says which platforms the tests run on.
#if canImport(AVFoundation) && !os(watchOS)

    import AVFoundation
    import Foundation
    internal import OwnprintGenerated

    /// vPDQ of a video that the system decoded.
    public struct PlatformVideo: Sendable, Hashable {
        /// The hashed frames. Their numbers count the frames of the video.
        public let frames: [VPDQFrame]
        /// Pixels in a row.
        public let width: Int
        /// Number of rows.
        public let height: Int
        /// The time of the last frame, in seconds.
        public let seconds: Double
        /// Which decoder made the pixels: the system's.
        public let decoder: ImageInfo.Decoder
        /// Whether every device computes the same bits: false.
        public let isDeterministic: Bool
    }

    extension Fingerprinter {
        /// Computes vPDQ of the video at a URL: the first frame at or after each multiple of
        /// `secondsPerHash`. As in the reference implementation, no rotation is applied, and colors
        /// are converted by BT.601.
        ///
        /// The system decodes the video, so another system may compute other bits, far fewer than
        /// the threshold. The video is not loaded into memory. The size of the video is checked
        /// against ``Options/limits`` first. ``digests(contentsOf:progress:)`` computes the digests
        /// of the file.
        ///
        /// - Parameters:
        ///   - url: The URL of the video.
        ///   - secondsPerHash: Seconds between two hashed frames; `nil` for the core's default.
        ///   - prune: Skips a frame whose hash differs by this many bits or fewer from the last
        ///     retained one; `nil` skips none.
        ///   - progress: Receives the time of each hashed frame.
        /// - Throws: ``OwnprintError`` with the code `io`, `unsupported-video`, `damaged-video`,
        ///   `limit-exceeded`, or `invalid-video` for seconds that are negative or not finite;
        ///   `CancellationError`.
        public func video(
            contentsOf url: URL, secondsPerHash: Double? = nil, prune: Int? = nil,
            progress: (@Sendable (_ seconds: Double) -> Void)? = nil
        ) async throws -> PlatformVideo {
            let limits = options.limits
            let hasher = try VPDQHasher.bySeconds(secondsPerHash, prune: prune, limits: limits)
            let asset = AVURLAsset(url: url)
            do {
                guard let track = try await asset.loadTracks(withMediaType: .video).first else {
                    throw OwnprintError.cannotDecodeVideo("no video track")
                }
                let (size, formats) = try await track.load(.naturalSize, .formatDescriptions)
                try check(size, against: limits)
                let isFullRange = formats.contains { isFullRangeVideo($0) }
                // Only the other thread uses the two from here on.
                nonisolated(unsafe) let (video, images) = (asset, track)
                return try await Worker.run { token in
                    try read(
                        video, images, isFullRange: isFullRange, limits: limits, into: hasher,
                        progress: progress, isCancelled: token.isCancelled)
                }
            } catch let error as NSError where error.domain == AVFoundationErrorDomain {
                throw OwnprintError.cannotDecodeVideo(reason(of: error))
            } catch let error where !(error is OwnprintError || error is CancellationError) {
                throw OwnprintError.unreadable(error)
            }
        }
    }

    private func isFullRangeVideo(_ format: CMFormatDescription) -> Bool {
        let key = kCMFormatDescriptionExtension_FullRangeVideo
        return CMFormatDescriptionGetExtension(format, extensionKey: key) as? Bool == true
    }

    /// Checks a size. A width or height that is not finite exceeds every limit.
    private func check(_ size: CGSize, against limits: Limits) throws(OwnprintError) {
        let width = Int(exactly: size.width.rounded(.up))
        let height = Int(exactly: size.height.rounded(.up))
        try checkSize(width: width ?? .max, height: height ?? .max, limits: limits)
    }

    private func read(
        _ asset: AVAsset, _ track: AVAssetTrack, isFullRange: Bool, limits: Limits,
        into hasher: VPDQHasher, progress: (@Sendable (Double) -> Void)?, isCancelled: () -> Bool
    ) throws -> PlatformVideo {
        let format =
            isFullRange
            ? kCVPixelFormatType_420YpCbCr8BiPlanarFullRange
            : kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange
        let reader: AVAssetReader
        do {
            reader = try AVAssetReader(asset: asset)
        } catch {
            throw OwnprintError.cannotDecodeVideo(reason(of: error))
        }
        let output = AVAssetReaderTrackOutput(
            track: track, outputSettings: [kCVPixelBufferPixelFormatTypeKey as String: format])
        output.alwaysCopiesSampleData = false
        guard reader.canAdd(output) else {
            throw OwnprintError.cannotDecodeVideo("its frames cannot be read")
        }
        reader.add(output)
        guard reader.startReading() else {
            throw OwnprintError.cannotDecodeVideo(
                reader.error.map(reason) ?? "its frames cannot be read")
        }
        defer { reader.cancelReading() }
        var frames = VideoFrames(range: isFullRange ? .full : .limited, limits: limits)
        // Foundation's buffers would otherwise stay until the end of the video.
        while try autoreleasepool(invoking: {
            if isCancelled() {
                throw OwnprintError(code: "cancelled", message: "cancelled")
            }
            guard let sample = output.copyNextSampleBuffer() else { return false }
            if let seconds = try frames.update(hasher, with: sample) { progress?(seconds) }
            return true
        }) {}
        if reader.status != .completed { throw unread(reader.error) }
        return PlatformVideo(
            frames: try hasher.finalize(), width: frames.width, height: frames.height,
            seconds: frames.seconds, decoder: .platform, isDeterministic: false)
    }

    /// Returns why a video was not read to its end.
    private func unread(_ error: (any Error)?) -> OwnprintError {
        switch (error as? AVError)?.code {
        case .operationInterrupted, .decoderNotFound, .decoderTemporarilyUnavailable:
            .cannotDecodeVideo(error.map(reason) ?? "interrupted")
        default:
            OwnprintError(
                code: "damaged-video", message: "damaged video; use an intact copy of the file")
        }
    }

    /// Passes the frames of a video to a hasher, in order.
    private struct VideoFrames {
        let range: YUVRange
        let limits: Limits
        private(set) var width = 0
        private(set) var height = 0
        private(set) var seconds = 0.0
        private var index = 0

        init(range: YUVRange, limits: Limits) {
            self.range = range
            self.limits = limits
        }

        /// Passes the next frame to the hasher, and returns its time if it was hashed.
        mutating func update(_ hasher: VPDQHasher, with sample: CMSampleBuffer) throws -> Double? {
            guard let buffer = CMSampleBufferGetImageBuffer(sample) else { return nil }
            let time = CMSampleBufferGetPresentationTimeStamp(sample).seconds
            // Frames before the start of the video are neither displayed nor counted.
            guard time >= 0 else { return nil }
            let number = index
            index += 1
            seconds = time
            guard try hasher.wants(number, seconds: seconds) else { return nil }
            (width, height) = (CVPixelBufferGetWidth(buffer), CVPixelBufferGetHeight(buffer))
            // Frames may be larger than the track states.
            try checkSize(width: width, height: height, limits: limits)
            var planes = try copied(buffer)
            defer { wipe(&planes) }
            let luma = FrameLayout.Plane(offset: 0, stride: width)
            let chroma = FrameLayout.Plane(offset: width * height, stride: 2 * ((width + 1) / 2))
            let layout = FrameLayout(
                width: width, height: height,
                planes: .nv12(luma: luma, chroma: chroma, range: range))
            try hasher.update(number, seconds: seconds, bytes: planes, layout: layout)
            return seconds
        }

        /// Returns luma, then chroma, without the padding between rows.
        private func copied(_ buffer: CVPixelBuffer) throws -> Data {
            guard CVPixelBufferLockBaseAddress(buffer, .readOnly) == kCVReturnSuccess else {
                throw OwnprintError.cannotDecodeVideo("its frames cannot be read")
            }
            defer { CVPixelBufferUnlockBaseAddress(buffer, .readOnly) }
            let (chromaRow, chromaRows) = (2 * ((width + 1) / 2), (height + 1) / 2)
            var bytes = Data(capacity: width * height + chromaRow * chromaRows)
            for (plane, row, rows) in [(0, width, height), (1, chromaRow, chromaRows)] {
                guard let base = CVPixelBufferGetBaseAddressOfPlane(buffer, plane) else {
                    wipe(&bytes)
                    throw OwnprintError.cannotDecodeVideo("its frames have no 8-bit planes")
                }
                let stride = CVPixelBufferGetBytesPerRowOfPlane(buffer, plane)
                for y in 0..<rows {
                    let start = base.advanced(by: y * stride)
                    bytes.append(start.assumingMemoryBound(to: UInt8.self), count: row)
                }
            }
            return bytes
        }

        private func wipe(_ bytes: inout Data) {
            bytes.withUnsafeMutableBytes { buffer in
                // Compilers do not remove `memset_s`.
                if let start = buffer.baseAddress {
                    memset_s(start, buffer.count, 0, buffer.count)
                }
            }
        }
    }

    extension OwnprintError {
        fileprivate static func cannotDecodeVideo(_ detail: String) -> OwnprintError {
            OwnprintError(
                code: "unsupported-video",
                message: "the system cannot decode the video: \(detail)"
            )
        }
    }

#endif
