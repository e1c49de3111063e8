/** The list of results: the cards, and actions for all of them. */

import { announce } from "./announce";
import { Card } from "./card";
import { the } from "./dom";
import { fingerprintOf, Items, type Item } from "./items";
import { onLanguage, text } from "./language";
import { saveCsv, saveJson, type Row } from "./save";
import { labelOf, wordsFor } from "./words";

/** With this many files, only the end of the work is announced. */
const MANY = 4;

export class List {
  readonly #section = the("results", HTMLElement);
  readonly #cards = new Map<Item, Card>();
  readonly #edits = the("edits", HTMLInputElement);
  readonly #names = the("names", HTMLInputElement);
  readonly #saves = [
    the("save-json", HTMLButtonElement),
    the("save-csv", HTMLButtonElement),
  ] as const;
  readonly #changed: (items: readonly Item[]) => void;
  readonly #items = new Items({
    changed: (item) => this.#change(item),
    progressed: (item) => this.#cards.get(item)?.progress(),
    rested: () => this.#rest(),
  });

  /** `changed` is called whenever the items that can be compared change. */
  constructor(changed: (items: readonly Item[]) => void) {
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
    const added = this.#items.add(files, this.#edits.checked);
    for (const item of added) {
      const card = new Card(item, {
        cancel: (it) => this.#items.cancel(it),
        retry: (it, acceptDamaged) => this.#items.retry(it, acceptDamaged),
        remove: (it) => this.#remove(it),
      });
      card.render(this.#names.checked);
      this.#cards.set(item, card);
      the("cards", HTMLOListElement).append(card.element);
    }
    this.#section.hidden = false;
    announce(text("list.added", { count: added.length }));
    const first = added[0];
    if (first) this.#cards.get(first)?.focus();
    this.#update();
  }

  /** Releases all files and results. */
  clear(): void {
    this.#items.clear();
    for (const card of this.#cards.values()) card.close();
    this.#cards.clear();
    this.#names.checked = false;
    this.#section.hidden = true;
    this.#update();
  }

  #remove(item: Item): void {
    const place = [...this.#cards.keys()].indexOf(item);
    this.#cards.get(item)?.close();
    this.#cards.delete(item);
    this.#items.remove(item);
    announce(text("list.removed", { name: labelOf(item) }));
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

  #change(item: Item): void {
    this.#cards.get(item)?.render(this.#names.checked);
    if (fingerprintOf(item)) this.#update();
    if (["waiting", "working"].includes(item.state.kind) || this.#cards.size >= MANY) return;
    announce(`${labelOf(item)}: ${wordsFor(item).title}.`);
  }

  #rest(): void {
    if (this.#cards.size < MANY) return;
    const good = this.#items.all.filter((item) => wordsFor(item).mood === "good").length;
    announce(text("list.finished", { count: this.#cards.size, good }));
  }

  #render(): void {
    for (const card of this.#cards.values()) card.render(this.#names.checked);
  }

  #save(write: (rows: readonly Row[]) => void): void {
    const rows: Row[] = [];
    for (const item of this.#items.all) {
      const fingerprint = fingerprintOf(item);
      if (!fingerprint) continue;
      rows.push({ path: this.#names.checked ? item.file.name : labelOf(item), fingerprint });
    }
    write(rows);
    announce(text("list.saved"));
  }

  #update(): void {
    const nothing = !this.#items.all.some(fingerprintOf);
    for (const save of this.#saves) save.disabled = nothing;
    this.#changed(this.#items.all);
  }
}
