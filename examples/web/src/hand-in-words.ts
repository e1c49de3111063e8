/** Says in plain words how handing in, looking up or withdrawing ended. */

import { HandInError, type CaseStatus, type HandInCode } from "./hand-in";
import { date, isKey, text } from "./language";
import type { Words } from "./words";

/** What was tried. */
export type Action = "submit" | "status" | "withdraw";

/** Codes that have the words of another. */
const SAME: Partial<Record<HandInCode, HandInCode>> = { conflict: "refused" };

/** With these, nobody here knows whether a submission arrived. */
const UNSURE: readonly HandInCode[] = ["unreachable", "bad-answer", "cancelled"];

/** After these, a retry is a new attempt: the old one can bring nothing more. */
const FINAL: readonly HandInCode[] = ["refused", "conflict", "withdrawn"];

export function isFinal(error: unknown): boolean {
  return error instanceof HandInError && FINAL.includes(error.code);
}

export function wordsForError(error: unknown, action: Action): Words {
  const code: HandInCode = error instanceof HandInError ? error.code : "unreachable";
  const name = `handin.error.${SAME[code] ?? code}`;
  const about = `${name}.text`;
  const sentences: string[] = [];
  if (isKey(about)) sentences.push(text(about));
  if (action === "submit" && UNSURE.includes(code)) sentences.push(text("handin.error.unsure"));
  const wait = error instanceof HandInError ? error.retryAfter : undefined;
  if (wait !== undefined) {
    sentences.push(text("handin.wait", { count: Math.max(1, Math.ceil(wait / 60)) }));
  }
  const title = isKey(name) ? text(name) : text("error.unknown");
  return { mood: "help", title, sentences };
}

export function wordsForStatus({ state, receivedOn, count }: CaseStatus): Words {
  const about = text("handin.status", { date: date(receivedOn), count });
  return { mood: "good", title: text(`handin.state.${state}`), sentences: [about] };
}

export function wordsForWithdrawal(): Words {
  return {
    mood: "good",
    title: text("handin.withdrawn"),
    sentences: [text("handin.withdrawn.text")],
  };
}
