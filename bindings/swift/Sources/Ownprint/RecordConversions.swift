// Conversions between the library's records and those of this package.

internal import OwnprintGenerated

extension FingerprintRecord {
    init(_ record: OwnprintGenerated.FingerprintRecord) throws(OwnprintError) {
        self.init(
            path: record.path, image: record.image.map(ImageInfo.init),
            hashes: record.hashes.map(PerceptualHash.init),
            variants: record.variants.map(VariantHashes.init),
            video: try VideoFingerprint.optional(record.video),
            digests: record.digests.map(FileDigest.init),
            warnings: record.warnings.map(Diagnostic.init),
            decoder: ImageInfo.Decoder(record.decoder),
            decoderRevision: record.decoderRevision.map(Int.init),
            error: record.error.map(Diagnostic.init))
    }

    func record() throws(OwnprintError) -> OwnprintGenerated.FingerprintRecord {
        var image: OwnprintGenerated.ImageInfo?
        if let info = self.image { image = try info.record() }
        var video: OwnprintGenerated.VideoFingerprint?
        if let fingerprint = self.video { video = try fingerprint.record() }
        var revision: UInt32?
        if let number = decoderRevision {
            revision = try unsigned(number, "revision", code: "invalid-record")
        }
        return OwnprintGenerated.FingerprintRecord(
            path: path, image: image,
            hashes: hashes.map {
                OwnprintGenerated.PerceptualHash(
                    algorithm: $0.algorithm.rawValue, hex: $0.values,
                    quality: $0.quality.map { UInt8(clamping: $0) })
            },
            variants: variants?.record, video: video,
            digests: digests.map {
                OwnprintGenerated.Digest(algorithm: $0.algorithm.rawValue, hex: $0.hex)
            },
            warnings: warnings.map(\.record), decoder: decoder.record,
            decoderRevision: revision, error: error?.record)
    }
}

extension Diagnostic {
    fileprivate var record: OwnprintGenerated.Diagnostic {
        OwnprintGenerated.Diagnostic(code: code, message: message)
    }
}

extension ImageInfo {
    fileprivate func record() throws(OwnprintError) -> OwnprintGenerated.ImageInfo {
        let code = "invalid-record"
        return OwnprintGenerated.ImageInfo(
            format: format, width: try unsigned(width, "width", code: code),
            height: try unsigned(height, "height", code: code), orientation: orientation.record,
            storedWidth: try unsigned(storedWidth, "stored_width", code: code),
            storedHeight: try unsigned(storedHeight, "stored_height", code: code),
            orientationApplied: isOrientationApplied, damaged: isDamaged, rgbMd5: rgbMD5,
            decoder: decoder.record, deterministic: isDeterministic)
    }
}

extension VideoFingerprint {
    static func optional(
        _ record: OwnprintGenerated.VideoFingerprint?
    ) throws(OwnprintError) -> VideoFingerprint? {
        guard let record else { return nil }
        return try VideoFingerprint(record)
    }

    private init(_ record: OwnprintGenerated.VideoFingerprint) throws(OwnprintError) {
        let rate = FrameRate(
            numerator: try signed(record.frameRate.numerator, "frame_rate"),
            denominator: try signed(record.frameRate.denominator, "frame_rate"))
        self.init(
            format: record.format, codec: record.codec, width: Int(record.width),
            height: Int(record.height), frames: try signed(record.frames, "frames"),
            frameRate: rate, isDamaged: record.damaged,
            vpdq: try translating { try record.vpdq.map(VPDQFrame.init) })
    }

    fileprivate func record() throws(OwnprintError) -> OwnprintGenerated.VideoFingerprint {
        let code = "invalid-record"
        let rate = OwnprintGenerated.FrameRate(
            numerator: try unsigned(frameRate.numerator, "frame_rate", code: code),
            denominator: try unsigned(frameRate.denominator, "frame_rate", code: code))
        return OwnprintGenerated.VideoFingerprint(
            format: format, codec: codec, width: try unsigned(width, "width", code: code),
            height: try unsigned(height, "height", code: code),
            frames: try unsigned(frames, "frames", code: code), frameRate: rate,
            damaged: isDamaged, vpdq: try translating { try vpdq.map { try $0.record() } })
    }
}

extension VPDQFrame {
    init(_ record: OwnprintGenerated.VpdqFrame) throws(OwnprintError) {
        self.init(frame: try signed(record.frame, "frame"), feature: VPDQFeature(record.feature))
    }

    func record() throws(OwnprintError) -> OwnprintGenerated.VpdqFrame {
        OwnprintGenerated.VpdqFrame(
            frame: try unsigned(frame, "frame", code: "invalid-record"), feature: feature.record)
    }
}

extension VPDQFeature {
    init(_ record: OwnprintGenerated.VpdqFeature) {
        self.init(hex: record.hex, quality: Int(record.quality), seconds: record.seconds)
    }

    var record: OwnprintGenerated.VpdqFeature {
        OwnprintGenerated.VpdqFeature(
            hex: hex, quality: UInt8(clamping: quality), seconds: seconds)
    }
}

extension StopNCIIPage {
    init(_ page: OwnprintGenerated.StopNciiPage) throws(OwnprintError) {
        self.init(
            count: try signed(page.count, "count"), nextPageToken: page.nextPageToken,
            nextSetTimestamp: try signed(page.nextSetTimestamp, "nextSetTimestamp"),
            hasMoreRecords: page.hasMoreRecords,
            records: try translating { try page.records.map(Record.init) })
    }

    func record() throws(OwnprintError) -> OwnprintGenerated.StopNciiPage {
        let code = "invalid-record"
        return OwnprintGenerated.StopNciiPage(
            count: try unsigned(count, "count", code: code), nextPageToken: nextPageToken,
            nextSetTimestamp: try unsigned(nextSetTimestamp, "nextSetTimestamp", code: code),
            hasMoreRecords: hasMoreRecords,
            records: try translating { try records.map { try $0.record() } })
    }
}

extension StopNCIIPage.Record {
    fileprivate init(_ record: OwnprintGenerated.StopNciiRecord) throws(OwnprintError) {
        self.init(
            lastModified: try signed(record.lastModified, "lastModtimestamp"),
            signal: record.signal, hash: record.hash, status: record.status,
            cases: record.cases.map { StopNCIIPage.Case(number: $0.number, status: $0.status) },
            feedbacks: record.feedbacks.map {
                StopNCIIPage.Feedback(value: $0.value, tags: $0.tags, source: $0.source)
            })
    }

    fileprivate func record() throws(OwnprintError) -> OwnprintGenerated.StopNciiRecord {
        OwnprintGenerated.StopNciiRecord(
            lastModified: try unsigned(lastModified, "lastModtimestamp", code: "invalid-record"),
            signal: signal, hash: hash, status: status,
            cases: cases.map {
                OwnprintGenerated.StopNciiCase(number: $0.number, status: $0.status)
            },
            feedbacks: feedbacks.map {
                OwnprintGenerated.StopNciiFeedback(
                    value: $0.value, tags: $0.tags, source: $0.source)
            })
    }
}
