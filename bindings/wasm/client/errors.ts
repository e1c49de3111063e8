/** Errors and warnings. */

/** An error or a warning. */
export interface Diagnostic {
  /** For programs; a code never changes its meaning. */
  readonly code: string;
  /** For people; the sentence may improve. */
  readonly message: string;
}

/**
 * A call that failed. `code` is one of the core's (`io`, `cancelled`, `unknown-algorithm`,
 * `invalid-pixels`, `invalid-record`, ...) or of the package's: `load-failed`,
 * `integrity-mismatch`, `needs-full`.
 *
 * A file that cannot be decoded does not fail the call: see {@link Fingerprint.error}.
 */
export class OwnprintError extends Error {
  override readonly name = "OwnprintError";

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Returns the error that a module reports as JSON. */
export function errorFrom(json: string, cause?: unknown): OwnprintError {
  const { code, message } = JSON.parse(json) as Diagnostic;
  return new OwnprintError(code, message, { cause });
}

/**
 * Returns the text of an error of the platform without paths and addresses: messages are logged and
 * sent elsewhere, and the name of a file may be private.
 */
export function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof OwnprintError ? text : text.replace(PATHS, "…");
}

/** Quoted texts, addresses, and absolute paths. */
const PATHS =
  /(?<!\w)(['"`]).*?\1|\b[a-z]+:\/\/\S+|\bblob:\S+|(?<![^\s(=])(?:[A-Za-z]:)?[\\/]\S+/g;

/** Codes of errors that concern the file, not the call: its digests are valid nevertheless. */
const DECODE_ERRORS: readonly string[] = [
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
export function decodeErrorOf(error: unknown): Diagnostic {
  if (error instanceof OwnprintError && DECODE_ERRORS.includes(error.code)) {
    return { code: error.code, message: error.message };
  }
  throw error;
}
