@file:JvmName("Records")

package org.ownprint

import java.nio.ByteBuffer

/**
 * The record of one file: one line of the command line's `jsonl`, or one row of its CSV.
 *
 * @property path the file's path, or another name of the file
 * @property image the decoded image; `null` for a file that was not decoded as an image
 * @property hashes the perceptual hashes, each algorithm once
 * @property variants the hashes of the image's variants, if there are any
 * @property video the video and the hashes of its frames, if there are any
 * @property digests the digests, each algorithm once
 * @property warnings the warnings; their messages are empty if the record was read from CSV
 * @property decoder which decoder made the pixels. With [Decoder.PLATFORM], another device may
 *   compute other bits
 * @property error why the hashes are missing, or the file could not be read
 * @property decoderRevision the revision of the decoder of this library, if it is known
 */
public data class FingerprintRecord
@JvmOverloads
constructor(
    val path: String? = null,
    val image: ImageInfo? = null,
    val hashes: List<PerceptualHash> = emptyList(),
    val variants: VariantHashes? = null,
    val video: VideoFingerprint? = null,
    val digests: List<Digest> = emptyList(),
    val warnings: List<Diagnostic> = emptyList(),
    val decoder: Decoder = Decoder.OWNPRINT,
    val error: Diagnostic? = null,
    val decoderRevision: Int? = null,
) {
    /** The record of a fingerprint. */
    public constructor(
        path: String?,
        fingerprint: Fingerprint,
    ) : this(
        path = path,
        image = fingerprint.image?.info,
        hashes = fingerprint.image?.hashes.orEmpty(),
        variants = fingerprint.image?.variants,
        video = fingerprint.video,
        digests = fingerprint.digests,
        warnings = fingerprint.warnings,
        decoder = fingerprint.image?.info?.decoder ?: Decoder.OWNPRINT,
        error = fingerprint.error,
        decoderRevision = fingerprint.decoderRevision,
    )

    /** The record of a file that could not be read. */
    public constructor(
        path: String?,
        error: OwnprintException,
    ) : this(path, error = Diagnostic(error.code, error.message))

    /** Returns the hash of one algorithm; `null` if the record does not have it. */
    public fun hash(algorithm: HashAlgorithm): PerceptualHash? =
        hashes.find { it.algorithm == algorithm }

    /** Returns the digest of one algorithm; `null` if the record does not have it. */
    public fun digest(algorithm: DigestAlgorithm): Digest? =
        digests.find { it.algorithm == algorithm }

    /**
     * Returns the record as JSON, on one line without a line break.
     *
     * @throws OwnprintException for values that the reader would refuse: `unknown-algorithm`,
     *   `unknown-variant`, `invalid-hash`, `not-comparable`, `invalid-record`
     */
    @Throws(OwnprintException::class)
    public fun toJson(): String = native { org.ownprint.ffi.writeRecord(toNative()) }

    public companion object {
        /**
         * Reads one record from JSON. A member that is missing, unknown or repeated is an error.
         *
         * @throws OwnprintException `invalid-record`, with line and column
         */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun fromJson(text: String): FingerprintRecord =
            native { org.ownprint.ffi.readRecord(text) }.toPublic()
    }
}

/**
 * A CSV table with columns for these hashes, digests and variants.
 *
 * @throws OwnprintException `unknown-algorithm`, `unknown-variant`, `invalid-variants`
 */
public class CsvTable
@JvmOverloads
@Throws(OwnprintException::class)
constructor(
    hashes: List<HashAlgorithm>,
    digests: List<DigestAlgorithm> = emptyList(),
    private val variants: VariantSet? = null,
) {
    private val algorithms = algorithmNames(hashes, digests)

    /** The names of the columns, with a line break. */
    public val header: String = native { org.ownprint.ffi.csvHeader(algorithms, variants?.names) }

    /**
     * Returns the row of a record, with a line break. Hashes and digests without a column, and the
     * messages of warnings, are skipped.
     *
     * @throws OwnprintException as [FingerprintRecord.toJson]
     */
    @Throws(OwnprintException::class)
    public fun row(record: FingerprintRecord): String = native {
        org.ownprint.ffi.csvRow(algorithms, variants?.names, record.toNative())
    }
}

/**
 * Returns the records of a CSV table, in its order. The table has any of the known columns, in any
 * order.
 *
 * @throws OwnprintException `invalid-record`, with line and column
 */
@Throws(OwnprintException::class)
public fun readCsv(table: ByteArray): List<FingerprintRecord> =
    ByteBuffer.wrap(table)
        .borrow { borrowed -> native { org.ownprint.ffi.readCsv(borrowed) } }
        .map { it.toPublic() }
