/** The list of results: the cards, and what concerns all of them. */

import { announce } from "./announce";
import { Card } from "./card";
import { the } from "./dom";
import { onLanguage, text } from "./language";
import { Pictures, type Picture } from "./pictures";
import { saveCsv, saveJson, type Row } from "./save";
import { wordsFor } from "./words";

/** From so many on, only the end of the work is announced: a voice that never stops is no help. */
const MANY = 4;

export class List {
  readonly #section = the("results", HTMLElement);
  readonly #cards = new Map<Picture, Card>();
  readonly #edits = the("edits", HTMLInputElement);
  readonly #names = the("names", HTMLInputElement);
  readonly #saves = [the("save-json", HTMLButtonElement), the("save-csv", HTMLButtonElement)] as const;
  readonly #changed: (pictures: readonly Picture[]) => void;
  readonly #pictures = new Pictures({
    changed: (picture) => this.#change(picture),
    progressed: (picture) => this.#cards.get(picture)?.progress(),
    rested: () => this.#rest(),
  });

  /** `changed` is told of every change in what there is to compare. */
  constructor(changed: (pictures: readonly Picture[]) => void) {
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
    const added = this.#pictures.add(files, this.#edits.checked);
    for (const picture of added) {
      const card = new Card(picture, {
        cancel: (it) => this.#pictures.cancel(it),
        retry: (it, acceptDamaged) => this.#pictures.retry(it, acceptDamaged),
        remove: (it) => this.#remove(it),
      });
      card.render(this.#names.checked);
      this.#cards.set(picture, card);
      the("cards", HTMLOListElement).append(card.element);
    }
    this.#section.hidden = false;
    announce(text("list.added", { count: added.length }));
    const first = added[0];
    if (first) this.#cards.get(first)?.focus();
    this.#tell();
  }

  /** Lets go of everything. */
  clear(): void {
    this.#pictures.clear();
    for (const card of this.#cards.values()) card.close();
    this.#cards.clear();
    this.#names.checked = false;
    this.#section.hidden = true;
    this.#tell();
  }

  #remove(picture: Picture): void {
    const place = [...this.#cards.keys()].indexOf(picture);
    this.#cards.get(picture)?.close();
    this.#cards.delete(picture);
    this.#pictures.remove(picture);
    announce(text("list.removed", { number: picture.number }));
    const rest = [...this.#cards.values()];
    const next = rest[place] ?? rest[place - 1];
    if (next) {
      next.focus();
    } else {
      this.clear();
      the("choose", HTMLButtonElement).focus();
    }
    this.#tell();
  }

  #change(picture: Picture): void {
    this.#cards.get(picture)?.render(this.#names.checked);
    if (picture.state.kind === "done") this.#tell();
    if (["waiting", "working"].includes(picture.state.kind) || this.#cards.size >= MANY) return;
    const label = text("picture.label", { number: picture.number });
    announce(`${label}: ${wordsFor(picture.state).title}.`);
  }

  #rest(): void {
    if (this.#cards.size < MANY) return;
    const good = this.#pictures.all.filter(({ state }) => wordsFor(state).mood === "good").length;
    announce(text("list.finished", { count: this.#cards.size, good }));
  }

  #render(): void {
    for (const card of this.#cards.values()) card.render(this.#names.checked);
  }

  #save(write: (rows: readonly Row[]) => void): void {
    const rows: Row[] = [];
    for (const { state, file, number } of this.#pictures.all) {
      if (state.kind !== "done") continue;
      const path = this.#names.checked ? file.name : text("picture.label", { number });
      rows.push({ path, fingerprint: state.fingerprint });
    }
    write(rows);
    announce(text("list.saved"));
  }

  #tell(): void {
    const nothing = !this.#pictures.all.some(({ state }) => state.kind === "done");
    for (const save of this.#saves) save.disabled = nothing;
    this.#changed(this.#pictures.all);
  }
}
