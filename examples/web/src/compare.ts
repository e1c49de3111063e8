/** Compares two fingerprints: of images in the list, or pasted. */

import type { Comparable, Comparison } from "ownprint/inline";

import { announce } from "./announce";
import { make, the } from "./dom";
import { codeOf, compare } from "./engine";
import { isKey, onLanguage, text } from "./language";
import type { ImageItem } from "./images";
import { hashOf, type Words } from "./words";

const PASTED = "pasted";

/** The name of the unchanged image in a set of variants. */
const ORIGINAL = "original";

const result = the("compare-result", HTMLDivElement);

/** One side of the comparison: a choice of images, and a field for a pasted fingerprint. */
interface Side {
  readonly select: HTMLSelectElement;
  readonly field: HTMLInputElement;
}

/** Returns a function that is called when the images change. */
export function setUpComparing(): (images: readonly ImageItem[]) => void {
  const sides = [side("compare.first", "one"), side("compare.second", "two")] as const;
  let images: readonly ImageItem[] = [];
  const refresh = (): void => {
    for (const [place, { select, field }] of sides.entries()) {
      offer(select, images, place);
      showField(select, field);
    }
  };
  const update = (next: readonly ImageItem[]): void => {
    images = next.filter((image) => hashOf(image) !== undefined);
    // The result may be of an image that was removed.
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
      const image = images.find(({ number }) => String(number) === select.value);
      return image?.state.kind === "done"
        ? image.state.fingerprint
        : field.value.trim().toLowerCase();
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
  const label = make(
    "label",
    { for: field.id, "data-text": "compare.paste" },
    text("compare.paste"),
  );
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

/** Keeps the choice if it still exists; otherwise selects the first or the second image. */
function offer(select: HTMLSelectElement, images: readonly ImageItem[], place: number): void {
  const before = select.value;
  const options = images.map(
    ({ number }) => new Option(text("image.label", { number }), String(number)),
  );
  options.push(new Option(text("compare.pasted"), PASTED));
  select.replaceChildren(...options);
  const kept = before !== "" && before !== PASTED && options.some(({ value }) => value === before);
  select.value = kept ? before : String(images[place]?.number ?? PASTED);
}

function showField(select: HTMLSelectElement, field: HTMLInputElement): void {
  field.parentElement?.toggleAttribute("hidden", select.value !== PASTED);
}

async function run(one: Comparable, two: Comparable): Promise<void> {
  let words: Words;
  try {
    words = wordsForComparison(await compare(one, two));
  } catch (error) {
    const name = `compare.error.${codeOf(error)}`;
    words = {
      mood: "help",
      title: text(isKey(name) ? name : "compare.error.invalid-hash"),
      sentences: [],
    };
  }
  const { mood, title, sentences } = words;
  const lines = sentences.map((sentence) => make("p", {}, sentence));
  result.replaceChildren(
    make(
      "div",
      { class: "card", "data-mood": mood },
      make("p", { class: "headline" }, title),
      ...lines,
    ),
  );
  announce([`${title}.`, ...sentences].join(" "));
}

function wordsForComparison(comparison: Comparison): Words {
  const { distance, bits, threshold, isMatch, variant = ORIGINAL } = comparison;
  const count = text("compare.distance", { distance, bits, threshold });
  const isEdit = variant !== ORIGINAL;
  const about = isMatch && isEdit ? [count, text("compare.edit", { variant })] : [count];
  if (distance === 0 && !isEdit)
    return { mood: "good", title: text("compare.same"), sentences: about };
  if (isMatch) return { mood: "good", title: text("compare.match"), sentences: about };
  return {
    mood: "plain",
    title: text("compare.other"),
    sentences: [count, text("compare.other.text")],
  };
}
