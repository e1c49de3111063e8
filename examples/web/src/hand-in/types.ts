/**
 * The hand-in interface: what the page needs from a service that receives hashes. A service
 * implements `HandIn`, or the HTTP protocol of `http.ts`, which has the same operations.
 *
 * Only hashes are handed in. Pixels, file names, sizes and dates are not part of any type here.
 */

/** A PDQ hash: 64 hexadecimal digits, and the quality from 0 to 100. */
export interface PdqHash {
  readonly hex: string;
  readonly quality: number;
}

/** The hashes of one file. */
export type FileHashes =
  | {
      readonly kind: "image";
      readonly pdq: PdqHash;
      /** PDQ hashes of common edits, if the person chose them. */
      readonly variants?: readonly (PdqHash & { readonly variant: string })[];
    }
  | {
      readonly kind: "video";
      /** Lists of videos contain MD5; 32 hexadecimal digits. */
      readonly md5: string;
      /** One PDQ hash per hashed frame; the time is in seconds. */
      readonly vpdq?: readonly (PdqHash & { readonly frame: number; readonly seconds: number })[];
    };

/**
 * One attempt to hand in, which can be repeated. The same attempt never makes a second case, so a
 * retry after a lost answer is safe.
 */
export interface Attempt {
  /** 32 random hexadecimal digits. */
  readonly key: string;
  /** Eight random digits, made on the device. */
  readonly pin: string;
}

/** `received`: the service stores the hashes. `shared`: it has passed them on. */
export type CaseState = "received" | "shared";

export interface CaseStatus {
  readonly state: CaseState;
  /** The day on which the case was received, in UTC: `2026-12-01`. */
  readonly receivedOn: string;
  /** The number of files whose hashes the case has. */
  readonly count: number;
}

/** What the person keeps. The page stores it nowhere. */
export interface Receipt {
  /** Twelve digits, made by the service. */
  readonly caseNumber: string;
  readonly pin: string;
  readonly status: CaseStatus;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface SubmitOptions extends CallOptions {
  /** The default is a new attempt. A retry passes the attempt that failed, and the same hashes. */
  readonly attempt?: Attempt;
}

/** A service that receives hashes. All operations reject with a `HandInError`. */
export interface HandIn {
  /** Hands in the hashes of at least one file. */
  submit(hashes: readonly FileHashes[], options?: SubmitOptions): Promise<Receipt>;
  /** Returns the status of a case. */
  status(caseNumber: string, pin: string, options?: CallOptions): Promise<CaseStatus>;
  /** Deletes a case with its hashes. Nothing remains that leads to them. */
  withdraw(caseNumber: string, pin: string, options?: CallOptions): Promise<void>;
}

/** The stable codes of `HandInError`. */
export const HAND_IN_CODES = [
  /** No answer came. A submission may have arrived: repeat the same attempt. */
  "unreachable",
  /** The service has too much to do. */
  "busy",
  /** There is no case with this number and this PIN, or no longer. */
  "wrong-pin",
  /** Too many wrong PINs were entered. */
  "locked",
  /** A case number is not twelve digits, or a PIN is not eight. */
  "invalid-number",
  /** The service does not accept these hashes. */
  "refused",
  /** The attempt was used for other hashes. */
  "conflict",
  /** The case of this attempt was withdrawn. */
  "withdrawn",
  /** The answer is not one of this interface. */
  "bad-answer",
  /** The caller's signal was aborted. A submission may have arrived. */
  "cancelled",
] as const;

export type HandInCode = (typeof HAND_IN_CODES)[number];

export class HandInError extends Error {
  readonly code: HandInCode;
  /** Seconds after which another call may succeed, if the service names them. */
  readonly retryAfter: number | undefined;

  constructor(code: HandInCode, message: string, retryAfter?: number) {
    super(message);
    this.name = "HandInError";
    this.code = code;
    this.retryAfter = retryAfter;
  }
}
