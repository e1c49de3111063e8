/**
 * A look at a picture, for those who ask for it: blurred, and clear only for as long as it is pressed. Drawn on a canvas, so
 * that nothing moves and no address of the picture exists.
 */

import { make } from "./dom";
import { text } from "./language";

/** So few pixels across that hardly more than light and dark is left; the style sheet blurs them on top. */
const BLURRED = 10;
const CLEAR = 960;

/** Every preview that is open. */
const open = new Set<Preview>();

export class Preview {
  readonly element = make("div", { class: "preview" });
  readonly #file: File;
  readonly #closed: () => void;
  #bitmap: ImageBitmap | undefined;

  /** `closed` is called when the preview ends by itself. */
  constructor(file: File, closed: () => void) {
    this.#file = file;
    this.#closed = closed;
    open.add(this);
  }

  async show(): Promise<void> {
    try {
      const bitmap = await createImageBitmap(this.#file);
      if (!open.has(this)) {
        bitmap.close();
        return;
      }
      this.#bitmap = bitmap;
      this.element.replaceChildren(holdable(bitmap));
    } catch {
      this.element.replaceChildren(make("p", { "data-text": "preview.cannot" }, text("preview.cannot")));
    }
  }

  /** Takes the picture off the page and out of memory. */
  close(): void {
    open.delete(this);
    this.element.remove();
    this.#bitmap?.close();
    this.#bitmap = undefined;
  }

  /** Closes it from outside its card. */
  end(): void {
    this.close();
    this.#closed();
  }
}

/** Closes every preview: somebody may have come, or the page is going. */
export function closePreviews(): void {
  for (const preview of [...open]) preview.end();
}

/** Previews end when the page is left for another tab or program. */
export function setUpPreviews(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) closePreviews();
  });
  window.addEventListener("blur", closePreviews);
}

function holdable(bitmap: ImageBitmap): HTMLButtonElement {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const label = make("span", { "data-text": "preview.hold" }, text("preview.hold"));
  const element = make("button", { type: "button", class: "hold" }, canvas, label);
  const draw = (clear: boolean): void => {
    const width = Math.min(clear ? CLEAR : BLURRED, bitmap.width);
    canvas.width = width;
    canvas.height = Math.max(1, Math.round((bitmap.height / bitmap.width) * width));
    const context = canvas.getContext("2d");
    if (context) context.imageSmoothingQuality = "high";
    context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    element.toggleAttribute("data-clear", clear);
  };
  const on = (): void => draw(true);
  const off = (): void => draw(false);
  element.addEventListener("pointerdown", on);
  for (const event of ["pointerup", "pointercancel", "pointerleave", "blur"]) element.addEventListener(event, off);
  element.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    // The space bar would scroll the picture away.
    event.preventDefault();
    if (!event.repeat) on();
  });
  element.addEventListener("keyup", off);
  // A long press would offer to save or share the picture.
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  off();
  return element;
}
