// Records as the library has them, and back. Nothing is computed or decided here.

internal import OwnprintGenerated

extension FingerprintRecord {
    init(_ record: OwnprintGenerated.FingerprintRecord) {
        let fingerprint = OwnprintGenerated.Fingerprint(
            image: record.image, hashes: record.hashes, variants: record.variants, video: nil,
            digests: record.digests, warnings: record.warnings, error: record.error)
        self.init(path: record.path, fingerprint: Fingerprint(fingerprint))
        byPlatform = record.decoder == .platform
        video = record.video
    }

    var record: OwnprintGenerated.FingerprintRecord {
        OwnprintGenerated.FingerprintRecord(
            path: path, image: image?.record,
            hashes: hashes.map {
                OwnprintGenerated.PerceptualHash(
                    algorithm: $0.algorithm, hex: $0.values, quality: $0.quality.map { UInt8(clamping: $0) })
            },
            variants: variants?.record, video: video,
            digests: digests.map { OwnprintGenerated.Digest(algorithm: $0.algorithm, hex: $0.hex) },
            warnings: warnings.map { OwnprintGenerated.Diagnostic(code: $0.code, message: $0.message) },
            decoder: byPlatform ? .platform : .ownprint,
            error: error.map { OwnprintGenerated.Diagnostic(code: $0.code, message: $0.message) })
    }
}

extension ImageInfo {
    fileprivate var record: OwnprintGenerated.ImageInfo {
        OwnprintGenerated.ImageInfo(
            format: format, width: UInt32(clamping: width), height: UInt32(clamping: height),
            orientation: exifOrientation(orientation), storedWidth: UInt32(clamping: storedWidth),
            storedHeight: UInt32(clamping: storedHeight), orientationApplied: isOrientationApplied,
            damaged: isDamaged, rgbMd5: rgbMD5,
            decoder: decoder == .platform ? .platform : .ownprint, deterministic: isDeterministic)
    }
}

extension StopNCIIPage {
    init(_ page: OwnprintGenerated.StopNciiPage) {
        self.init(
            count: page.count, nextPageToken: page.nextPageToken, nextSetTimestamp: page.nextSetTimestamp,
            hasMoreRecords: page.hasMoreRecords, records: page.records.map(Record.init))
    }

    var record: OwnprintGenerated.StopNciiPage {
        OwnprintGenerated.StopNciiPage(
            count: count, nextPageToken: nextPageToken, nextSetTimestamp: nextSetTimestamp,
            hasMoreRecords: hasMoreRecords, records: records.map(\.record))
    }
}

extension StopNCIIPage.Record {
    fileprivate init(_ record: OwnprintGenerated.StopNciiRecord) {
        self.init(
            lastModified: record.lastModified, signal: record.signal, hash: record.hash, status: record.status,
            cases: record.cases.map { StopNCIIPage.Case(number: $0.number, status: $0.status) },
            feedbacks: record.feedbacks.map {
                StopNCIIPage.Feedback(value: $0.value, tags: $0.tags, source: $0.source)
            })
    }

    fileprivate var record: OwnprintGenerated.StopNciiRecord {
        OwnprintGenerated.StopNciiRecord(
            lastModified: lastModified, signal: signal, hash: hash, status: status,
            cases: cases.map { OwnprintGenerated.StopNciiCase(number: $0.number, status: $0.status) },
            feedbacks: feedbacks.map {
                OwnprintGenerated.StopNciiFeedback(value: $0.value, tags: $0.tags, source: $0.source)
            })
    }
}

extension VPDQFeature {
    init(_ record: OwnprintGenerated.VpdqFeature) {
        self.init(hex: record.hex, quality: Int(record.quality), seconds: record.seconds)
    }

    var record: OwnprintGenerated.VpdqFeature {
        OwnprintGenerated.VpdqFeature(hex: hex, quality: UInt8(clamping: quality), seconds: seconds)
    }
}
