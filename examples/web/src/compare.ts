/** Compares two fingerprints: of pictures or videos in the list, or pasted. */

import type { Comparison, Fingerprint } from "ownprint/inline";

import { announce } from "./announce";
import { make, the } from "./dom";
import { codeOf, compare, compareVideos, type Videos } from "./engine";
import { fingerprintOf, type Item } from "./items";
import { isKey, onLanguage, text } from "./language";
import { hashOf, labelOf, type Words } from "./words";

const PASTED = "pasted";

/** The name of the unchanged image in a set of variants. */
const ORIGINAL = "original";

const result = the("compare-result", HTMLDivElement);

/** One side of the comparison: a choice of files, and a field for a pasted fingerprint. */
interface Side {
  readonly select: HTMLSelectElement;
  readonly field: HTMLInputElement;
}

/** Returns a function that is called when the items change. */
export function setUpComparing(): (items: readonly Item[]) => void {
  const sides = [side("compare.first", "one"), side("compare.second", "two")] as const;
  let items: readonly Item[] = [];
  const refresh = (): void => {
    for (const [place, { select, field }] of sides.entries()) {
      offer(select, items, place);
      showField(select, field);
    }
  };
  const update = (next: readonly Item[]): void => {
    items = next.filter((item) => hashOf(item) !== undefined || hasMoments(item));
    // The result may be of a file that was removed.
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
      const item = items.find(({ number }) => String(number) === select.value);
      return (item && fingerprintOf(item)) ?? field.value.trim().toLowerCase();
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

/** Keeps the choice if it still exists; otherwise selects the first or the second item. */
function offer(select: HTMLSelectElement, items: readonly Item[], place: number): void {
  const before = select.value;
  const options = items.map((item) => new Option(labelOf(item), String(item.number)));
  options.push(new Option(text("compare.pasted"), PASTED));
  select.replaceChildren(...options);
  const kept = before !== "" && before !== PASTED && options.some(({ value }) => value === before);
  select.value = kept ? before : String(items[place]?.number ?? PASTED);
}

function showField(select: HTMLSelectElement, field: HTMLInputElement): void {
  field.parentElement?.toggleAttribute("hidden", select.value !== PASTED);
}

/** A fingerprint of the list, or the digits of a picture's. */
type Compared = Fingerprint | string;

async function run(one: Compared, two: Compared): Promise<void> {
  let words: Words;
  try {
    words = await wordsFor(one, two);
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

async function wordsFor(one: Compared, two: Compared): Promise<Words> {
  if (isVideo(one) && isVideo(two)) return wordsForVideos(await compareVideos(one, two));
  if (!isVideo(one) && !isVideo(two)) return wordsForComparison(await compare(one, two));
  return {
    mood: "help",
    title: text("compare.mixed"),
    sentences: [text("compare.mixed.text")],
  };
}

function isVideo(side: Compared): side is Fingerprint {
  return typeof side !== "string" && side.video !== undefined;
}

function hasMoments(item: Item): boolean {
  return fingerprintOf(item)?.video !== undefined;
}

function wordsForVideos({ comparison, isFirstInSecond, isSecondInFirst }: Videos): Words {
  const { query, queryFound, compared, comparedFound } = comparison;
  if (query === 0 || compared === 0) {
    return {
      mood: "plain",
      title: text("compare.video.plain"),
      sentences: [text("compare.video.plain.text")],
    };
  }
  const sentences = [
    text("compare.video.first", { found: queryFound, count: query }),
    text("compare.video.second", { found: comparedFound, count: compared }),
  ];
  if (isFirstInSecond || isSecondInFirst) {
    const isSame = isFirstInSecond && isSecondInFirst;
    const title = text(isSame ? "compare.video.match" : "compare.video.part");
    return { mood: "good", title, sentences };
  }
  const rest = text("compare.video.other.text");
  return { mood: "plain", title: text("compare.other"), sentences: [...sentences, rest] };
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
