/** The folded part of a card: what somebody who works with fingerprints wants to know. */

import type { Fingerprint } from "ownprint/inline";

import { make } from "./dom";
import { number, text } from "./language";
import { pdqOf } from "./words";

export function details(fingerprint: Fingerprint, open: boolean): HTMLDetailsElement {
  const list = make("dl");
  const add = (term: string | Node, value: string, code = false, to = list): void => {
    // Codes are written from left to right in every language.
    const shown = code ? make("code", { dir: "ltr" }, value) : value;
    to.append(make("div", {}, make("dt", {}, term), make("dd", {}, shown)));
  };
  const quality = pdqOf(fingerprint)?.quality;
  if (quality !== undefined) add(text("details.quality"), text("details.quality.of", { quality }));
  if (fingerprint.format) add(text("details.format"), fingerprint.format.toUpperCase());
  const { width, height, stored_width, stored_height, orientation } = fingerprint;
  if (width && height) add(text("details.size"), size(width, height));
  if (stored_width && stored_height && (stored_width !== width || stored_height !== height)) {
    add(text("details.stored"), size(stored_width, stored_height));
  }
  if (orientation && orientation !== 1) add(text("details.turned"), text("details.turned.text", { orientation }));
  if (fingerprint.format !== undefined) {
    add(text("details.reader"), text(fingerprint.decoder === "platform" ? "details.reader.browser" : "details.reader.page"));
  }
  for (const [name, { hex }] of Object.entries(fingerprint.hashes)) {
    for (const value of [hex].flat()) add(printed(name), value, true);
  }
  for (const [name, value] of Object.entries(fingerprint.digests)) add(printed(name), value, true);
  for (const { code } of fingerprint.warnings) add(text("details.warning"), code, true);
  const edits = make("dl", { class: "set" });
  for (const { variant, hex } of fingerprint.variants?.hashes ?? []) add(make("code", { dir: "ltr" }, variant), hex, true, edits);
  const more = edits.hasChildNodes() ? [make("p", { class: "small" }, text("details.edits")), edits] : [];
  return make(
    "details",
    { open },
    make("summary", {}, text("details.title")),
    list,
    make("p", { class: "small" }, text("details.digests")),
    ...more,
  );
}

/** An algorithm's name as people write it. */
function printed(name: string): string {
  return name.toUpperCase().replace(/^SHA(?=\d)/, "SHA-");
}

function size(width: number, height: number): string {
  const plain = { useGrouping: false };
  return text("details.pixels", { width: number(width, plain), height: number(height, plain) });
}
