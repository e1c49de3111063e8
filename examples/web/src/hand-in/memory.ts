/**
 * A hand-in that keeps cases in the memory of this page, for trials and tests. Nothing is sent, and
 * the cases end with the page.
 */

import { CASE_DIGITS, checkNumbers, newAttempt } from "./numbers";
import {
  HandInError,
  type Attempt,
  type CallOptions,
  type CaseStatus,
  type FileHashes,
  type HandIn,
  type Receipt,
  type SubmitOptions,
} from "./types";

/** Wrong PINs of one case number before it is locked. */
const MAX_WRONG = 5;
/** In milliseconds. */
const LOCKED_FOR = 15 * 60_000;

interface Case {
  readonly attempt: Attempt;
  readonly hashes: string;
  readonly status: CaseStatus;
}

export class MemoryHandIn implements HandIn {
  readonly #cases = new Map<string, Case>();
  /** The case numbers of all attempts, also of withdrawn ones. */
  readonly #attempts = new Map<string, string>();
  readonly #wrong = new Map<string, { count: number; until: number }>();
  readonly #now: () => number;

  /** `now` returns the time in milliseconds. */
  constructor({ now = Date.now }: { readonly now?: () => number } = {}) {
    this.#now = now;
  }

  async submit(
    files: readonly FileHashes[],
    { attempt = newAttempt(), signal }: SubmitOptions = {},
  ): Promise<Receipt> {
    checkSignal(signal);
    if (files.length === 0) throw new HandInError("refused", "there are no hashes");
    const hashes = JSON.stringify(files);
    const before = this.#attempts.get(attempt.key);
    if (before !== undefined) return this.#repeated(before, attempt, hashes);
    const caseNumber = this.#newNumber();
    const receivedOn = new Date(this.#now()).toISOString().slice(0, 10);
    const status: CaseStatus = { state: "received", receivedOn, count: files.length };
    this.#attempts.set(attempt.key, caseNumber);
    this.#cases.set(caseNumber, { attempt, hashes, status });
    return { caseNumber, pin: attempt.pin, status };
  }

  async status(
    caseNumber: string,
    pin: string,
    { signal }: CallOptions = {},
  ): Promise<CaseStatus> {
    checkSignal(signal);
    return this.#open(caseNumber, pin).status;
  }

  async withdraw(caseNumber: string, pin: string, { signal }: CallOptions = {}): Promise<void> {
    checkSignal(signal);
    this.#open(caseNumber, pin);
    this.#cases.delete(caseNumber);
  }

  #repeated(caseNumber: string, attempt: Attempt, hashes: string): Receipt {
    const known = this.#cases.get(caseNumber);
    if (!known) throw new HandInError("withdrawn", "the case was withdrawn");
    if (known.hashes !== hashes || known.attempt.pin !== attempt.pin) {
      throw new HandInError("conflict", "the attempt was used for other hashes");
    }
    return { caseNumber, pin: attempt.pin, status: known.status };
  }

  #open(caseNumber: string, pin: string): Case {
    checkNumbers(caseNumber, pin);
    const now = this.#now();
    const wrong = this.#wrong.get(caseNumber);
    if (wrong && wrong.until > now && wrong.count >= MAX_WRONG) {
      const seconds = Math.ceil((wrong.until - now) / 1000);
      throw new HandInError("locked", "too many wrong PINs", seconds);
    }
    const found = this.#cases.get(caseNumber);
    if (found?.attempt.pin !== pin) {
      const count = wrong && wrong.until > now ? wrong.count + 1 : 1;
      this.#wrong.set(caseNumber, { count, until: now + LOCKED_FOR });
      throw new HandInError("wrong-pin", "there is no case with this number and this PIN");
    }
    this.#wrong.delete(caseNumber);
    return found;
  }

  #newNumber(): string {
    for (;;) {
      const draws = crypto.getRandomValues(new Uint8Array(64));
      // Bytes from 250 would make some digits more likely than others.
      const digits = [...draws].filter((draw) => draw < 250).map((draw) => draw % 10);
      const number = digits.slice(0, CASE_DIGITS).join("");
      if (number.length === CASE_DIGITS && !this.#cases.has(number)) return number;
    }
  }
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new HandInError("cancelled", "the call was cancelled");
}
