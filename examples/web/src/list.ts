/** The list of results: the cards, and actions for all of them. */

import { Card } from "./card";
import { fingerprintOf, Items, type Item } from "./items";
import { onLanguage, text } from "./language";
import { saveCsv, saveJson, type Row } from "./save";
import { labelOf, wordsFor } from "./words";

/** With this many files, only the end of the work is announced. */
const MANY = 4;

/** The elements of the page or of the web component that the list uses. */
export interface ListParts {
  /** Hidden while the list is empty. */
  readonly section: HTMLElement;
  readonly cards: HTMLOListElement;
  readonly edits: HTMLInputElement;
  readonly names: HTMLInputElement;
  readonly saveJson: HTMLButtonElement;
  readonly saveCsv: HTMLButtonElement;
  readonly clear: HTMLButtonElement;
  readonly choose: HTMLButtonElement;
  readonly announce: (sentence: string) => void;
  /** Called when the results change. */
  readonly changed: (items: readonly Item[]) => void;
  /** Called when everything was cleared. */
  readonly cleared?: () => void;
  /** Called when no file is waiting or being hashed. */
  readonly rested?: (rows: readonly Row[]) => void;
}

export class List {
  readonly #parts: ListParts;
  readonly #cards = new Map<Item, Card>();
  readonly #forgetLanguage: () => void;
  readonly #items = new Items({
    changed: (item) => this.#change(item),
    progressed: (item) => this.#cards.get(item)?.progress(),
    rested: () => this.#rest(),
  });

  constructor(parts: ListParts) {
    this.#parts = parts;
    const { names, saveJson: json, saveCsv: csv, clear, choose, announce } = parts;
    names.addEventListener("change", () => this.#render());
    json.addEventListener("click", () => this.#save(saveJson));
    csv.addEventListener("click", () => this.#save(saveCsv));
    clear.addEventListener("click", () => {
      this.clear();
      announce(text("list.cleared"));
      choose.focus();
    });
    this.#forgetLanguage = onLanguage(() => this.#render());
  }

  /** Releases everything; the list is not used again. */
  dispose(): void {
    this.clear();
    this.#forgetLanguage();
  }

  add(files: readonly File[]): void {
    const added = this.#items.add(files, this.#parts.edits.checked);
    for (const item of added) {
      const card = new Card(item, {
        cancel: (it) => this.#items.cancel(it),
        retry: (it, acceptDamaged) => this.#items.retry(it, acceptDamaged),
        remove: (it) => this.#remove(it),
        announce: this.#parts.announce,
      });
      card.render(this.#parts.names.checked);
      this.#cards.set(item, card);
      this.#parts.cards.append(card.element);
    }
    this.#parts.section.hidden = false;
    this.#parts.announce(text("list.added", { count: added.length }));
    const first = added[0];
    if (first) this.#cards.get(first)?.focus();
    this.#update();
  }

  /** Releases all files and results. */
  clear(): void {
    this.#items.clear();
    for (const card of this.#cards.values()) card.close();
    this.#cards.clear();
    this.#parts.names.checked = false;
    this.#parts.section.hidden = true;
    this.#update();
    this.#parts.cleared?.();
  }

  #remove(item: Item): void {
    const place = [...this.#cards.keys()].indexOf(item);
    this.#cards.get(item)?.close();
    this.#cards.delete(item);
    this.#items.remove(item);
    this.#parts.announce(text("list.removed", { name: labelOf(item) }));
    const rest = [...this.#cards.values()];
    const next = rest[place] ?? rest[place - 1];
    if (next) {
      next.focus();
    } else {
      this.clear();
      this.#parts.choose.focus();
    }
    this.#update();
  }

  #change(item: Item): void {
    this.#cards.get(item)?.render(this.#parts.names.checked);
    if (["waiting", "working"].includes(item.state.kind)) return;
    this.#update();
    if (this.#cards.size >= MANY) return;
    this.#parts.announce(`${labelOf(item)}: ${wordsFor(item).title}.`);
  }

  #rest(): void {
    this.#parts.rested?.(this.#rows());
    if (this.#cards.size < MANY) return;
    const good = this.#items.all.filter((item) => wordsFor(item).mood === "good").length;
    this.#parts.announce(text("list.finished", { count: this.#cards.size, good }));
  }

  #render(): void {
    for (const card of this.#cards.values()) card.render(this.#parts.names.checked);
  }

  #save(write: (rows: readonly Row[]) => void): void {
    write(this.#rows());
    this.#parts.announce(text("list.saved"));
  }

  #rows(): Row[] {
    const rows: Row[] = [];
    for (const item of this.#items.all) {
      const fingerprint = fingerprintOf(item);
      if (!fingerprint) continue;
      rows.push({ path: this.#parts.names.checked ? item.file.name : labelOf(item), fingerprint });
    }
    return rows;
  }

  #update(): void {
    const nothing = !this.#items.all.some(fingerprintOf);
    for (const save of [this.#parts.saveJson, this.#parts.saveCsv]) save.disabled = nothing;
    this.#parts.changed(this.#items.all);
  }
}
