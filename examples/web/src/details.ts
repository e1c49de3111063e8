/** The folded part of a card, for people who work with fingerprints. */

import type { Fingerprint } from "ownprint/inline";

import { make } from "./dom";
import type { Kind } from "./kind";
import { number, text, type Key } from "./language";
import { clock, momentsTable } from "./moments";

/** Adds a line of a term and its value. */
type Add = (term: string | Node, value: string, isCode?: boolean) => void;

/** Which of the folded parts are open. */
export interface Opened {
  readonly details: boolean;
  readonly moments: boolean;
}

export function details(fingerprint: Fingerprint, kind: Kind, opened: Opened): HTMLDetailsElement {
  const { image, video, digests, warnings } = fingerprint;
  const list = make("dl");
  const add = addTo(list);
  if (image) aboutImage(fingerprint, image, add);
  if (video) aboutVideo(fingerprint, video, add);
  for (const [name, value] of Object.entries(digests)) add(printed(name), value, true);
  for (const { code } of warnings) add(text("details.warning"), code, true);
  const about = text(kind === "video" ? "details.digests.video" : "details.digests");
  const moments = momentsTable(fingerprint, opened.moments);
  return make(
    "details",
    { open: opened.details },
    make("summary", {}, text("details.title")),
    list,
    make("p", { class: "small" }, about),
    ...edits(fingerprint),
    ...(moments ? [moments] : []),
  );
}

function aboutImage(
  fingerprint: Fingerprint,
  image: NonNullable<Fingerprint["image"]>,
  add: Add,
): void {
  const { width, height, storedWidth, storedHeight, orientation } = image;
  if (image.pdq) {
    add(text("details.quality"), text("details.quality.of", { quality: image.pdq.quality }));
  }
  if (image.format) add(text("details.format"), image.format.toUpperCase());
  add(text("details.size"), size(width, height));
  if (storedWidth !== width || storedHeight !== height) {
    add(text("details.stored"), size(storedWidth, storedHeight));
  }
  if (orientation !== 1) {
    add(text("details.turned"), text("details.turned.text", { orientation }));
  }
  add(text("details.reader"), text(readerOf(fingerprint)));
  for (const [name, { values }] of Object.entries(image.hashes)) {
    for (const value of values) add(printed(name), value, true);
  }
}

function aboutVideo(
  fingerprint: Fingerprint,
  video: NonNullable<Fingerprint["video"]>,
  add: Add,
): void {
  const { format, codec, width, height, frames, frameRate } = video;
  const names = [format, codec].filter((name) => name !== undefined).map(printedFormat);
  if (names.length > 0) add(text("details.format.video"), names.join(", "));
  add(text("details.size"), size(width, height));
  const rate = rateOf(frameRate);
  if (rate !== undefined && frames !== undefined) {
    add(text("details.length"), clock(frames / rate));
    add(text("details.rate"), number(rate, { maximumFractionDigits: 2 }));
    add(text("details.frames"), number(frames));
  }
  add(text("details.reader"), text(readerOf(fingerprint)));
}

/** Returns the frames per second of a fraction such as `30000/1001`. */
function rateOf(fraction = ""): number | undefined {
  const [frames = 0, seconds = 0] = fraction.split("/").map(Number);
  return frames > 0 && seconds > 0 ? frames / seconds : undefined;
}

function readerOf({ decoder }: Fingerprint): Key {
  return decoder?.name === "platform" ? "details.reader.browser" : "details.reader.page";
}

function edits({ image }: Fingerprint): HTMLElement[] {
  const list = make("dl", { class: "set" });
  const add = addTo(list);
  for (const { variant, hash } of image?.variants?.hashes ?? []) {
    add(make("code", { dir: "ltr" }, variant), hash, true);
  }
  const about = make("p", { class: "small" }, text("details.edits"));
  return list.hasChildNodes() ? [about, list] : [];
}

function addTo(list: HTMLElement): Add {
  return (term, value, isCode = false) => {
    // Codes are written from left to right in every language.
    const shown = isCode ? make("code", { dir: "ltr" }, value) : value;
    list.append(make("div", {}, make("dt", {}, term), make("dd", {}, shown)));
  };
}

/** Returns an algorithm's name as people write it. */
function printed(name: string): string {
  return name.toUpperCase().replace(/^SHA(?=\d)/, "SHA-");
}

/** Containers and codecs whose names are not only capitals. */
const FORMATS: Readonly<Record<string, string>> = {
  webm: "WebM",
  matroska: "Matroska",
  h264: "H.264",
};

function printedFormat(name: string): string {
  return FORMATS[name] ?? name.toUpperCase();
}

function size(width: number, height: number): string {
  const plain = { useGrouping: false };
  return text("details.pixels", { width: number(width, plain), height: number(height, plain) });
}
