/** What is said to people who listen to the page. */

const PAUSE = 600;
const FORGET = 8000;

let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says this at the next pause. What comes at nearly the same time is said together, so that nothing is cut off. */
export function announce(sentence: string): void {
  waiting.push(sentence);
  clearTimeout(timer);
  timer = setTimeout(() => {
    const said = waiting.join(" ");
    waiting = [];
    say("polite", said);
  }, PAUSE);
}

/** Says this at once, whatever is being read. */
export function announceNow(sentence: string): void {
  say("now", sentence);
}

function say(region: "polite" | "now", sentence: string): void {
  const element = document.getElementById(region);
  if (!element) return;
  // Emptied first: the same sentence twice would be no change, and not be read.
  element.textContent = "";
  requestAnimationFrame(() => (element.textContent = sentence));
  // And not left behind for somebody who reads through the page later.
  setTimeout(() => {
    if (element.textContent === sentence) element.textContent = "";
  }, FORGET);
}
