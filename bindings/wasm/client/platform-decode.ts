/**
 * The browser's own decoder, for formats that the module does not know.
 *
 * It gives other pixels than other devices do: results that come from here say so. It is used only where the canvas
 * returns what was drawn; browsers that protect against fingerprinting return noise instead.
 */

import { OwnprintError } from "./types.js";
import type { ComputeOptions, PixelsInput } from "./types.js";

/** Rows read back at a time: a canvas of the whole image would exceed what phones allow (16.7 million pixels). */
const STRIP_ROWS = 256;

/** What the core calls the limits that are compared here, before anything is allocated, and its defaults; its other limits come after. */
const LIMITS = {
  fileBytes: ["file bytes", 512 * 2 ** 20],
  width: ["width", 65_535],
  height: ["height", 65_535],
  pixels: ["pixel count", 2 ** 28],
} as const;

/** Pixels for one who overwrites them. */
type OwnedPixels = PixelsInput & { readonly data: Uint8Array };

/**
 * The image's pixels, upright by its own EXIF or container: browsers turn it, asked or not.
 *
 * A browser says how large an image is once it has decoded it, into memory of its own; what can be refused before that is a long file.
 */
export async function platformPixels(file: Blob, format: string, options: ComputeOptions): Promise<OwnedPixels> {
  if (options.pixels === "stored") {
    throw new OwnprintError(
      "unsupported-feature",
      `this browser gives ${format} images upright only; ask for upright pixels`,
    );
  }
  if (typeof OffscreenCanvas === "undefined" || typeof createImageBitmap === "undefined") {
    throw cannotDecode(format);
  }
  refuseOver("fileBytes", file.size, options);
  refuseTamperedCanvas();
  const bitmap = await decode(file, format);
  try {
    const { width, height } = bitmap;
    refuseOver("width", width, options);
    refuseOver("height", height, options);
    refuseOver("pixels", width * height, options);
    return { data: readBack(bitmap, width, height), width, height, format: "rgba8" };
  } finally {
    bitmap.close();
  }
}

function refuseOver(limit: keyof typeof LIMITS, actual: number, { limits }: ComputeOptions): void {
  const [kind, usual] = LIMITS[limit];
  const allowed = limits?.[limit] ?? usual;
  if (actual > allowed) {
    throw new OwnprintError("limit-exceeded", `the ${kind} is ${actual}, over the limit of ${allowed}; raise that limit if this image is expected`);
  }
}

async function decode(file: Blob, format: string): Promise<ImageBitmap> {
  try {
    // Stored colour values, as every other decoder here gives them.
    return await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  } catch (error) {
    throw cannotDecode(format, error);
  }
}

/** What a canvas gives of an image, or of what a player shows. */
export function readBack(image: ImageBitmap | HTMLVideoElement, width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  const canvas = context(width, Math.min(STRIP_ROWS, height));
  let anything = 0;
  try {
    for (let top = 0; top < height; top += STRIP_ROWS) {
      const rows = Math.min(STRIP_ROWS, height - top);
      canvas.clearRect(0, 0, width, STRIP_ROWS);
      canvas.drawImage(image, 0, -top);
      const strip = canvas.getImageData(0, 0, width, rows).data;
      data.set(strip, top * width * 4);
      for (const value of strip) {
        anything |= value;
      }
      strip.fill(0);
    }
    if (anything === 0) {
      // Some browsers draw nothing when memory runs out, without a word.
      throw new OwnprintError("unsupported-feature", "this browser returned an empty image; save it as JPEG and use that");
    }
    return data;
  } catch (error) {
    data.fill(0);
    throw error;
  } finally {
    wipe(canvas);
  }
}

function wipe(canvas: OffscreenCanvasRenderingContext2D): void {
  canvas.clearRect(0, 0, canvas.canvas.width, canvas.canvas.height);
  try {
    // Browsers draw once somebody looks.
    canvas.getImageData(0, 0, 1, 1);
  } catch {
    // What cannot be read any more is told of by whoever read it first.
  }
}

/** Draws a known pattern and reads it twice: a canvas that adds noise, or hides pixels, does not return it. */
export function refuseTamperedCanvas(): void {
  const side = 16;
  const canvas = context(side, side);
  const drawn = canvas.createImageData(side, side);
  for (let at = 0; at < drawn.data.length; at += 4) {
    drawn.data.set([(at * 7) & 255, (at * 13 + 5) & 255, (at * 29 + 11) & 255, 255], at);
  }
  canvas.putImageData(drawn, 0, 0);
  for (let read = 0; read < 2; read += 1) {
    const returned = canvas.getImageData(0, 0, side, side).data;
    if (returned.some((value, at) => value !== drawn.data[at])) {
      throw new OwnprintError(
        "canvas-tampered",
        "your browser hides the pixels of images from web pages, which protects you from being tracked; " +
          "so it cannot be used to read this image: save it as JPEG or PNG and use that file",
      );
    }
  }
}

function context(width: number, height: number): OffscreenCanvasRenderingContext2D {
  // Readings come from memory this way, and are the same on every machine.
  const canvas = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
  if (canvas === null) {
    throw new OwnprintError("unsupported-feature", "this browser has no canvas to read the image from; save it as JPEG");
  }
  return canvas;
}

function cannotDecode(format: string, cause?: unknown): OwnprintError {
  return new OwnprintError(
    "unsupported-format",
    `this browser cannot decode ${format} images; save or share the image as JPEG and use that file`,
    { cause },
  );
}
