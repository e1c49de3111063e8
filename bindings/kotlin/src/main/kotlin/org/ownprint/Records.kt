package org.ownprint

import java.nio.ByteBuffer

/**
 * What came of one file: its fingerprint, or why there is none; a line of the command line's `jsonl`, a row of its CSV.
 *
 * @property path the file's path, or another name for it
 * @property image the image, or nothing for a file that is no image that was decoded
 * @property hashes the perceptual hashes, each algorithm once
 * @property digests the digests, each algorithm once
 * @property warnings what a person should know about this result; those of a table in CSV have no sentences
 * @property byPlatform whether a browser or an operating system decoded the image: another device may get other bits
 * @property error why there is no result. With it, nothing but the path is written
 * @property variants the hashes of the image's edited forms, where there are some
 */
public data class FingerprintRecord(
    val path: String? = null,
    val image: ImageInfo? = null,
    val hashes: List<PerceptualHash> = emptyList(),
    val digests: List<Digest> = emptyList(),
    val warnings: List<Warning> = emptyList(),
    val byPlatform: Boolean = false,
    val error: Diagnostic? = null,
    val variants: VariantHashes? = null,
) {
    /** The record of a fingerprint. */
    public constructor(path: String?, fingerprint: Fingerprint) : this(
        path,
        fingerprint.image,
        fingerprint.hashes,
        fingerprint.digests,
        fingerprint.warnings,
        fingerprint.image?.decoder == Decoder.PLATFORM,
        variants = fingerprint.variants,
    )

    /** The record of a file that failed. */
    public constructor(path: String?, error: OwnprintException) : this(path, error = Diagnostic(error.code, error.message))

    /** The hash under an algorithm's stable name, such as `pdq`; nothing where the record does not have it. */
    public fun hash(algorithm: String): PerceptualHash? = hashes.find { it.algorithm == algorithm }

    /** The lower-case hexadecimal digits of a digest by its stable name; nothing where the record does not have it. */
    public fun digest(algorithm: String): String? = digests.find { it.algorithm == algorithm }?.hex

    /**
     * The record as JSON on one line, without its end.
     *
     * @throws OwnprintException for what a reader would not take: `unknown-algorithm`, `invalid-hash`, `not-comparable`,
     *   `invalid-record`
     */
    public fun toJson(): String = atBorder { org.ownprint.ffi.writeRecord(toNative()) }

    public companion object {
        /**
         * Reads one record from JSON, strictly: a member that is missing, unknown or there twice is an error.
         *
         * @throws OwnprintException `invalid-record`, with line and column
         */
        @JvmStatic
        public fun fromJson(text: String): FingerprintRecord = atBorder { org.ownprint.ffi.readRecord(text) }.toRecord()
    }
}

/**
 * A warning or an error as records carry it.
 *
 * @property code the stable name, in kebab case
 * @property message a sentence
 */
public data class Diagnostic(val code: String, val message: String)

/**
 * A table in CSV with a column for each of these hashes and digests, and with those of a set of variants where one is named.
 *
 * @param algorithms stable names, as those of [Options.algorithms]
 * @param variants names, as those of [Options.variants]
 * @throws OwnprintException `unknown-algorithm`, `unknown-variant`, `invalid-variants`
 */
public class CsvTable @JvmOverloads constructor(
    private val algorithms: List<String>,
    private val variants: List<String>? = null,
) {
    /** The names of the columns, with the line's end. */
    public val header: String = atBorder { org.ownprint.ffi.csvHeader(algorithms, variants) }

    /**
     * The row of a record, with the line's end. Hashes and digests that have no column, and the sentences of warnings, are skipped.
     *
     * @throws OwnprintException as [FingerprintRecord.toJson]
     */
    public fun row(record: FingerprintRecord): String =
        atBorder { org.ownprint.ffi.csvRow(algorithms, variants, record.toNative()) }
}

/**
 * The records of a table in CSV, in its order: any of the known columns, in any order.
 *
 * @throws OwnprintException `invalid-record`, with line and column
 */
public fun readCsv(table: ByteArray): List<FingerprintRecord> =
    ByteBuffer.wrap(table).lend { borrowed -> atBorder { org.ownprint.ffi.readCsv(borrowed) } }.map { it.toRecord() }

