/** Describes a state in plain words: the only place that maps codes to sentences. */

import type { Fingerprint } from "ownprint/inline";

import { fingerprintOf, type Item } from "./items";
import { isKey, text, type Key } from "./language";
import { usefulMoments } from "./moments";

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

/** Returns "Picture 1" or "Video 1". */
export function labelOf({ kind, number }: Item): string {
  return text(kind === "video" ? "video.label" : "image.label", { number });
}

/** Returns the PDQ hashes of an image and its common edits, if they were computed. */
export function variantHashesOf({ state }: Item): readonly string[] {
  if (state.kind !== "done") return [];
  return (state.fingerprint.image?.variants?.hashes ?? []).map(({ hash }) => hash);
}

/** Returns the PDQ hash of an image, if it was computed. */
export function hashOf({ state }: Item): string | undefined {
  return state.kind === "done" ? state.fingerprint.image?.pdq?.hash : undefined;
}

/** Returns the code that a card shows: the PDQ hash of a picture, the MD5 of a video. */
export function codeShownOf(item: Item): string | undefined {
  return item.kind === "video" ? fingerprintOf(item)?.digests.md5 : hashOf(item);
}

export function wordsFor({ state, kind }: Item): Words {
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
      return kind === "video" ? videoFailure(state.code) : failure(state.code);
    case "done":
      return kind === "video" ? videoResult(state.fingerprint) : result(state.fingerprint);
  }
}

/** Returns `true` if the rest of a damaged file may still have a fingerprint. */
export function isDamaged({ state }: Item): boolean {
  return (
    state.kind === "failed" && ["damaged", "truncated", "damaged-video"].includes(state.code)
  );
}

/** Returns `true` if a retry may succeed, because the file is not the reason of the failure. */
export function isWorthRetrying({ state }: Item): boolean {
  if (state.kind === "cancelled") return true;
  return (
    state.kind === "failed" && ["io", "internal", "load-failed", "unknown"].includes(state.code)
  );
}

function videoResult(fingerprint: Fingerprint): Words {
  const count = fingerprint.video?.vpdq.length ?? 0;
  const useful = usefulMoments(fingerprint).length;
  const rest: Key[] = [];
  if (useful > 0 && useful < count) rest.push("video.some-plain");
  // Such players may give slightly other pixels on another device.
  if (!fingerprint.deterministic) rest.push("video.played", "warning.not-deterministic");
  const sentences = rest.map((key) => text(key));
  if (useful === 0) {
    return {
      mood: "plain",
      title: text("result.plain"),
      sentences: [text("video.plain.text"), ...sentences],
    };
  }
  const isPart = fingerprint.video?.damaged === true;
  return {
    mood: isPart ? "plain" : "good",
    title: isPart ? text("result.part") : text("video.good", { count }),
    sentences: [text(isPart ? "video.part.text" : "video.good.text"), ...sentences],
  };
}

/** Messages of errors that say something else about videos. */
const VIDEO_ERRORS: Readonly<Record<string, Key>> = {
  "limit-exceeded": "error.video-too-large",
  // The browser hides what its player shows, so that it cannot be read here.
  "canvas-tampered": "error.unsupported-video",
  "unsupported-format": "error.unsupported-video",
  "not-a-video": "error.unsupported-video",
  "not-an-image": "error.unsupported-video",
};

function videoFailure(code: string): Words {
  const title = VIDEO_ERRORS[code] ?? titleOf(code);
  const advice: Key[] = title === "error.unsupported-video" ? ["advice.video"] : [];
  const sentences = [...aboutOf(title), ...advice.map((key) => text(key))];
  return { mood: "help", title: text(title), sentences };
}

function result(fingerprint: Fingerprint): Words {
  const { image, error, warnings } = fingerprint;
  const codes: string[] = [...(error ? [error] : []), ...warnings].map(({ code }) => code);
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
  const title = titleOf(code);
  const sentences = aboutOf(title);
  if (READ_AS_JPEG.includes(code)) sentences.push(text("advice.jpeg"));
  return { mood: "help", title: text(title), sentences };
}

function titleOf(code: string): Key {
  const name = `error.${code}`;
  return isKey(name) ? name : "error.unknown";
}

function aboutOf(title: Key): string[] {
  const about = `${title}.text`;
  return isKey(about) ? [text(about)] : [];
}
