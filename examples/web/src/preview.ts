/**
 * A preview of an image, on request: blurred, and clear only while it is pressed. It is drawn on a
 * canvas, so that animations stand still and the image has no address.
 */

import { make } from "./dom";
import { text } from "./language";

/** Pixels per row of the blurred and the clear preview. The style sheet adds more blur. */
const BLURRED = 10;
const CLEAR = 960;

/** All open previews. */
const open = new Set<Preview>();

export class Preview {
  readonly element = make("div", { class: "preview" });
  readonly #file: File;
  readonly #closed: () => void;
  #bitmap: ImageBitmap | undefined;

  /** `closed` is called if the preview is closed from outside its card. */
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
      this.element.replaceChildren(
        make("p", { "data-text": "preview.cannot" }, text("preview.cannot")),
      );
    }
  }

  /** Removes the preview and releases the image. */
  close(): void {
    open.delete(this);
    this.element.remove();
    this.#bitmap?.close();
    this.#bitmap = undefined;
  }

  /** Closes the preview from outside its card. */
  end(): void {
    this.close();
    this.#closed();
  }
}

/** Closes all previews. */
export function closePreviews(): void {
  for (const preview of [...open]) preview.end();
}

/** Closes previews when the person switches to another tab or program. */
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
  for (const event of ["pointerup", "pointercancel", "pointerleave", "blur"])
    element.addEventListener(event, off);
  element.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    // The space bar would scroll the page.
    event.preventDefault();
    if (!event.repeat) on();
  });
  element.addEventListener("keyup", off);
  // A long press would open a menu for saving or sharing the image.
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  off();
  return element;
}
