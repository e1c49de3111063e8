/**
 * The quick exit: the button, or Shift three times, as GOV.UK's "Exit this page". Escape is not
 * used: it stops the next page from loading and leaves this one on the screen.
 */

import { announceNow } from "./announce";
import { the } from "./dom";
import { text } from "./language";

const PRESSES = 3;
/** In milliseconds. */
const WITHIN = 5000;

/** `forget` releases all images and results. */
export function setUpExit(forget: () => void): void {
  const link = the("exit", HTMLAnchorElement);
  const elsewhere = link.href;
  const leave = (): void => {
    // Blank first: the next page may take seconds, or fail without a network.
    document.documentElement.hidden = true;
    document.title = "";
    try {
      forget();
    } finally {
      document.body.replaceChildren();
      // Replaces this page in the history, so that "back" does not return here.
      location.replace(elsewhere);
    }
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  countShift(link, leave);
}

function countShift(link: HTMLElement, leave: () => void): void {
  let presses = 0;
  let alone = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (count: number): void => {
    presses = count;
    link.dataset.presses = String(count);
  };

  document.addEventListener("keydown", (event) => {
    // Shift with another key is typing or moving backwards; any other key restarts the count.
    alone = event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key !== "Shift") show(0);
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    clearTimeout(timer);
    show(presses + 1);
    if (presses >= PRESSES) {
      leave();
      return;
    }
    announceNow(text("exit.more", { count: PRESSES - presses }));
    timer = setTimeout(() => {
      show(0);
      announceNow(text("exit.over"));
    }, WITHIN);
  });
}
