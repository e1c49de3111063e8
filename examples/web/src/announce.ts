/** Announcements for screen readers. */

/** In milliseconds. */
const PAUSE = 600;
const FORGET = 8000;

/** Announces sentences in a live region, which must be in the document from the beginning. */
export class Announcer {
  readonly #region: () => HTMLElement | null;
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(region: () => HTMLElement | null) {
    this.#region = region;
  }

  /** Announces a sentence at the next pause, joined with others of the same moment. */
  announce(sentence: string): void {
    this.#waiting.push(sentence);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const said = this.#waiting.join(" ");
      this.#waiting = [];
      this.announceNow(said);
    }, PAUSE);
  }

  /** Announces a sentence at once. */
  announceNow(sentence: string): void {
    const element = this.#region();
    if (!element) return;
    // Without a change of the text, a repeated sentence would not be read.
    element.textContent = "";
    requestAnimationFrame(() => (element.textContent = sentence));
    // Somebody who reads through the page later should not find it.
    setTimeout(() => {
      if (element.textContent === sentence) element.textContent = "";
    }, FORGET);
  }
}

const polite = new Announcer(() => document.getElementById("polite"));
const urgent = new Announcer(() => document.getElementById("now"));

/** Announces a sentence of the page at the next pause. */
export function announce(sentence: string): void {
  polite.announce(sentence);
}

/** Announces a sentence of the page at once and interrupts others. */
export function announceNow(sentence: string): void {
  urgent.announceNow(sentence);
}
