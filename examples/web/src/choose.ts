/** Choosing files: by the button, by dropping, by pasting. */

import { text } from "./language";

/** The elements of the page or of the web component with which files are chosen. */
export interface ChoosingParts {
  readonly button: HTMLButtonElement;
  readonly input: HTMLInputElement;
  /** The marked place for dropping. */
  readonly zone: HTMLElement;
  /** Where dropped and pasted files are received: the page, or the component only. */
  readonly area: Document | HTMLElement;
  readonly announce: (sentence: string) => void;
  readonly chosen: (files: readonly File[]) => void;
}

type Take = (files: Iterable<File>) => boolean;

/** Returns a function that allows choosing; it is called when the scripts are complete. */
export function setUpChoosing(parts: ChoosingParts): () => void {
  const { button, announce, chosen } = parts;
  const take: Take = (files) => {
    const list = [...files];
    if (button.disabled) {
      announce(text("requests.loading"));
      return true;
    }
    if (list.length > 0) chosen(list);
    return list.length > 0;
  };
  byButton(parts, take);
  byDropping(parts, take);
  byPasting(parts, take);
  return () => (button.disabled = false);
}

function byButton({ button, input }: ChoosingParts, take: Take): void {
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take(input.files ?? []);
    // The field keeps nothing, and the same file can be chosen again.
    input.value = "";
  });
}

function byDropping({ zone, area }: ChoosingParts, take: Take): void {
  const over = (event: DragEvent, inside: boolean): void => {
    // Outside the zone too: otherwise the browser would open the dropped image.
    event.preventDefault();
    zone.toggleAttribute("data-over", inside);
  };
  const listen = (name: string, listener: (event: DragEvent) => void): void => {
    area.addEventListener(name, (event) => event instanceof DragEvent && listener(event));
  };
  listen("dragover", (event) => over(event, true));
  listen("dragleave", (event) => over(event, event.relatedTarget !== null));
  listen("drop", (event) => {
    over(event, false);
    take(event.dataTransfer?.files ?? []);
  });
}

function byPasting({ area, announce }: ChoosingParts, take: Take): void {
  area.addEventListener("paste", (event) => {
    if (!(event instanceof ClipboardEvent)) return;
    if (event.composedPath()[0] instanceof HTMLInputElement) return;
    if (!take(event.clipboardData?.files ?? [])) announce(text("choose.nothing"));
  });
}
