/** The elements of the web component. */

import { make } from "../dom";
import type { Key } from "../language";

export type Template = ReturnType<typeof template>;

/** Returns new elements; `fillTexts` gives them their texts. */
export function template() {
  const edits = make("input", {
    type: "checkbox",
    checked: true,
    autocomplete: "off",
    "aria-describedby": "edits-text",
  });
  const button = make("button", {
    type: "button",
    class: "main-button",
    id: "choose",
    disabled: true,
    "aria-describedby": "formats",
    "data-text": "choose.button",
  });
  const input = make("input", {
    type: "file",
    accept: "image/*,video/*,.mkv",
    multiple: true,
    hidden: true,
    autocomplete: "off",
  });
  const zone = make(
    "div",
    { class: "drop" },
    button,
    input,
    said("p", "choose.here", { class: "drop-hint" }),
    said("p", "choose.formats", { class: "small", id: "formats" }),
  );
  const readiness = make("p", { class: "small", role: "status" });
  const names = make("input", { type: "checkbox", autocomplete: "off" });
  const saveJson = make("button", { type: "button", "data-text": "list.json" });
  const saveCsv = make("button", { type: "button", "data-text": "list.csv" });
  const clear = make("button", { type: "button", "data-text": "list.clear" });
  const cards = make("ol", { class: "cards" });
  const tools = make(
    "div",
    { class: "panel list-tools" },
    make("label", { class: "check" }, names, " ", said("span", "list.names")),
    make("div", { class: "actions" }, saveJson, saveCsv, clear),
    said("p", "list.hint", { class: "small" }),
  );
  const section = make(
    "section",
    { class: "results", hidden: true, "aria-labelledby": "results-title" },
    said("h2", "list.title", { id: "results-title" }),
    cards,
    tools,
  );
  const choose = make(
    "section",
    { class: "choose", "aria-labelledby": "choose-title" },
    said("h2", "choose.title", { id: "choose-title" }),
    said("p", "choose.text"),
    make(
      "div",
      { class: "edits" },
      make("label", { class: "check" }, edits, " ", said("span", "choose.edits")),
      said("p", "choose.edits.text", { class: "small", id: "edits-text" }),
    ),
    zone,
    readiness,
  );
  const note = said("p", "language.unreviewed", { class: "small", hidden: true });
  const region = make("div", { class: "for-ears", role: "status" });
  const root = make("div", { class: "root" }, choose, section, note, region);
  return {
    ...{ root, edits, button, input, zone, readiness, names, saveJson, saveCsv, clear, cards },
    ...{ section, note, region },
  };
}

function said<Name extends "h2" | "p" | "span">(
  name: Name,
  key: Key,
  attributes: Readonly<Record<string, string | boolean>> = {},
): HTMLElementTagNameMap[Name] {
  return make(name, { ...attributes, "data-text": key });
}
