/** Formats in which hashes are exchanged; see `docs/records.md` in the repository. */

import type { FingerprintRecord } from "./record-json.js";

/** Writes records as CSV. {@link Core.csvTable} returns one. */
export class CsvTable {
  /** The header line with its line break. */
  readonly header: string;
  readonly #row: (record: FingerprintRecord) => string;

  /** @internal */
  constructor(header: string, row: (record: FingerprintRecord) => string) {
    this.header = header;
    this.#row = row;
  }

  /**
   * Returns a record's line with its line break. Hashes and digests without a column, and messages
   * of warnings, are omitted.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column of the record's JSON
   */
  row(record: FingerprintRecord): string {
    return this.#row(record);
  }
}

/** A page of StopNCII.org records, with the member names of its API. */
export interface StopNciiPage {
  /** Number of records, as the service states it. */
  readonly count: number;
  /** Token of the next page, if there is one. */
  readonly nextPageToken: string | null;
  /** The time to start the next request from, in seconds since 1970. */
  readonly nextSetTimestamp: number;
  readonly hasMoreRecords: boolean;
  readonly hashRecords: readonly StopNciiRecord[];
}

/** The status of a hash or a case. `Withdrawn` and `Deleted` hashes must be deleted. */
export type StopNciiStatus = "Unknown" | "Received" | "Active" | "Withdrawn" | "Deleted";

/** A StopNCII.org record of one hash. */
export interface StopNciiRecord {
  /** Time of the last change, in seconds since 1970. */
  readonly lastModtimestamp: number;
  readonly signalType: "Unknown" | "ImagePDQ" | "VideoMD5" | "VideoTMK" | "Text" | "URL";
  /** 64 lower-case digits for `ImagePDQ`, 32 for `VideoMD5`, any text for other signals. */
  readonly hashValue: string;
  readonly hashStatus: StopNciiStatus;
  /** The status in each case, by case number. */
  readonly caseNumbers: Readonly<Record<string, StopNciiStatus>>;
  /** Feedback of the services. */
  readonly CSPFeedbacks: readonly StopNciiFeedback[];
}

/** Feedback of one service on a StopNCII.org hash. */
export interface StopNciiFeedback {
  readonly feedbackValue:
    | "Unknown"
    | "None"
    | "QualityUnknown"
    | "PendingReview"
    | "Blocked"
    | "NotBlocked"
    | "Withdrawn"
    | "Deleted";
  readonly tags: readonly string[];
  /** Name of the service; empty if not stated. */
  readonly source: string;
}