/**
 * A page of StopNCII.org's records, as its `FetchHashes` answers. Names of signals, statuses and values are the service's own.
 *
 * @property count how many records there are, as the service says it
 * @property nextPageToken what asks for the next page, where there is one
 * @property nextSetTimestamp from when to ask the next time, in seconds since 1970
 * @property hasMoreRecords whether more records wait
 * @property records the records
 */
public data class StopNciiPage(
    val count: Long,
    val nextPageToken: String?,
    val nextSetTimestamp: Long,
    val hasMoreRecords: Boolean,
    val records: List<StopNciiRecord>,
) {
    /**
     * The page as JSON on one line.
     *
     * @throws OwnprintException `invalid-record` for a name that is not known, and for a hash that is none
     */
    public fun toJson(): String = atBorder { org.ownprint.ffi.writeStopNciiPage(toNative()) }

    public companion object {
        /**
         * Reads a page. Members that are not known are passed over.
         *
         * @throws OwnprintException `invalid-record`, with line and column
         */
        @JvmStatic
        public fun fromJson(text: String): StopNciiPage = atBorder { org.ownprint.ffi.readStopNciiPage(text) }.toRecord()
    }
}

/**
 * One hash of StopNCII.org's and what is known of it.
 *
 * @property lastModified when it was last changed, in seconds since 1970
 * @property signal what the hash is: `ImagePDQ`, `VideoMD5`, `VideoTMK`, `Text`, `URL` or `Unknown`
 * @property hash 64 lower-case digits for `ImagePDQ`, 32 for `VideoMD5`, any text for others
 * @property status what became of it: `Received`, `Active`, `Withdrawn`, `Deleted` or `Unknown`
 * @property cases what became of it in each case
 * @property feedbacks what services say of it
 */
public data class StopNciiRecord(
    val lastModified: Long,
    val signal: String,
    val hash: String,
    val status: String,
    val cases: List<StopNciiCase> = emptyList(),
    val feedbacks: List<StopNciiFeedback> = emptyList(),
)

/**
 * What became of a hash in one case that brought it.
 *
 * @property number the case's number
 * @property status as that of a record
 */
public data class StopNciiCase(val number: String, val status: String)

/**
 * What one service says of a hash.
 *
 * @property value `None`, `QualityUnknown`, `PendingReview`, `Blocked`, `NotBlocked`, `Withdrawn`, `Deleted` or `Unknown`
 * @property tags words of its own
 * @property source the service's name; empty where it is not said
 */
public data class StopNciiFeedback(val value: String, val tags: List<String>, val source: String)

/**
 * A frame's PDQ hash in vPDQ, and when the frame is shown.
 *
 * @property hex the hash in 64 hexadecimal digits
 * @property quality 0 to 100; below 50 it is skipped when videos are compared
 * @property seconds seconds from the video's start
 */
public data class VpdqFeature(val hex: String, val quality: Int, val seconds: Double) {
    public companion object {
        /**
         * The features of a video from python-threatexchange's JSON, a list of texts `HASH,QUALITY,SECONDS`.
         *
         * @throws OwnprintException `invalid-record`, with line and column
         */
        @JvmStatic
        public fun fromJson(text: String): List<VpdqFeature> =
            atBorder { org.ownprint.ffi.readVpdqFeatures(text) }.map { it.toRecord() }

        /**
         * The features of a video as python-threatexchange writes them; of a time all but three significant digits are lost.
         *
         * @throws OwnprintException `invalid-hash`, `not-comparable`, `invalid-record` for a time that is negative or none
         */
        @JvmStatic
        public fun toJson(features: List<VpdqFeature>): String =
            atBorder { org.ownprint.ffi.writeVpdqFeatures(features.map { it.toNative() }) }
    }
}

/**
 * A feature with the number of its frame, as vPDQ's text has it.
 *
 * @property frame the frame's number in the video, from 0
 * @property feature what is known of the frame
 */
public data class VpdqFrame(val frame: Long, val feature: VpdqFeature) {
    /**
     * The line `FRAME,QUALITY,HASH,SECONDS`, without its end; times are rounded to milliseconds.
     *
     * @throws OwnprintException as [VpdqFeature.toJson]
     */
    public fun toLine(): String = atBorder { org.ownprint.ffi.writeVpdqFrame(toNative()) }

    public companion object {
        /**
         * Reads such a line.
         *
         * @throws OwnprintException `invalid-record`, with line and column
         */
        @JvmStatic
        public fun fromLine(line: String): VpdqFrame = atBorder { org.ownprint.ffi.readVpdqFrame(line) }.toRecord()
    }
}
