/** Looks up a case, or withdraws it, with the numbers that a person kept. */

import { button, make } from "./dom";
import { typedDigits, type CaseStatus, type HandIn } from "./hand-in";
import { wordsForError, wordsForStatus, wordsForWithdrawal, type Action } from "./hand-in-words";
import { fillTexts, text, type Key } from "./language";
import { outcome } from "./outcome";
import type { Words } from "./words";

export interface HandInParts {
  readonly handIn: HandIn;
  /** Who receives the hashes, as people are told; `undefined` for a trial, which sends nothing. */
  readonly receiver: string | undefined;
  readonly announce: (sentence: string) => void;
}

type Result =
  | { readonly kind: "status"; readonly status: CaseStatus }
  | { readonly kind: "withdrawn" }
  | { readonly kind: "asked" }
  | { readonly kind: "failed"; readonly error: unknown; readonly action: Action };

export class CasePanel {
  readonly element = make("details", { class: "case" });
  readonly #parts: HandInParts;
  readonly #number = field("case-number");
  readonly #pin = field("case-pin");
  readonly #outcome = make("div", { class: "outcome" });
  readonly #withdraw = button(
    { id: "case-withdraw", "data-text": "handin.withdraw" },
    "",
    () => this.#ask(),
  );
  #result: Result | undefined;
  #running: AbortController | undefined;

  constructor(parts: HandInParts) {
    this.#parts = parts;
    const check = button({ id: "case-check", "data-text": "handin.check" }, "", () => {
      void this.#run("status");
    });
    this.element.append(
      make("summary", {}, make("h3", { "data-text": "handin.lookup" })),
      make("p", { "data-text": "handin.lookup.text" }),
      make(
        "div",
        { class: "pair" },
        labelled(this.#number, "handin.case"),
        labelled(this.#pin, "handin.pin"),
      ),
      make("div", { class: "actions" }, check, this.#withdraw),
      this.#outcome,
    );
  }

  /** Enters the numbers of a new receipt, so that nobody has to type what is on the screen. */
  enter(caseNumber: string, pin: string): void {
    this.#number.value = caseNumber;
    this.#pin.value = pin;
    this.#result = undefined;
  }

  render(): void {
    fillTexts(this.element);
    const words = this.#words();
    this.#outcome.replaceChildren(...(words ? [outcome(words, ...this.#answers())] : []));
  }

  clear(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#number.value = "";
    this.#pin.value = "";
    this.#result = undefined;
    this.element.open = false;
  }

  #words(): Words | undefined {
    const result = this.#result;
    switch (result?.kind) {
      case undefined:
        return undefined;
      case "status":
        return wordsForStatus(result.status);
      case "withdrawn":
        return wordsForWithdrawal();
      case "asked":
        return { mood: "plain", title: text("handin.sure"), sentences: [text("handin.sure.text")] };
      case "failed":
        return wordsForError(result.error, result.action);
    }
  }

  #answers(): HTMLElement[] {
    if (this.#result?.kind !== "asked") return [];
    const yes = button({ "data-action": "yes" }, text("handin.sure.yes"), () => {
      this.#withdraw.focus();
      void this.#run("withdraw");
    });
    const no = button({ "data-action": "no" }, text("handin.sure.no"), () => {
      this.#show(undefined);
      this.#withdraw.focus();
    });
    return [make("div", { class: "actions" }, yes, no)];
  }

  #ask(): void {
    this.#show({ kind: "asked" });
    this.#outcome.querySelector<HTMLElement>("[data-action=no]")?.focus();
  }

  async #run(action: "status" | "withdraw"): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const numbers = [typedDigits(this.#number.value), typedDigits(this.#pin.value)] as const;
    const options = { signal: running.signal };
    let result: Result;
    try {
      if (action === "status") {
        result = { kind: "status", status: await this.#parts.handIn.status(...numbers, options) };
      } else {
        await this.#parts.handIn.withdraw(...numbers, options);
        result = { kind: "withdrawn" };
      }
    } catch (error) {
      result = { kind: "failed", error, action };
    }
    // Another call was made, or everything was cleared.
    if (this.#running !== running) return;
    this.#running = undefined;
    this.#show(result);
  }

  #show(result: Result | undefined): void {
    this.#result = result;
    this.render();
    const words = this.#words();
    if (words) this.#parts.announce([`${words.title}.`, ...words.sentences].join(" "));
  }
}

function field(id: string): HTMLInputElement {
  return make("input", {
    id,
    type: "text",
    inputmode: "numeric",
    dir: "ltr",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: 40,
  });
}

function labelled(input: HTMLInputElement, key: Key): HTMLElement {
  return make("div", { class: "side" }, make("label", { for: input.id, "data-text": key }), input);
}
