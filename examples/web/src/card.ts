/** The card of one image. */

import { announce } from "./announce";
import { copy } from "./copy";
import { details } from "./details";
import { button, make } from "./dom";
import { number, text } from "./language";
import type { ImageItem } from "./images";
import { Preview } from "./preview";
import { hashOf, isDamaged, isWorthRetrying, variantHashesOf, wordsFor } from "./words";

/** Actions of a card that the list carries out. */
export interface CardActions {
  cancel(image: ImageItem): void;
  retry(image: ImageItem, acceptDamaged?: boolean): void;
  remove(image: ImageItem): void;
}

export class Card {
  readonly element = make("li", { class: "card" });
  readonly #image: ImageItem;
  readonly #actions: CardActions;
  readonly #title: HTMLHeadingElement;
  readonly #body = make("div", { class: "card-body" });
  #meter: HTMLProgressElement | undefined;
  #share: HTMLElement | undefined;
  #preview: Preview | undefined;
  #named = false;

  constructor(image: ImageItem, actions: CardActions) {
    this.#image = image;
    this.#actions = actions;
    this.#title = make("h3", { id: `image-${image.number}`, tabindex: -1 });
    this.element.append(this.#title, this.#body);
    this.render(false);
  }

  /** Moves the focus to this card. */
  focus(): void {
    this.#title.focus();
  }

  /** Rebuilds the card after a change of its state or of the language. */
  render(named: boolean): void {
    this.#named = named;
    const focused = this.#focusedAction();
    const opened = this.element.querySelector("details")?.open ?? false;
    const { state } = this.#image;
    const words = wordsFor(state);
    this.element.dataset.mood = words.mood;
    this.element.dataset.state = state.kind;
    this.#title.replaceChildren(text("image.label", { number: this.#image.number }));
    if (named) {
      // A name may have any writing direction and any length.
      const name = make("bdi", {}, this.#image.file.name);
      this.#title.append(" ", make("span", { class: "file-name" }, name));
    }
    this.#body.replaceChildren(
      make("p", { class: "headline" }, words.title),
      ...words.sentences.map((sentence) => make("p", {}, sentence)),
      ...this.#progress(),
      ...this.#hash(),
      this.#buttons(),
    );
    if (this.#preview) this.#body.append(this.#preview.element);
    if (state.kind === "done") this.#body.append(details(state.fingerprint, opened));
    if (focused !== undefined) this.#focusAction(focused);
  }

  /** Updates only the progress, which changes many times a second. */
  progress(): void {
    const { state } = this.#image;
    if (state.kind !== "working" || !this.#meter || !this.#share) return;
    this.#meter.value = state.share;
    this.#share.textContent = text(state.share < 1 ? "progress.reading" : "progress.computing", {
      share: number(state.share, { style: "percent" }),
    });
  }

  /** Removes the card and its preview. */
  close(): void {
    this.#preview?.close();
    this.#preview = undefined;
    this.element.remove();
  }

  #progress(): Node[] {
    this.#meter = undefined;
    this.#share = undefined;
    if (this.#image.state.kind !== "working") return [];
    this.#meter = make("progress", { max: 1, "aria-labelledby": this.#title.id });
    this.#share = make("span", { class: "small" });
    this.progress();
    return [make("div", { class: "progress" }, this.#meter, this.#share)];
  }

  #hash(): Node[] {
    const hash = hashOf(this.#image);
    if (hash === undefined) return [];
    // Groups of eight are easier to read. The gaps are drawn by the style sheet and not copied.
    const groups = (hash.match(/.{1,8}/g) ?? []).map((group) => make("span", {}, group));
    const more = variantHashesOf(this.#image).length - 1;
    return [
      make("p", { class: "hash-label small" }, text("image.hash")),
      make("code", { class: "hash", dir: "ltr" }, ...groups),
      ...(more > 0
        ? [make("p", { class: "hash-more small" }, text("image.more", { count: more }))]
        : []),
    ];
  }

  #buttons(): HTMLElement {
    const image = this.#image;
    const { state } = image;
    const shown: HTMLButtonElement[] = [];
    const add = (action: string, label: string, press: () => void): void => {
      shown.push(
        button({ "data-action": action, "aria-describedby": this.#title.id }, label, press),
      );
    };
    if (hashOf(image) !== undefined) add("copy", text("image.copy"), () => void this.#copy());
    const { length } = variantHashesOf(image);
    if (length > 1)
      add("copy-all", text("image.copy.all", { count: length }), () => void this.#copyAll());
    if (state.kind === "waiting" || state.kind === "working") {
      add("cancel", text("image.cancel"), () => this.#actions.cancel(image));
    } else {
      if (isDamaged(state) && !image.acceptDamaged) {
        add("retry", text("image.anyway"), () => this.#actions.retry(image, true));
      }
      if (isWorthRetrying(state))
        add("retry", text("image.retry"), () => this.#actions.retry(image));
      if (hashOf(image) !== undefined) {
        add("look", text(this.#preview ? "preview.hide" : "preview.show"), () => this.#look());
      }
      add("remove", text("image.remove"), () => this.#actions.remove(image));
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
    await this.#copied("copy-all", () =>
      copy(edits, variantHashesOf(this.#image).join("\n"), () => (folded.open = true)),
    );
  }

  async #copied(action: string, work: () => Promise<boolean>): Promise<void> {
    const pressed = this.element.querySelector<HTMLElement>(`[data-action="${action}"]`);
    if (!pressed) return;
    const before = pressed.textContent;
    const words = text((await work()) ? "image.copied" : "image.selected");
    announce(words);
    pressed.textContent = words;
    setTimeout(() => (pressed.textContent = before), 4000);
  }

  #look(): void {
    if (this.#preview) {
      this.#preview.close();
      this.#preview = undefined;
    } else {
      this.#preview = new Preview(this.#image.file, () => {
        this.#preview = undefined;
        this.render(this.#named);
      });
      void this.#preview.show();
    }
    this.render(this.#named);
  }

  /** The action whose button has the focus; "" for any other element of the body. */
  #focusedAction(): string | undefined {
    const active = document.activeElement;
    if (!(active instanceof HTMLElement) || !this.#body.contains(active)) return undefined;
    return active.dataset.action ?? (active.tagName === "SUMMARY" ? "details" : "");
  }

  #focusAction(action: string): void {
    const again: Record<string, string> = {
      details: "summary",
      cancel: "[data-action=retry]",
      retry: "[data-action=cancel]",
    };
    const place =
      this.#body.querySelector<HTMLElement>(`[data-action="${action}"]`) ??
      (again[action] ? this.#body.querySelector<HTMLElement>(again[action]) : null);
    (place ?? this.#title).focus({ preventScroll: true });
  }
}
