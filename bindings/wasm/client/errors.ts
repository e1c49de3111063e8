/** What goes wrong, as the modules tell it. */

import { OwnprintError } from "./types.js";
import type { Diagnostic } from "./types.js";

/** The error that a module's JSON describes. */
export function errorOf(json: string, cause?: unknown): OwnprintError {
  const { code, message } = JSON.parse(json) as { code: string; message: string };
  return new OwnprintError(code, message, { cause });
}

/** Whether something told is an error or a warning of this code. */
export function isDiagnostic(told: unknown, code: string): told is Diagnostic {
  return typeof told === "object" && told !== null && "code" in told && told.code === code;
}
