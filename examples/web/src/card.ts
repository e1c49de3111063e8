/** The card of one picture or video. */

import { copy } from "./copy";
import { details } from "./details";
import { button, make } from "./dom";
import { fingerprintOf, type Item, type Step } from "./items";
import { number, text, type Key } from "./language";
import { linesOf } from "./moments";
import { Preview } from "./preview";
import {
  codeShownOf,
  hashOf,
  isDamaged,
  isWorthRetrying,
  labelOf,
  variantHashesOf,
  wordsFor,
} from "./words";

/** Actions of a card that the list carries out. */
export interface CardActions {
  cancel(item: Item): void;
  retry(item: Item, acceptDamaged?: boolean): void;
  remove(item: Item): void;
  announce(sentence: string): void;
}

const STEPS: Readonly<Record<Step, Key>> = {
  reading: "progress.reading",
  computing: "progress.computing",
  playing: "progress.playing",
};

export class Card {
  readonly element = make("li", { class: "card" });
  readonly #item: Item;
  readonly #actions: CardActions;
  readonly #title: HTMLHeadingElement;
  readonly #body = make("div", { class: "card-body" });
  #meter: HTMLProgressElement | undefined;
  #share: HTMLElement | undefined;
  #preview: Preview | undefined;
  #named = false;

  constructor(item: Item, actions: CardActions) {
    this.#item = item;
    this.#actions = actions;
    this.#title = make("h3", { id: `item-${item.number}`, tabindex: -1 });
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
    const isOpen = (selector: string): boolean =>
      this.element.querySelector<HTMLDetailsElement>(selector)?.open ?? false;
    const opened = { details: isOpen("details"), moments: isOpen(".moments") };
    const { state, kind } = this.#item;
    const words = wordsFor(this.#item);
    this.element.dataset.mood = words.mood;
    this.element.dataset.state = state.kind;
    this.#title.replaceChildren(labelOf(this.#item));
    if (named) {
      // A name may have any writing direction and any length.
      const name = make("bdi", {}, this.#item.file.name);
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
    const fingerprint = fingerprintOf(this.#item);
    if (fingerprint) this.#body.append(details(fingerprint, kind, opened));
    if (focused !== undefined) this.#focusAction(focused);
  }

  /** Updates only the progress, which changes many times a second. */
  progress(): void {
    const { state, kind } = this.#item;
    if (state.kind !== "working" || !this.#meter || !this.#share) return;
    const share = number(state.share, { style: "percent" });
    if (kind === "video" && state.step === "computing") {
      // Nobody knows how long it takes to look through a video.
      this.#meter.removeAttribute("value");
      this.#share.textContent = text("progress.video");
      return;
    }
    this.#meter.value = state.share;
    this.#share.textContent = text(STEPS[state.step], { share });
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
    if (this.#item.state.kind !== "working") return [];
    this.#meter = make("progress", { max: 1, "aria-labelledby": this.#title.id });
    this.#share = make("span", { class: "small" });
    this.progress();
    return [make("div", { class: "progress" }, this.#meter, this.#share)];
  }

  #hash(): Node[] {
    const hash = codeShownOf(this.#item);
    if (hash === undefined) return [];
    // Groups of eight are easier to read. The gaps are drawn by the style sheet and not copied.
    const groups = (hash.match(/.{1,8}/g) ?? []).map((group) => make("span", {}, group));
    const isVideo = this.#item.kind === "video";
    const count = isVideo ? this.#moments() : variantHashesOf(this.#item).length - 1;
    const more = text(isVideo ? "video.more" : "image.more", { count });
    return [
      make("p", { class: "hash-label small" }, text(isVideo ? "video.hash" : "image.hash")),
      make("code", { class: "hash", dir: "ltr" }, ...groups),
      ...(count > 0 ? [make("p", { class: "hash-more small" }, more)] : []),
    ];
  }

  #moments(): number {
    return fingerprintOf(this.#item)?.video?.vpdq.length ?? 0;
  }

  #buttons(): HTMLElement {
    const item = this.#item;
    const { state, kind } = item;
    const shown: HTMLButtonElement[] = [];
    const add = (action: string, label: string, press: () => void): void => {
      shown.push(
        button({ "data-action": action, "aria-describedby": this.#title.id }, label, press),
      );
    };
    if (codeShownOf(item) !== undefined) {
      add("copy", text(kind === "video" ? "video.copy" : "image.copy"), () => void this.#copy());
    }
    const { length } = variantHashesOf(item);
    const moments = this.#moments();
    if (length > 1) {
      add("copy-all", text("image.copy.all", { count: length }), () => void this.#copyAll());
    } else if (moments > 0) {
      add("copy-all", text("video.copy.all", { count: moments }), () => void this.#copyAll());
    }
    if (state.kind === "waiting" || state.kind === "working") {
      add("cancel", text("image.cancel"), () => this.#actions.cancel(item));
    } else {
      if (isDamaged(item) && !item.acceptDamaged) {
        add("retry", text("image.anyway"), () => this.#actions.retry(item, true));
      }
      if (isWorthRetrying(item))
        add("retry", text("image.retry"), () => this.#actions.retry(item));
      // A video is never shown: it could move and be seen before anybody can look away.
      if (hashOf(item) !== undefined) {
        add("look", text(this.#preview ? "preview.hide" : "preview.show"), () => this.#look());
      }
      add("remove", text("image.remove"), () => this.#actions.remove(item));
    }
    return make("div", { class: "actions" }, ...shown);
  }

  async #copy(): Promise<void> {
    const hash = this.element.querySelector<HTMLElement>(".hash");
    if (hash) await this.#copied("copy", () => copy(hash));
  }

  async #copyAll(): Promise<void> {
    const fingerprint = fingerprintOf(this.#item);
    const [folded, moments] = this.element.querySelectorAll("details");
    const shown = this.element.querySelector<HTMLElement>(".set, .moments table");
    if (!fingerprint || !folded || !shown) return;
    const lines = fingerprint.video
      ? linesOf(fingerprint)
      : variantHashesOf(this.#item).join("\n");
    const show = (): void => {
      for (const part of [folded, moments]) if (part) part.open = true;
      // The rows of the moments are made by the event, which comes later.
      moments?.dispatchEvent(new Event("toggle"));
    };
    await this.#copied("copy-all", () => copy(shown, lines, show));
  }

  async #copied(action: string, work: () => Promise<boolean>): Promise<void> {
    const pressed = this.element.querySelector<HTMLElement>(`[data-action="${action}"]`);
    if (!pressed) return;
    const before = pressed.textContent;
    const words = text((await work()) ? "image.copied" : "image.selected");
    this.#actions.announce(words);
    pressed.textContent = words;
    setTimeout(() => (pressed.textContent = before), 4000);
  }

  #look(): void {
    if (this.#preview) {
      this.#preview.close();
      this.#preview = undefined;
    } else {
      this.#preview = new Preview(this.#item.file, () => {
        this.#preview = undefined;
        this.render(this.#named);
      });
      void this.#preview.show();
    }
    this.render(this.#named);
  }

  /** The action whose button has the focus; "" for any other element of the body. */
  #focusedAction(): string | undefined {
    // In the web component, the document knows only the component.
    const root = this.element.getRootNode();
    const active = (root instanceof ShadowRoot ? root : document).activeElement;
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
