/** Case numbers, PINs and attempts. */

import { HandInError, type Attempt } from "./types";

export const CASE_DIGITS = 12;
export const PIN_DIGITS = 8;

const KEY_BYTES = 16;

/** Returns a new attempt, from the random numbers of the device. */
export function newAttempt(): Attempt {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const key = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { key, pin: newPin() };
}

/** Returns eight random digits, each PIN with the same probability. */
export function newPin(): string {
  const range = 10 ** PIN_DIGITS;
  // Numbers above the last whole multiple would make some PINs more likely than others.
  const limit = Math.floor(2 ** 32 / range) * range;
  const draw = new Uint32Array(1);
  for (;;) {
    const [value = limit] = crypto.getRandomValues(draw);
    if (value < limit) return String(value % range).padStart(PIN_DIGITS, "0");
  }
}

/** Returns digits in groups of four, as people read and write them. */
export function grouped(digits: string): string {
  return digits.replace(/(\d{4})(?=\d)/g, "$1 ");
}

/** Throws unless both have the digits that they need. */
export function checkNumbers(caseNumber: string, pin: string): void {
  if (isDigits(caseNumber, CASE_DIGITS) && isDigits(pin, PIN_DIGITS)) return;
  const message = `a case number has ${CASE_DIGITS} digits, and a PIN has ${PIN_DIGITS}`;
  throw new HandInError("invalid-number", message);
}

export function isDigits(text: string, count: number): boolean {
  return text.length === count && /^[0-9]+$/.test(text);
}

/** Returns the digits that a person typed, without gaps, in any script that a keyboard has. */
export function typedDigits(text: string): string {
  return text
    .replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)))
    .replace(/[\s\p{Pd}\p{Cf}]/gu, "");
}

/** Unicode has the digits of a script in a row, from zero to nine. */
function digitValue(digit: string): number {
  let value = 0;
  for (let code = (digit.codePointAt(0) ?? 0) - 1; value < 9; code -= 1, value += 1) {
    if (!/\p{Nd}/u.test(String.fromCodePoint(code))) break;
  }
  return value;
}
