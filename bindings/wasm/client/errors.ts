/** Errors and warnings. */

/** Codes of errors, of the core and of this package; a code never changes its meaning. */
export type ErrorCode =
  // A file that cannot be decoded, in {@link Fingerprint.error}:
  | "not-an-image"
  | "not-a-video"
  | "not-requested"
  | "unsupported-format"
  | "unsupported-feature"
  | "unsupported-video"
  | "truncated"
  | "damaged"
  | "damaged-video"
  | "limit-exceeded"
  | "canvas-tampered"
  // A call that failed:
  | "io"
  | "cancelled"
  | "internal"
  | "unknown-algorithm"
  | "unknown-name"
  | "not-comparable"
  | "unknown-variant"
  | "invalid-hash"
  | "invalid-index"
  | "index-full"
  | "invalid-pixels"
  | "invalid-record"
  | "invalid-variants"
  | "invalid-video"
  // Of this package:
  | "disposed"
  | "invalid-argument"
  | "integrity-mismatch"
  | "load-failed"
  | "needs-full";

/** Codes of warnings. */
export type WarningCode =
  | "not-an-image"
  | "not-a-video"
  | "video-not-requested"
  | "unsupported-format"
  | "unsupported-video"
  | "damaged"
  | "first-frame-only"
  | "low-quality";

/** An error or a warning. */
export interface Diagnostic<Code extends string = ErrorCode | WarningCode> {
  /** For programs; a code never changes its meaning. */
  readonly code: Code;
  /** For people; the sentence may improve. */
  readonly message: string;
}

/**
 * A call that failed. No other error leaves this package, except the reason of an `AbortSignal` and
 * what a callback of the caller throws.
 *
 * A file that cannot be decoded does not fail the call: see {@link Fingerprint.error}.
 */
export class OwnprintError extends Error {
  override readonly name = "OwnprintError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Returns the error that a module reports as JSON. */
export function errorFrom(json: string, cause?: unknown): OwnprintError {
  const { code, message } = JSON.parse(json) as Diagnostic<ErrorCode>;
  return new OwnprintError(code, message, { cause });
}

/** Returns the error for an argument of a wrong type. */
export function invalidArgument(message: string, cause?: unknown): OwnprintError {
  return new OwnprintError("invalid-argument", message, { cause });
}

/**
 * Returns the text of an error of the platform without paths and addresses: messages are logged and
 * sent elsewhere, and the name of a file may be private.
 */
export function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof OwnprintError ? text : text.replace(PATHS, "…");
}

/**
 * Quoted texts, addresses, and absolute paths. Quotes and slashes are escaped, because Vite 5 takes
 * them for the ends of strings and of the expression.
 */
const PATHS =
  /(?<!\w)([\x22\x27\x60]).*?\1|\b[a-z]+:\x2f\x2f\S+|\bblob:\S+|(?<![^\s(=])(?:[A-Za-z]:)?[\x5c\x2f]\S+/g;

/** Codes of errors that concern the file, not the call: its digests are valid nevertheless. */
const DECODE_ERRORS: readonly ErrorCode[] = [
  "not-an-image",
  "not-a-video",
  "unsupported-format",
  "unsupported-feature",
  "unsupported-video",
  "truncated",
  "damaged",
  "damaged-video",
  "limit-exceeded",
  "canvas-tampered",
];

/** Returns what a decoder says of the file it cannot decode; throws any other error again. */
export function decodeErrorOf(error: unknown): Diagnostic<ErrorCode> {
  if (error instanceof OwnprintError && DECODE_ERRORS.includes(error.code)) {
    return { code: error.code, message: error.message };
  }
  throw error;
}
