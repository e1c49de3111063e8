// Not compiled where this is written (Linux); see the package's README.
#if canImport(AVFoundation) && !os(watchOS)

    import AVFoundation
    import Foundation
    internal import OwnprintGenerated

    /// vPDQ of a video whose frames the system decoded.
    public struct PlatformVideo: Sendable, Hashable {
        /// The hashed frames, numbered among those that the video has.
        public let frames: [VPDQFrame]
        /// Pixels a row.
        public let width: Int
        /// Rows.
        public let height: Int
        /// The time of the last frame.
        public let seconds: Double
        /// Who decoded it.
        public let decoder: ImageInfo.Decoder
        /// Whether every system gets these bits: it may not.
        public let isDeterministic: Bool
    }

    extension Fingerprinter {
        /// vPDQ of the video at an address: the first frame at or behind each multiple of `secondsPerHash`, as the video stores it (not turned), its colours
        /// by BT.601, as the reference has them. With `prune`, a frame is skipped whose hash is at most so many bits from that of the last one kept.
        ///
        /// The system decodes it, so another one may get other bits; far fewer than videos are compared by. The video is read where it is and not held in
        /// memory. Its sides are held to the options' ``Options/limits`` first. `progress` is told the time of each hashed frame. For the digests of the
        /// file see ``digests(contentsOf:progress:)``. Throws `io`, `unsupported-video`, `damaged-video`, `limit-exceeded`, and `invalid-video`
        /// for seconds that are negative or none.
        public func video(
            contentsOf url: URL, secondsPerHash: Double? = nil, prune: UInt32? = nil,
            progress: (@Sendable (_ seconds: Double) -> Void)? = nil
        ) async throws -> PlatformVideo {
            let hasher = try VPDQHasher.bySeconds(secondsPerHash, prune: prune, limits: options.limits)
            let asset = AVURLAsset(url: url)
            let limits = options.limits
            do {
                guard let track = try await asset.loadTracks(withMediaType: .video).first else {
                    throw OwnprintError.cannotDecodeVideo("it has no images")
                }
                let (size, formats) = try await track.load(.naturalSize, .formatDescriptions)
                try check(size, against: limits)
                let isFullRange = formats.contains { isFullRangeVideo($0) }
                // Neither is used here once the other thread has them.
                nonisolated(unsafe) let (video, images) = (asset, track)
                return try await Worker.run { token in
                    try read(
                        video, images, isFullRange: isFullRange, limits: limits, into: hasher, progress: progress,
                        isCancelled: token.isCancelled)
                }
            } catch let error as NSError where error.domain == AVFoundationErrorDomain {
                throw OwnprintError.cannotDecodeVideo(reason(of: error))
            } catch let error where !(error is OwnprintError || error is CancellationError) {
                throw OwnprintError.unreadable(error)
            }
        }
    }

    private func isFullRangeVideo(_ format: CMFormatDescription) -> Bool {
        CMFormatDescriptionGetExtension(format, extensionKey: kCMFormatDescriptionExtension_FullRangeVideo) as? Bool
            == true
    }

    /// Sides as whole numbers; those that are none, or too large for any, stay over every limit.
    private func check(_ size: CGSize, against limits: Limits) throws(OwnprintError) {
        let (width, height) = (Int(exactly: size.width.rounded(.up)), Int(exactly: size.height.rounded(.up)))
        try checkSize(width: width ?? .max, height: height ?? .max, limits: limits)
    }

    private func read(
        _ asset: AVAsset, _ track: AVAssetTrack, isFullRange: Bool, limits: Limits, into hasher: VPDQHasher,
        progress: (@Sendable (Double) -> Void)?, isCancelled: () -> Bool
    ) throws -> PlatformVideo {
        let format =
            isFullRange
            ? kCVPixelFormatType_420YpCbCr8BiPlanarFullRange : kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange
        let reader: AVAssetReader
        do {
            reader = try AVAssetReader(asset: asset)
        } catch {
            throw OwnprintError.cannotDecodeVideo(reason(of: error))
        }
        let output = AVAssetReaderTrackOutput(
            track: track, outputSettings: [kCVPixelBufferPixelFormatTypeKey as String: format])
        output.alwaysCopiesSampleData = false
        guard reader.canAdd(output) else { throw OwnprintError.cannotDecodeVideo("its images cannot be read") }
        reader.add(output)
        guard reader.startReading() else {
            throw OwnprintError.cannotDecodeVideo(reader.error.map(reason) ?? "it cannot be read")
        }
        defer { reader.cancelReading() }
        var frames = VideoFrames(range: isFullRange ? .full : .limited, limits: limits)
        // Foundation's own buffers would else stay until the video's end.
        while try autoreleasepool(invoking: {
            if isCancelled() { throw OwnprintError(code: "cancelled", message: "cancelled") }
            guard let sample = output.copyNextSampleBuffer() else { return false }
            if let hashed = try frames.take(sample, into: hasher) { progress?(hashed) }
            return true
        }) {}
        if reader.status != .completed { throw unread(reader.error) }
        return PlatformVideo(
            frames: try hasher.finalize(), width: frames.width, height: frames.height, seconds: frames.seconds,
            decoder: .platform, isDeterministic: false)
    }

    /// Why a video was not read to its end.
    private func unread(_ error: (any Error)?) -> OwnprintError {
        switch (error as? AVError)?.code {
        case .operationInterrupted, .decoderNotFound, .decoderTemporarilyUnavailable:
            .cannotDecodeVideo(error.map(reason) ?? "it was interrupted")
        default:
            OwnprintError(code: "damaged-video", message: "this video is damaged; get an intact copy of it")
        }
    }

    /// Hands a video's frames to a hasher, one after the other.
    private struct VideoFrames {
        let range: FrameLayout.Range
        let limits: Limits
        private(set) var width = 0
        private(set) var height = 0
        private(set) var seconds = 0.0
        private var index: UInt64 = 0

        init(range: FrameLayout.Range, limits: Limits) {
            self.range = range
            self.limits = limits
        }

        /// Takes the next frame, and gives its time if it was hashed.
        mutating func take(_ sample: CMSampleBuffer, into hasher: VPDQHasher) throws -> Double? {
            guard let buffer = CMSampleBufferGetImageBuffer(sample) else { return nil }
            let time = CMSampleBufferGetPresentationTimeStamp(sample).seconds
            // What comes before the video's start is neither shown nor counted.
            guard time >= 0 else { return nil }
            let number = index
            index += 1
            seconds = time
            guard try hasher.wants(number, seconds: seconds) else { return nil }
            (width, height) = (CVPixelBufferGetWidth(buffer), CVPixelBufferGetHeight(buffer))
            // Frames may be larger than the video's track says.
            try checkSize(width: width, height: height, limits: limits)
            var planes = try copied(buffer)
            defer { wipe(&planes) }
            let layout = FrameLayout(
                width: UInt32(width), height: UInt32(height),
                planes: .nv12(
                    luma: .init(offset: 0, stride: UInt32(width)),
                    chroma: .init(offset: UInt64(width * height), stride: UInt32(2 * ((width + 1) / 2))),
                    range: range))
            try hasher.update(number, seconds: seconds, bytes: planes, layout: layout)
            return seconds
        }

        /// Luma and both differences, one behind the other, without what stands between rows.
        private func copied(_ buffer: CVPixelBuffer) throws -> Data {
            guard CVPixelBufferLockBaseAddress(buffer, .readOnly) == kCVReturnSuccess else {
                throw OwnprintError.cannotDecodeVideo("its images cannot be read")
            }
            defer { CVPixelBufferUnlockBaseAddress(buffer, .readOnly) }
            var bytes = Data(capacity: width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2))
            for (plane, row, rows) in [(0, width, height), (1, 2 * ((width + 1) / 2), (height + 1) / 2)] {
                guard let base = CVPixelBufferGetBaseAddressOfPlane(buffer, plane) else {
                    wipe(&bytes)
                    throw OwnprintError.cannotDecodeVideo("its images have not the planes of 8 bits")
                }
                let stride = CVPixelBufferGetBytesPerRowOfPlane(buffer, plane)
                for y in 0..<rows {
                    bytes.append(base.advanced(by: y * stride).assumingMemoryBound(to: UInt8.self), count: row)
                }
            }
            return bytes
        }

        private func wipe(_ bytes: inout Data) {
            bytes.withUnsafeMutableBytes { buffer in
                // Never optimised away.
                if let start = buffer.baseAddress { memset_s(start, buffer.count, 0, buffer.count) }
            }
        }
    }

    extension OwnprintError {
        fileprivate static func cannotDecodeVideo(_ detail: String) -> OwnprintError {
            OwnprintError(
                code: "unsupported-video",
                message:
                    "this system cannot decode this video (\(detail)); save or share it as MP4 with H.264 and use that file"
            )
        }
    }

#endif
