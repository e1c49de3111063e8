/** Shows how something ended, in the form of a card. */

import { make } from "./dom";
import type { Words } from "./words";

export function outcome({ mood, title, sentences }: Words, ...more: Node[]): HTMLElement {
  return make(
    "div",
    { class: "card", "data-mood": mood },
    make("p", { class: "headline" }, title),
    ...sentences.map((sentence) => make("p", {}, sentence)),
    ...more,
  );
}
