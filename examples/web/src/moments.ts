/** The moments of a video: the frames with a fingerprint. */

import type { Fingerprint, VpdqFrame } from "ownprint/inline";

import { make } from "./dom";
import { number, text } from "./language";

/** Frames below this quality are left out when videos are compared. */
const USEFUL_QUALITY = 50;

/** Returns the moments of a video that can match. */
export function usefulMoments({ video }: Fingerprint): readonly VpdqFrame[] {
  return (video?.vpdq ?? []).filter(({ quality }) => quality >= USEFUL_QUALITY);
}

/** Returns the lines that vPDQ's own program writes: frame, quality, hash, seconds. */
export function linesOf({ video }: Fingerprint): string {
  return (video?.vpdq ?? [])
    .map(({ frame, quality, hash, seconds }) => `${frame},${quality},${hash},${seconds.toFixed(3)}`)
    .join("\n");
}

/** Returns a length or a time of a video: minutes, and seconds to the tenth. */
export function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const digits = { minimumIntegerDigits: 2, minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const minutes = number(Math.floor(tenths / 600), { useGrouping: false });
  return `${minutes}:${number((tenths % 600) / 10, digits)}`;
}

/** The folded table of all moments. Its rows are made when it is opened: there may be thousands. */
export function momentsTable(
  { video }: Fingerprint,
  open: boolean,
): HTMLDetailsElement | undefined {
  const frames = video?.vpdq ?? [];
  if (frames.length === 0) return undefined;
  const title = text("details.moments", { count: frames.length });
  const body = make("tbody");
  const column = (name: string): HTMLElement => make("th", { scope: "col" }, name);
  const head = make(
    "tr",
    {},
    column(text("details.moment.time")),
    column(text("details.moment.quality")),
    column(text("details.moment.hash")),
  );
  // Long tables scroll in themselves; keyboards can scroll only what can have the focus.
  const table = make("table", {}, make("thead", {}, head), body);
  const region = make("div", { role: "region", tabindex: 0, "aria-label": title }, table);
  const folded = make("details", { class: "moments", open }, make("summary", {}, title), region);
  const fill = (): void => {
    if (folded.open && !body.hasChildNodes()) body.append(...frames.map(row));
  };
  folded.addEventListener("toggle", fill);
  fill();
  return folded;
}

function row({ seconds, quality, hash }: VpdqFrame): HTMLTableRowElement {
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, make("bdi", { dir: "ltr" }, clock(seconds))),
    make("td", {}, number(quality)),
    make("td", {}, make("code", { dir: "ltr" }, hash)),
  );
}
