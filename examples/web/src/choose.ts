/** Choosing files: by the button, by dropping, by pasting. */

import { announce } from "./announce";
import { the } from "./dom";
import { text } from "./language";

/** Returns a function that allows choosing; it is called when the page is complete. */
export function setUpChoosing(chosen: (files: readonly File[]) => void): () => void {
  const chooser = the("choose", HTMLButtonElement);
  const take = (files: Iterable<File>): boolean => {
    const list = [...files];
    if (chooser.disabled) {
      announce(text("requests.loading"));
      return true;
    }
    if (list.length > 0) chosen(list);
    return list.length > 0;
  };
  byButton(chooser, take);
  byDropping(take);
  byPasting(take);
  return () => (chooser.disabled = false);
}

function byButton(chooser: HTMLButtonElement, take: (files: Iterable<File>) => boolean): void {
  const input = the("files", HTMLInputElement);
  chooser.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take(input.files ?? []);
    // The field keeps nothing, and the same file can be chosen again.
    input.value = "";
  });
}

function byDropping(take: (files: Iterable<File>) => boolean): void {
  const zone = the("drop", HTMLDivElement);
  const over = (event: DragEvent, inside: boolean): void => {
    // Outside the zone too: otherwise the browser would open the dropped image.
    event.preventDefault();
    zone.toggleAttribute("data-over", inside);
  };
  document.addEventListener("dragover", (event) => over(event, true));
  document.addEventListener("dragleave", (event) => over(event, event.relatedTarget !== null));
  document.addEventListener("drop", (event) => {
    over(event, false);
    take(event.dataTransfer?.files ?? []);
  });
}

function byPasting(take: (files: Iterable<File>) => boolean): void {
  document.addEventListener("paste", (event) => {
    if (event.target instanceof HTMLInputElement) return;
    if (!take(event.clipboardData?.files ?? [])) announce(text("choose.nothing"));
  });
}
