/** The part of the page that hands in: what is sent and what follows, the receipt, the case. */

import { copy } from "./copy";
import { button, make } from "./dom";
import { grouped, hashesOf, newAttempt } from "./hand-in";
import type { Attempt, FileHashes, Receipt } from "./hand-in";
import { CasePanel, type HandInParts } from "./hand-in-case";
import { isFinal, wordsForError, wordsForStatus } from "./hand-in-words";
import { fingerprintOf, type Item } from "./items";
import { fillTexts, text, type Key } from "./language";
import { outcome } from "./outcome";

/** What is handed in together. Kept after a failure, so that a retry is the same attempt. */
interface Submission {
  readonly attempt: Attempt;
  readonly items: readonly Item[];
  readonly files: readonly FileHashes[];
}

const NEXT: readonly Key[] = [
  "handin.next.case",
  "handin.next.look",
  "handin.next.name",
  "handin.next.withdraw",
];

export class HandInPanel {
  readonly element = make("section", {
    class: "panel hand-in",
    "aria-labelledby": "hand-in-title",
  });
  readonly #parts: HandInParts;
  readonly #about = make("p");
  readonly #ready = make("div", { class: "hand-in-ready" });
  readonly #submit = button({ class: "main-button", id: "hand-in" }, "", () => this.#pressed());
  readonly #outcome = make("div", { class: "outcome" });
  readonly #receipts = make("div", { class: "outcome" });
  readonly #case: CasePanel;
  #items: readonly Item[] = [];
  #handedIn = new WeakSet<Item>();
  #pending: Submission | undefined;
  #running: AbortController | undefined;
  #error: unknown;
  #kept: readonly Receipt[] = [];

  constructor(parts: HandInParts) {
    this.#parts = parts;
    this.#case = new CasePanel(parts);
    const isTrial = parts.receiver === undefined;
    const list = NEXT.map((key) => make("li", { "data-text": key }));
    this.element.append(
      make("h2", { id: "hand-in-title", "data-text": "handin.title" }),
      this.#about,
      ...(isTrial ? [] : [make("h3", { "data-text": "handin.next" }), make("ul", {}, ...list)]),
      this.#ready,
      make("div", { class: "actions" }, this.#submit),
      this.#outcome,
      this.#receipts,
      this.#case.element,
    );
    this.render();
  }

  /** Called when the results of the list change. */
  update(items: readonly Item[]): void {
    this.#items = items;
    this.#renderReady();
  }

  /** Rebuilds the texts after a change of the language. */
  render(): void {
    const { receiver } = this.#parts;
    fillTexts(this.element);
    this.#about.textContent =
      receiver === undefined ? text("handin.trial") : text("handin.text", { name: receiver });
    this.#renderReady();
    this.#renderOutcome();
    this.#receipts.replaceChildren(...this.#kept.map((receipt) => this.#receipt(receipt)));
    this.#case.render();
  }

  /** Forgets case numbers and PINs, and stops what is being sent. */
  clear(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#pending = undefined;
    this.#error = undefined;
    this.#kept = [];
    this.#items = [];
    this.#handedIn = new WeakSet();
    this.#case.clear();
    this.render();
  }

  #collect(): { readonly items: readonly Item[]; readonly files: readonly FileHashes[] } {
    const found = this.#items
      .filter((item) => !this.#handedIn.has(item))
      .flatMap((item) => {
        const fingerprint = fingerprintOf(item);
        const hashes = fingerprint && hashesOf(fingerprint, item.kind);
        return hashes ? [{ item, hashes }] : [];
      });
    return { items: found.map(({ item }) => item), files: found.map(({ hashes }) => hashes) };
  }

  #renderReady(): void {
    const count = (this.#pending ?? this.#collect()).files.length;
    const finished = this.#items.filter(
      (item) => !this.#handedIn.has(item) && !["waiting", "working"].includes(item.state.kind),
    );
    const skipped = this.#pending ? 0 : finished.length - count;
    const lines: string[] = [];
    if (count > 0) lines.push(text("handin.count", { count }));
    else if (this.#kept.length === 0) lines.push(text("handin.none"));
    if (skipped > 0) lines.push(text("handin.skipped", { count: skipped }));
    this.#ready.replaceChildren(...lines.map((line) => make("p", {}, line)));
    this.#submit.disabled = count === 0 && !this.#running;
    this.#submit.textContent = text(
      this.#running ? "image.cancel" : this.#pending ? "image.retry" : "handin.button",
    );
  }

  #renderOutcome(): void {
    this.#outcome.replaceChildren();
    if (this.#running) {
      const working = { mood: "busy", title: text("handin.working"), sentences: [] } as const;
      this.#outcome.append(outcome(working));
    } else if (this.#error !== undefined) {
      this.#outcome.append(outcome(wordsForError(this.#error, "submit")));
    }
  }

  #pressed(): void {
    if (this.#running) this.#running.abort();
    else void this.#send();
  }

  async #send(): Promise<void> {
    const submission = this.#pending ?? { attempt: newAttempt(), ...this.#collect() };
    if (submission.files.length === 0) return;
    const running = new AbortController();
    this.#running = running;
    this.#pending = submission;
    this.#error = undefined;
    this.#renderReady();
    this.#renderOutcome();
    this.#parts.announce(text("handin.working"));
    try {
      const { attempt, files, items } = submission;
      const options = { attempt, signal: running.signal };
      const receipt = await this.#parts.handIn.submit(files, options);
      // Everything was cleared meanwhile.
      if (this.#running !== running) return;
      this.#pending = undefined;
      for (const item of items) this.#handedIn.add(item);
      this.#kept = [receipt, ...this.#kept];
      this.#case.enter(receipt.caseNumber, receipt.pin);
    } catch (error) {
      if (this.#running !== running) return;
      this.#error = error;
      if (isFinal(error)) this.#pending = undefined;
    }
    this.#running = undefined;
    this.render();
    this.#say();
  }

  #say(): void {
    if (this.#error === undefined) {
      this.#receipts.querySelector<HTMLElement>("h3")?.focus();
      this.#parts.announce(text("handin.keep"));
      return;
    }
    const { title, sentences } = wordsForError(this.#error, "submit");
    this.#parts.announce([`${title}.`, ...sentences].join(" "));
  }

  #receipt({ caseNumber, pin, status }: Receipt): HTMLElement {
    const numbers = make("dl", { class: "numbers" });
    const lines: string[] = [];
    const add = (name: string, digits: string): void => {
      const code = make("code", { dir: "ltr" }, grouped(digits));
      numbers.append(make("div", {}, make("dt", {}, name), make("dd", {}, code)));
      lines.push(`${name}: ${grouped(digits)}`);
    };
    add(text("handin.case"), caseNumber);
    add(text("handin.pin"), pin);
    const copying = button({ "data-action": "copy-numbers" }, text("handin.copy"), () => {
      void copy(numbers, lines.join("\n")).then((isCopied) => {
        copying.textContent = text(isCopied ? "image.copied" : "image.selected");
        this.#parts.announce(copying.textContent);
      });
    });
    const { sentences } = wordsForStatus(status);
    return make(
      "div",
      { class: "card receipt", "data-mood": "good" },
      make("h3", { class: "headline", tabindex: -1 }, text("handin.received")),
      ...sentences.map((sentence) => make("p", {}, sentence)),
      numbers,
      make("p", { class: "keep" }, text("handin.keep")),
      make("div", { class: "actions" }, copying),
    );
  }
}
