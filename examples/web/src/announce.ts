/** Announcements for screen readers. */

/** In milliseconds. */
const PAUSE = 600;
const FORGET = 8000;

let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Announces a sentence at the next pause, joined with others of the same moment. */
export function announce(sentence: string): void {
  waiting.push(sentence);
  clearTimeout(timer);
  timer = setTimeout(() => {
    const said = waiting.join(" ");
    waiting = [];
    say("polite", said);
  }, PAUSE);
}

/** Announces a sentence at once and interrupts others. */
export function announceNow(sentence: string): void {
  say("now", sentence);
}

function say(region: "polite" | "now", sentence: string): void {
  const element = document.getElementById(region);
  if (!element) return;
  // Without a change of the text, a repeated sentence would not be read.
  element.textContent = "";
  requestAnimationFrame(() => (element.textContent = sentence));
  // Somebody who reads through the page later should not find it.
  setTimeout(() => {
    if (element.textContent === sentence) element.textContent = "";
  }, FORGET);
}
