/**
 * Hands in over HTTPS. Each operation is a POST with a JSON body, so that neither case number nor
 * PIN is in an address, which servers write into logs:
 *
 * | address | body | answer |
 * |---|---|---|
 * | `v1/cases` | `{ key, pin, files }` | 201, or 200 if repeated: `{ case, ...status }` |
 * | `v1/cases/status` | `{ case, pin }` | 200: `{ state, received_on, count }` |
 * | `v1/cases/withdraw` | `{ case, pin }` | 200: `{ withdrawn: true }` |
 *
 * An error is `{ error: { code, message, retry_after? } }` with a code of `HAND_IN_CODES`. What the
 * service answers is checked before it is used.
 */

import { CASE_DIGITS, checkNumbers, isDigits, newAttempt } from "./numbers";
import {
  HAND_IN_CODES,
  HandInError,
  type CallOptions,
  type CaseStatus,
  type FileHashes,
  type HandIn,
  type HandInCode,
  type Receipt,
  type SubmitOptions,
} from "./types";

/** In milliseconds; a slow connection needs time for the hashes of a long video. */
const TIMEOUT = 60_000;
/** Every answer is a few hundred bytes. */
const MAX_ANSWER = 16 << 10;
/** The longest wait in seconds that is believed. */
const MAX_RETRY_AFTER = 7 * 24 * 3600;

type Json = Readonly<Record<string, unknown>>;

export class HttpHandIn implements HandIn {
  readonly #base: string;
  readonly #timeout: number;

  /** Throws a `TypeError` unless `endpoint` is an https: address, or http: of this device. */
  constructor(endpoint: string, { timeout = TIMEOUT } = {}) {
    const address = new URL(endpoint);
    const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(address.hostname);
    if (address.protocol !== "https:" && !(address.protocol === "http:" && isLocal)) {
      throw new TypeError(`the endpoint must be an https: address: ${endpoint}`);
    }
    this.#base = `${address.origin}${address.pathname.replace(/\/*$/, "/")}`;
    this.#timeout = timeout;
  }

  async submit(
    files: readonly FileHashes[],
    { attempt = newAttempt(), signal }: SubmitOptions = {},
  ): Promise<Receipt> {
    const answer = await this.#post("v1/cases", { ...attempt, files }, signal);
    const { case: caseNumber } = answer;
    if (typeof caseNumber !== "string" || !isDigits(caseNumber, CASE_DIGITS)) throw malformed();
    const status = statusOf(answer);
    // A service that stored something else must not look as if all went well.
    if (status.count !== files.length) throw malformed();
    return { caseNumber, pin: attempt.pin, status };
  }

  async status(
    caseNumber: string,
    pin: string,
    { signal }: CallOptions = {},
  ): Promise<CaseStatus> {
    checkNumbers(caseNumber, pin);
    return statusOf(await this.#post("v1/cases/status", { case: caseNumber, pin }, signal));
  }

  async withdraw(caseNumber: string, pin: string, { signal }: CallOptions = {}): Promise<void> {
    checkNumbers(caseNumber, pin);
    const answer = await this.#post("v1/cases/withdraw", { case: caseNumber, pin }, signal);
    if (answer.withdrawn !== true) throw malformed();
  }

  async #post(path: string, body: Json, signal?: AbortSignal): Promise<Json> {
    const end = new AbortController();
    const timer = setTimeout(() => end.abort(), this.#timeout);
    const cancel = (): void => end.abort();
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
    try {
      const response = await fetch(this.#base + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: end.signal,
        mode: "cors",
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
        // The person was told which service receives the hashes.
        redirect: "error",
      });
      const answer = objectOf(await boundedText(response));
      if (!response.ok) throw errorOf(answer, response.status);
      return answer;
    } catch (error) {
      if (error instanceof HandInError) throw error;
      if (signal?.aborted) throw new HandInError("cancelled", "the call was cancelled");
      throw new HandInError("unreachable", "the service did not answer");
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    }
  }
}

/** Reads an answer of limited length. */
async function boundedText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder("utf-8");
  let text = "";
  for (let length = 0; reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MAX_ANSWER) {
      await reader.cancel();
      throw malformed();
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

function objectOf(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed();
  }
  return asObject(value);
}

function asObject(value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed();
  return value as Json;
}

function statusOf({ state, received_on: receivedOn, count }: Json): CaseStatus {
  if (state !== "received" && state !== "shared") throw malformed();
  if (typeof receivedOn !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(receivedOn)) {
    throw malformed();
  }
  if (Number.isNaN(Date.parse(receivedOn))) throw malformed();
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 1) throw malformed();
  return { state, receivedOn, count };
}

/** Codes that only this side gives. */
const OWN: readonly HandInCode[] = ["unreachable", "bad-answer", "cancelled"];

function errorOf(answer: Json, status: number): HandInError {
  const { code, retry_after: wait } = asObject(answer.error);
  const known = HAND_IN_CODES.find((it) => it === code && !OWN.includes(it));
  if (known === undefined) {
    // Whether a service with an error of its own stored anything is unknown.
    return status >= 500
      ? new HandInError("unreachable", `the service failed with status ${status}`)
      : malformed();
  }
  const isTime = typeof wait === "number" && wait >= 0 && wait <= MAX_RETRY_AFTER;
  return new HandInError(known, `the service answered: ${known}`, isTime ? wait : undefined);
}

function malformed(): HandInError {
  return new HandInError("bad-answer", "the answer of the service is malformed");
}
