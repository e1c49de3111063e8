/** The folded part of a card, for people who work with fingerprints. */

import type { Fingerprint } from "ownprint/inline";

import { make } from "./dom";
import { number, text } from "./language";

export function details(fingerprint: Fingerprint, open: boolean): HTMLDetailsElement {
  const { image, digests, decoder, warnings } = fingerprint;
  const list = make("dl");
  const add = (term: string | Node, value: string, code = false, to = list): void => {
    // Codes are written from left to right in every language.
    const shown = code ? make("code", { dir: "ltr" }, value) : value;
    to.append(make("div", {}, make("dt", {}, term), make("dd", {}, shown)));
  };
  const edits = make("dl", { class: "set" });
  if (image) {
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
    const reader = decoder === "platform" ? "details.reader.browser" : "details.reader.page";
    add(text("details.reader"), text(reader));
    for (const [name, { values }] of Object.entries(image.hashes)) {
      for (const value of values) add(printed(name), value, true);
    }
    for (const { variant, hash } of image.variants?.hashes ?? []) {
      add(make("code", { dir: "ltr" }, variant), hash, true, edits);
    }
  }
  for (const [name, value] of Object.entries(digests)) add(printed(name), value, true);
  for (const { code } of warnings) add(text("details.warning"), code, true);
  const about = make("p", { class: "small" }, text("details.edits"));
  return make(
    "details",
    { open },
    make("summary", {}, text("details.title")),
    list,
    make("p", { class: "small" }, text("details.digests")),
    ...(edits.hasChildNodes() ? [about, edits] : []),
  );
}

/** Returns an algorithm's name as people write it. */
function printed(name: string): string {
  return name.toUpperCase().replace(/^SHA(?=\d)/, "SHA-");
}

function size(width: number, height: number): string {
  const plain = { useGrouping: false };
  return text("details.pixels", { width: number(width, plain), height: number(height, plain) });
}
