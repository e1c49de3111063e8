/** The forms in which fingerprints travel, as JavaScript has them. `docs/records.md` in the repository describes each. */

import type { Fingerprint, Diagnostic } from "./types.js";

/** What came of one file: its fingerprint, or why there is none. A line of the command line's `jsonl`, a row of its CSV. */
export type FingerprintRecord =
  | (Fingerprint & {
      /** The file's path, or another name for it. */
      readonly path?: string;
      readonly error?: undefined;
    })
  | {
      readonly path?: string;
      readonly schema: 1;
      readonly error: Diagnostic;
    };

/** A table in CSV. {@link Core.csvTable} gives one. */
export class CsvTable {
  /** The names of the columns, with the line's end. */
  readonly header: string;
  readonly #row: (record: FingerprintRecord) => string;

  /** @internal */
  constructor(header: string, row: (record: FingerprintRecord) => string) {
    this.header = header;
    this.#row = row;
  }

  /**
   * The row of a record, with the line's end. Hashes and digests that have no column, and the sentences of warnings, are skipped.
   *
   * @throws {@link OwnprintError} `invalid-record` for what is no record; line and column are those of its JSON
   */
  row(record: FingerprintRecord): string {
    return this.#row(record);
  }
}

/** A page of StopNCII.org's records, with the service's own names. */
export interface StopNciiPage {
  /** How many records there are, as the service says it. */
  readonly count: number;
  /** What asks for the next page, where there is one. */
  readonly nextPageToken: string | null;
  /** From when to ask the next time, in seconds since 1970. */
  readonly nextSetTimestamp: number;
  /** Whether more records wait. */
  readonly hasMoreRecords: boolean;
  readonly hashRecords: readonly StopNciiRecord[];
}

/** What became of a hash, or of one case that brought it; those that are `Withdrawn` or `Deleted` are to be deleted. */
export type StopNciiStatus = "Unknown" | "Received" | "Active" | "Withdrawn" | "Deleted";

/** One hash of StopNCII.org's and what is known of it. */
export interface StopNciiRecord {
  /** When it was last changed, in seconds since 1970. */
  readonly lastModtimestamp: number;
  readonly signalType: "Unknown" | "ImagePDQ" | "VideoMD5" | "VideoTMK" | "Text" | "URL";
  /** 64 lower-case digits for `ImagePDQ`, 32 for `VideoMD5`, any text for others. */
  readonly hashValue: string;
  readonly hashStatus: StopNciiStatus;
  /** What became of it in each case, by the case's number. */
  readonly caseNumbers: Readonly<Record<string, StopNciiStatus>>;
  /** What services say of it. */
  readonly CSPFeedbacks: readonly StopNciiFeedback[];
}

/** What one service says of a hash of StopNCII.org's. */
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
  /** The service's name; empty where it is not said. */
  readonly source: string;
}
