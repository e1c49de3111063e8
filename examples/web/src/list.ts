/** The list of results: the cards, and actions for all of them. */

import { announce } from "./announce";
import { Card } from "./card";
import { the } from "./dom";
import { onLanguage, text } from "./language";
import { Images, type ImageItem } from "./images";
import { saveCsv, saveJson, type Row } from "./save";
import { wordsFor } from "./words";

/** With this many images, only the end of the work is announced. */
const MANY = 4;

export class List {
  readonly #section = the("results", HTMLElement);
  readonly #cards = new Map<ImageItem, Card>();
  readonly #edits = the("edits", HTMLInputElement);
  readonly #names = the("names", HTMLInputElement);
  readonly #saves = [
    the("save-json", HTMLButtonElement),
    the("save-csv", HTMLButtonElement),
  ] as const;
  readonly #changed: (images: readonly ImageItem[]) => void;
  readonly #images = new Images({
    changed: (image) => this.#change(image),
    progressed: (image) => this.#cards.get(image)?.progress(),
    rested: () => this.#rest(),
  });

  /** `changed` is called whenever the images that can be compared change. */
  constructor(changed: (images: readonly ImageItem[]) => void) {
    this.#changed = changed;
    this.#names.addEventListener("change", () => this.#render());
    const [json, csv] = this.#saves;
    json.addEventListener("click", () => this.#save(saveJson));
    csv.addEventListener("click", () => this.#save(saveCsv));
    the("clear", HTMLButtonElement).addEventListener("click", () => {
      this.clear();
      announce(text("list.cleared"));
      the("choose", HTMLButtonElement).focus();
    });
    onLanguage(() => this.#render());
  }

  add(files: readonly File[]): void {
    const added = this.#images.add(files, this.#edits.checked);
    for (const image of added) {
      const card = new Card(image, {
        cancel: (it) => this.#images.cancel(it),
        retry: (it, acceptDamaged) => this.#images.retry(it, acceptDamaged),
        remove: (it) => this.#remove(it),
      });
      card.render(this.#names.checked);
      this.#cards.set(image, card);
      the("cards", HTMLOListElement).append(card.element);
    }
    this.#section.hidden = false;
    announce(text("list.added", { count: added.length }));
    const first = added[0];
    if (first) this.#cards.get(first)?.focus();
    this.#update();
  }

  /** Releases all images and results. */
  clear(): void {
    this.#images.clear();
    for (const card of this.#cards.values()) card.close();
    this.#cards.clear();
    this.#names.checked = false;
    this.#section.hidden = true;
    this.#update();
  }

  #remove(image: ImageItem): void {
    const place = [...this.#cards.keys()].indexOf(image);
    this.#cards.get(image)?.close();
    this.#cards.delete(image);
    this.#images.remove(image);
    announce(text("list.removed", { number: image.number }));
    const rest = [...this.#cards.values()];
    const next = rest[place] ?? rest[place - 1];
    if (next) {
      next.focus();
    } else {
      this.clear();
      the("choose", HTMLButtonElement).focus();
    }
    this.#update();
  }

  #change(image: ImageItem): void {
    this.#cards.get(image)?.render(this.#names.checked);
    if (image.state.kind === "done") this.#update();
    if (["waiting", "working"].includes(image.state.kind) || this.#cards.size >= MANY) return;
    const label = text("image.label", { number: image.number });
    announce(`${label}: ${wordsFor(image.state).title}.`);
  }

  #rest(): void {
    if (this.#cards.size < MANY) return;
    const good = this.#images.all.filter(({ state }) => wordsFor(state).mood === "good").length;
    announce(text("list.finished", { count: this.#cards.size, good }));
  }

  #render(): void {
    for (const card of this.#cards.values()) card.render(this.#names.checked);
  }

  #save(write: (rows: readonly Row[]) => void): void {
    const rows: Row[] = [];
    for (const { state, file, number } of this.#images.all) {
      if (state.kind !== "done") continue;
      const path = this.#names.checked ? file.name : text("image.label", { number });
      rows.push({ path, fingerprint: state.fingerprint });
    }
    write(rows);
    announce(text("list.saved"));
  }

  #update(): void {
    const nothing = !this.#images.all.some(({ state }) => state.kind === "done");
    for (const save of this.#saves) save.disabled = nothing;
    this.#changed(this.#images.all);
  }
}
