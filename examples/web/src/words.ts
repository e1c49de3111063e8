/** Describes a state in plain words: the only place that maps codes to sentences. */

import type { Fingerprint } from "ownprint/inline";

import { isKey, text, type Key } from "./language";
import type { ImageItem, State } from "./images";

/** The color and the sign of a card. */
export type Mood = "busy" | "good" | "plain" | "help";

export interface Words {
  readonly mood: Mood;
  readonly title: string;
  /** What the state means and what to do, one paragraph each. */
  readonly sentences: readonly string[];
}

/** The core's warning for a quality that exchanges do not accept. */
const PLAIN = "low-quality";
/** The core's warning for a damaged file that was hashed as far as possible. */
const PART = "damaged";

/** Returns the PDQ hashes of an image and its common edits, if they were computed. */
export function variantHashesOf({ state }: ImageItem): readonly string[] {
  if (state.kind !== "done") return [];
  return (state.fingerprint.image?.variants?.hashes ?? []).map(({ hash }) => hash);
}

/** Returns the PDQ hash of an image, if it was computed. */
export function hashOf({ state }: ImageItem): string | undefined {
  return state.kind === "done" ? state.fingerprint.image?.pdq?.hash : undefined;
}

export function wordsFor(state: State): Words {
  switch (state.kind) {
    case "waiting":
      return { mood: "busy", title: text("state.waiting"), sentences: [] };
    case "working":
      return { mood: "busy", title: text("state.working"), sentences: [] };
    case "cancelled":
      return {
        mood: "help",
        title: text("state.cancelled"),
        sentences: [text("state.cancelled.text")],
      };
    case "failed":
      return failure(state.code);
    case "done":
      return result(state.fingerprint);
  }
}

/** Returns `true` if the rest of a damaged file may still have a fingerprint. */
export function isDamaged(state: State): boolean {
  return state.kind === "failed" && ["damaged", "truncated"].includes(state.code);
}

/** Returns `true` if a retry may succeed, because the file is not the reason of the failure. */
export function isWorthRetrying(state: State): boolean {
  if (state.kind === "cancelled") return true;
  return (
    state.kind === "failed" && ["io", "internal", "load-failed", "unknown"].includes(state.code)
  );
}

function result(fingerprint: Fingerprint): Words {
  const { image, error, warnings } = fingerprint;
  const codes = [...(error ? [error] : []), ...warnings].map(({ code }) => code);
  if (!image?.pdq) {
    const title = codes.includes("unsupported-format") ? "result.unreadable" : "result.other";
    const rest = codes.filter((code) => !["unsupported-format", "not-an-image"].includes(code));
    const about: Key[] =
      title === "result.unreadable" ? [`${title}.text`, "advice.jpeg"] : [`${title}.text`];
    return {
      mood: "help",
      title: text(title),
      sentences: [...about.map((key) => text(key)), ...sentencesFor(rest)],
    };
  }
  const title = codes.includes(PLAIN)
    ? "result.plain"
    : codes.includes(PART)
      ? "result.part"
      : "result.good";
  const rest = codes.filter(
    (code) => code !== PLAIN && !(code === PART && title === "result.part"),
  );
  // Such decoders, for example the browser's, may give slightly other pixels on another device.
  if (!fingerprint.deterministic) rest.push("not-deterministic");
  const mood = title === "result.good" ? "good" : "plain";
  return { mood, title: text(title), sentences: [text(`${title}.text`), ...sentencesFor(rest)] };
}

function sentencesFor(codes: readonly string[]): string[] {
  return codes
    .map((code) => `warning.${code}`)
    .filter(isKey)
    .map((key) => text(key));
}

/** Codes of files that can be read after they are saved as JPEG. */
const READ_AS_JPEG = ["unsupported-format", "unsupported-feature", "canvas-tampered"];

function failure(code: string): Words {
  const name = `error.${code}`;
  const title: Key = isKey(name) ? name : "error.unknown";
  const about = `${title}.text`;
  const sentences = isKey(about) ? [text(about)] : [];
  if (READ_AS_JPEG.includes(code)) sentences.push(text("advice.jpeg"));
  return { mood: "help", title: text(title), sentences };
}
