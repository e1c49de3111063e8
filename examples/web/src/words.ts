/** What a state means, in plain words: the one place that knows which code deserves which sentence. */

import type { Fingerprint, HashValue } from "ownprint/inline";

import { isKey, text, type Key } from "./language";
import type { Picture, State } from "./pictures";

/** How a card looks: its colour and its sign. */
export type Mood = "busy" | "good" | "plain" | "help";

export interface Words {
  readonly mood: Mood;
  readonly title: string;
  /** What it means and what to do, a paragraph each. */
  readonly sentences: readonly string[];
}

/** The core's warning of a quality below what exchanges accept. */
const PLAIN = "low-quality";
/** The core's warning of a file that was hashed as far as it goes. */
const PART = "damaged";

/** The PDQ hash of a result, if it has one. */
export function pdqOf(fingerprint: Fingerprint): (HashValue & { readonly hex: string }) | undefined {
  const value = fingerprint.hashes.pdq;
  return value && typeof value.hex === "string" ? { ...value, hex: value.hex } : undefined;
}

/** The PDQ hashes of a picture and its common edits, where they were made. */
export function allOf({ state }: Picture): readonly string[] {
  return state.kind === "done" ? (state.fingerprint.variants?.hashes ?? []).map(({ hex }) => hex) : [];
}

/** The PDQ hash of a picture that is done. */
export function hexOf(picture: Picture): string | undefined {
  return picture.state.kind === "done" ? pdqOf(picture.state.fingerprint)?.hex : undefined;
}

export function wordsFor(state: State): Words {
  switch (state.kind) {
    case "waiting":
      return { mood: "busy", title: text("state.waiting"), sentences: [] };
    case "working":
      return { mood: "busy", title: text("state.working"), sentences: [] };
    case "cancelled":
      return { mood: "help", title: text("state.cancelled"), sentences: [text("state.cancelled.text")] };
    case "failed":
      return failure(state.code);
    case "done":
      return result(state.fingerprint);
  }
}

/** Whether what is left of the file may still give a fingerprint. */
export function isDamaged(state: State): boolean {
  return state.kind === "failed" && ["damaged", "truncated"].includes(state.code);
}

/** Whether the same file may do better another time: not where the file itself is the reason. */
export function isWorthRetrying(state: State): boolean {
  if (state.kind === "cancelled") return true;
  return state.kind === "failed" && ["io", "internal", "load-failed", "unknown"].includes(state.code);
}

function result(fingerprint: Fingerprint): Words {
  const codes = fingerprint.warnings.map(({ code }) => code);
  if (!pdqOf(fingerprint)) {
    const title = codes.includes("unsupported-format") ? "result.unreadable" : "result.other";
    const rest = codes.filter((code) => !["unsupported-format", "not-a-picture"].includes(code));
    const about: Key[] = title === "result.unreadable" ? [`${title}.text`, "advice.jpeg"] : [`${title}.text`];
    return { mood: "help", title: text(title), sentences: [...about.map((key) => text(key)), ...notices(rest)] };
  }
  const title = codes.includes(PLAIN) ? "result.plain" : codes.includes(PART) ? "result.part" : "result.good";
  const rest = codes.filter((code) => code !== PLAIN && !(code === PART && title === "result.part"));
  // Such a decoder, the browser's own among them, may differ from device to device, and then the fingerprint does, a little.
  if (fingerprint.exact === false) rest.push("not-exact");
  const mood = title === "result.good" ? "good" : "plain";
  return { mood, title: text(title), sentences: [text(`${title}.text`), ...notices(rest)] };
}

function notices(codes: readonly string[]): string[] {
  return codes.map((code) => `warning.${code}`).filter(isKey).map((key) => text(key));
}

const READ_AS_JPEG = ["unsupported-format", "unsupported-feature", "canvas-tampered"];

function failure(code: string): Words {
  const name = `error.${code}`;
  const title: Key = isKey(name) ? name : "error.unknown";
  const explanation = `${title}.text`;
  const sentences = isKey(explanation) ? [text(explanation)] : [];
  if (READ_AS_JPEG.includes(code)) sentences.push(text("advice.jpeg"));
  return { mood: "help", title: text(title), sentences };
}
