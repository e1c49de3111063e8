package org.ownprint

/**
 * One page of StopNCII.org's `FetchHashes`. The names of signals, statuses and values are the
 * service's.
 *
 * @property count number of records that the service states
 * @property nextPageToken the token that requests the next page, if there is one
 * @property nextSetTimestamp the start time of the next request, in seconds since 1970
 * @property hasMoreRecords whether there are more records
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
     * Returns the page as JSON, on one line.
     *
     * @throws OwnprintException `invalid-record` for an unknown name, and for an invalid hash
     */
    @Throws(OwnprintException::class)
    public fun toJson(): String = native { org.ownprint.ffi.writeStopNciiPage(toNative()) }

    public companion object {
        /**
         * Reads a page from JSON. Unknown members are ignored.
         *
         * @throws OwnprintException `invalid-record`, with line and column
         */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun fromJson(text: String): StopNciiPage =
            native { org.ownprint.ffi.readStopNciiPage(text) }.toPublic()

        /**
         * Reads a page as [fromJson] does, but skips invalid records, and says what is wrong with
         * them.
         *
         * @throws OwnprintException `invalid-record`, with line and column
         */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun fromJsonTolerant(text: String): TolerantPage {
            val read = native { org.ownprint.ffi.readStopNciiPageTolerant(text) }
            return TolerantPage(read.page.toPublic(), read.skipped.toPublic())
        }
    }
}

/**
 * A page without its invalid records.
 *
 * @property page the page
 * @property skipped the records that were skipped
 */
public data class TolerantPage(val page: StopNciiPage, val skipped: SkippedRows)

/**
 * One hash of StopNCII.org with its status.
 *
 * @property lastModified the time of the last change, in seconds since 1970
 * @property signal the kind of hash: `ImagePDQ`, `VideoMD5`, `VideoTMK`, `Text`, `URL` or `Unknown`
 * @property hash the hash: 64 lowercase digits for `ImagePDQ`, 32 for `VideoMD5`, any text for
 *   others
 * @property status the status: `Received`, `Active`, `Withdrawn`, `Deleted` or `Unknown`
 * @property cases the status in each case
 * @property feedbacks the feedback of services
 */
public data class StopNciiRecord
@JvmOverloads
constructor(
    val lastModified: Long,
    val signal: String,
    val hash: String,
    val status: String,
    val cases: List<StopNciiCase> = emptyList(),
    val feedbacks: List<StopNciiFeedback> = emptyList(),
)

/**
 * The status of a hash in one case.
 *
 * @property number the number of the case
 * @property status the status, as for a record
 */
public data class StopNciiCase(val number: String, val status: String)

/**
 * The feedback of one service on a hash.
 *
 * @property value the feedback: `None`, `QualityUnknown`, `PendingReview`, `Blocked`, `NotBlocked`,
 *   `Withdrawn`, `Deleted` or `Unknown`
 * @property tags tags of the service
 * @property source the name of the service; empty if not stated
 */
public data class StopNciiFeedback(val value: String, val tags: List<String>, val source: String)
