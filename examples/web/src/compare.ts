/** Comparing two fingerprints: of pictures in the list, or pasted from elsewhere. */

import type { Comparable, Comparison } from "ownprint/inline";

import { announce } from "./announce";
import { make, the } from "./dom";
import { codeOf, compare } from "./engine";
import { isKey, onLanguage, text } from "./language";
import type { Picture } from "./pictures";
import { hexOf } from "./words";

const PASTED = "pasted";

/** The variant that is the picture itself. */
const OWN = "picture";

const result = the("compare-result", HTMLDivElement);

/** One of the two: a choice among the pictures, and a field for a fingerprint from elsewhere. */
interface Side {
  readonly select: HTMLSelectElement;
  readonly field: HTMLInputElement;
}

/** Returns what to call when the pictures change. */
export function setUpComparing(): (pictures: readonly Picture[]) => void {
  const sides = [side("compare.first", "one"), side("compare.second", "two")] as const;
  let pictures: readonly Picture[] = [];
  const refresh = (): void => {
    for (const [place, { select, field }] of sides.entries()) {
      offer(select, pictures, place);
      showField(select, field);
    }
  };
  const update = (next: readonly Picture[]): void => {
    pictures = next.filter((picture) => hexOf(picture) !== undefined);
    // What is gone from the list is gone from here, too.
    result.replaceChildren();
    if (next.length === 0) for (const { field } of sides) field.value = "";
    refresh();
  };
  onLanguage(() => {
    result.replaceChildren();
    refresh();
  });
  the("compare-button", HTMLButtonElement).addEventListener("click", () => {
    const [one, two] = sides.map(({ select, field }) => {
      const picture = pictures.find(({ number }) => String(number) === select.value);
      return picture?.state.kind === "done" ? picture.state.fingerprint : field.value.trim().toLowerCase();
    });
    void run(one ?? "", two ?? "");
  });
  update([]);
  return update;
}

function side(key: "compare.first" | "compare.second", name: string): Side {
  const select = make("select", { id: `compare-${name}`, autocomplete: "off" });
  const field = make("input", {
    id: `compare-${name}-text`,
    type: "text",
    dir: "ltr",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: 80,
  });
  const label = make("label", { for: field.id, "data-text": "compare.paste" }, text("compare.paste"));
  the("compare-sides", HTMLDivElement).append(
    make(
      "div",
      { class: "side" },
      make("label", { for: select.id, "data-text": key }, text(key)),
      select,
      make("div", { class: "side-text" }, label, field),
    ),
  );
  select.addEventListener("change", () => showField(select, field));
  return { select, field };
}

/** Keeps what was chosen where it is still there; else the first picture on one side, the second on the other. */
function offer(select: HTMLSelectElement, pictures: readonly Picture[], place: number): void {
  const before = select.value;
  const options = pictures.map(({ number }) => new Option(text("picture.label", { number }), String(number)));
  options.push(new Option(text("compare.pasted"), PASTED));
  select.replaceChildren(...options);
  const kept = before !== "" && before !== PASTED && options.some(({ value }) => value === before);
  select.value = kept ? before : String(pictures[place]?.number ?? PASTED);
}

function showField(select: HTMLSelectElement, field: HTMLInputElement): void {
  field.parentElement?.toggleAttribute("hidden", select.value !== PASTED);
}

async function run(one: Comparable, two: Comparable): Promise<void> {
  let words: { mood: string; title: string; sentences: string[] };
  try {
    words = wordsForComparison(await compare(one, two));
  } catch (error) {
    const name = `compare.error.${codeOf(error)}`;
    words = { mood: "help", title: text(isKey(name) ? name : "compare.error.invalid-hash"), sentences: [] };
  }
  const { mood, title, sentences } = words;
  const lines = sentences.map((sentence) => make("p", {}, sentence));
  result.replaceChildren(make("div", { class: "card", "data-mood": mood }, make("p", { class: "verdict" }, title), ...lines));
  announce([`${title}.`, ...sentences].join(" "));
}

function wordsForComparison({ distance, bits, threshold, match, variant = OWN }: Comparison): { mood: string; title: string; sentences: string[] } {
  const count = text("compare.distance", { distance, bits, threshold });
  const about = match && variant !== OWN ? [count, text("compare.edit", { variant })] : [count];
  if (distance === 0 && variant === OWN) return { mood: "good", title: text("compare.same"), sentences: about };
  if (match) return { mood: "good", title: text("compare.match"), sentences: about };
  return { mood: "plain", title: text("compare.other"), sentences: [count, text("compare.other.text")] };
}
