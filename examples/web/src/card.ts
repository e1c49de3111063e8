/** One picture on the page. */

import { announce } from "./announce";
import { copy } from "./copy";
import { details } from "./details";
import { button, make } from "./dom";
import { number, text } from "./language";
import type { Picture } from "./pictures";
import { Preview } from "./preview";
import { allOf, hexOf, isDamaged, isWorthRetrying, wordsFor } from "./words";

/** What a card asks the list for. */
export interface CardActions {
  cancel(picture: Picture): void;
  retry(picture: Picture, acceptDamaged?: boolean): void;
  remove(picture: Picture): void;
}

export class Card {
  readonly element = make("li", { class: "card" });
  readonly #picture: Picture;
  readonly #actions: CardActions;
  readonly #title: HTMLHeadingElement;
  readonly #body = make("div", { class: "card-body" });
  #meter: HTMLProgressElement | undefined;
  #share: HTMLElement | undefined;
  #preview: Preview | undefined;
  #named = false;

  constructor(picture: Picture, actions: CardActions) {
    this.#picture = picture;
    this.#actions = actions;
    this.#title = make("h3", { id: `picture-${picture.number}`, tabindex: -1 });
    this.element.append(this.#title, this.#body);
    this.render(false);
  }

  /** Moves keyboard and screen reader here. */
  focus(): void {
    this.#title.focus();
  }

  /** Builds the card anew: its picture has another state, or the page another language. */
  render(named: boolean): void {
    this.#named = named;
    const focused = this.#focusedAction();
    const opened = this.element.querySelector("details")?.open ?? false;
    const { state } = this.#picture;
    const words = wordsFor(state);
    this.element.dataset.mood = words.mood;
    this.element.dataset.state = state.kind;
    this.#title.replaceChildren(text("picture.label", { number: this.#picture.number }));
    // A name may be written in any direction, and may be longer than the screen is wide.
    if (named) this.#title.append(" ", make("span", { class: "file-name" }, make("bdi", {}, this.#picture.file.name)));
    this.#body.replaceChildren(
      make("p", { class: "verdict" }, words.title),
      ...words.sentences.map((sentence) => make("p", {}, sentence)),
      ...this.#progress(),
      ...this.#hash(),
      this.#buttons(),
    );
    if (this.#preview) this.#body.append(this.#preview.element);
    if (state.kind === "done") this.#body.append(details(state.fingerprint, opened));
    if (focused !== undefined) this.#focusAction(focused);
  }

  /** Only the numbers, many times a second. */
  progress(): void {
    const { state } = this.#picture;
    if (state.kind !== "working" || !this.#meter || !this.#share) return;
    this.#meter.value = state.share;
    this.#share.textContent = text(state.share < 1 ? "progress.reading" : "progress.computing", {
      share: number(state.share, { style: "percent" }),
    });
  }

  /** Takes the picture off the page and out of memory. */
  close(): void {
    this.#preview?.close();
    this.#preview = undefined;
    this.element.remove();
  }

  #progress(): Node[] {
    this.#meter = undefined;
    this.#share = undefined;
    if (this.#picture.state.kind !== "working") return [];
    this.#meter = make("progress", { max: 1, "aria-labelledby": this.#title.id });
    this.#share = make("span", { class: "small" });
    this.progress();
    return [make("div", { class: "progress" }, this.#meter, this.#share)];
  }

  #hash(): Node[] {
    const hex = hexOf(this.#picture);
    if (hex === undefined) return [];
    // Groups of eight are easier to read; the gaps between them are drawn, and not copied.
    const groups = (hex.match(/.{1,8}/g) ?? []).map((group) => make("span", {}, group));
    const more = allOf(this.#picture).length - 1;
    return [
      make("p", { class: "hash-label small" }, text("picture.hash")),
      make("code", { class: "hash", dir: "ltr" }, ...groups),
      ...(more > 0 ? [make("p", { class: "hash-more small" }, text("picture.more", { count: more }))] : []),
    ];
  }

  #buttons(): HTMLElement {
    const picture = this.#picture;
    const { state } = picture;
    const shown: HTMLButtonElement[] = [];
    const add = (action: string, label: string, press: () => void): void => {
      shown.push(button({ "data-action": action, "aria-describedby": this.#title.id }, label, press));
    };
    if (hexOf(picture) !== undefined) add("copy", text("picture.copy"), () => void this.#copy());
    const { length } = allOf(picture);
    if (length > 1) add("copy-all", text("picture.copy.all", { count: length }), () => void this.#copyAll());
    if (state.kind === "waiting" || state.kind === "working") {
      add("cancel", text("picture.cancel"), () => this.#actions.cancel(picture));
    } else {
      if (isDamaged(state) && !picture.acceptDamaged) {
        add("retry", text("picture.anyway"), () => this.#actions.retry(picture, true));
      }
      if (isWorthRetrying(state)) add("retry", text("picture.retry"), () => this.#actions.retry(picture));
      if (hexOf(picture) !== undefined) {
        add("look", text(this.#preview ? "preview.hide" : "preview.show"), () => this.#look());
      }
      add("remove", text("picture.remove"), () => this.#actions.remove(picture));
    }
    return make("div", { class: "actions" }, ...shown);
  }

  async #copy(): Promise<void> {
    const hash = this.element.querySelector<HTMLElement>(".hash");
    if (hash) await this.#copied("copy", () => copy(hash));
  }

  async #copyAll(): Promise<void> {
    const folded = this.element.querySelector("details");
    const edits = this.element.querySelector<HTMLElement>(".set");
    if (!folded || !edits) return;
    await this.#copied("copy-all", () => copy(edits, allOf(this.#picture).join("\n"), () => (folded.open = true)));
  }

  async #copied(action: string, work: () => Promise<boolean>): Promise<void> {
    const pressed = this.element.querySelector<HTMLElement>(`[data-action="${action}"]`);
    if (!pressed) return;
    const before = pressed.textContent;
    const words = text((await work()) ? "picture.copied" : "picture.selected");
    announce(words);
    pressed.textContent = words;
    setTimeout(() => (pressed.textContent = before), 4000);
  }

  #look(): void {
    if (this.#preview) {
      this.#preview.close();
      this.#preview = undefined;
    } else {
      this.#preview = new Preview(this.#picture.file, () => {
        this.#preview = undefined;
        this.render(this.#named);
      });
      void this.#preview.show();
    }
    this.render(this.#named);
  }

  /** The action whose button has the focus; "" for anything else that a new body takes away. */
  #focusedAction(): string | undefined {
    const active = document.activeElement;
    if (!(active instanceof HTMLElement) || !this.#body.contains(active)) return undefined;
    return active.dataset.action ?? (active.tagName === "SUMMARY" ? "details" : "");
  }

  #focusAction(action: string): void {
    const again: Record<string, string> = { details: "summary", cancel: "[data-action=retry]", retry: "[data-action=cancel]" };
    const place =
      this.#body.querySelector<HTMLElement>(`[data-action="${action}"]`) ??
      (again[action] ? this.#body.querySelector<HTMLElement>(again[action]) : null);
    (place ?? this.#title).focus({ preventScroll: true });
  }
}
