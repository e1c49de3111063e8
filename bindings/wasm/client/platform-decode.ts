/**
 * Decodes images with the browser, for formats that no module decodes.
 *
 * The pixels differ between browsers, so the results are marked. Browsers that protect against
 * fingerprinting return noise from canvases; the canvas is tested first.
 */

import type { ComputeOptions, Limits, PixelsInput } from "./compute-types.js";
import { OwnprintError } from "./errors.js";

/** Rows read at a time: phones limit a canvas to 16.7 megapixels. */
const STRIP_ROWS = 256;

/** Pixels that the caller overwrites. */
type OwnedPixels = PixelsInput & { readonly data: Uint8Array };

/** Compares a file or an image with the core's limits. */
type CheckLimits = (
  limits: Limits | undefined,
  file: { readonly bytes: number } | { readonly width: number; readonly height: number },
) => void;

/**
 * Returns the pixels of an image with its orientation applied: browsers always apply it.
 *
 * The length of the file is checked before decoding, the size of the image afterwards, because the
 * browser does not report it earlier.
 *
 * @throws {@link OwnprintError} `unsupported-format`, `unsupported-feature`, `limit-exceeded`,
 *   `canvas-tampered`
 */
export async function platformPixels(
  file: Blob,
  format: string,
  { orientation, limits }: ComputeOptions,
  checkLimits: CheckLimits,
): Promise<OwnedPixels> {
  if (orientation === "ignore") {
    throw new OwnprintError(
      "unsupported-feature",
      `this browser always applies the orientation of ${format} images; use orientation "apply"`,
    );
  }
  if (typeof OffscreenCanvas === "undefined" || typeof createImageBitmap === "undefined") {
    throw cannotDecode(format);
  }
  checkLimits(limits, { bytes: file.size });
  refuseTamperedCanvas();
  const bitmap = await decode(file, format);
  try {
    const { width, height } = bitmap;
    checkLimits(limits, { width, height });
    return { data: readBack(bitmap, width, height), width, height, format: "rgba8" };
  } finally {
    bitmap.close();
  }
}

async function decode(file: Blob, format: string): Promise<ImageBitmap> {
  try {
    // Stored color values, as the modules return them.
    return await createImageBitmap(file, {
      colorSpaceConversion: "none",
      premultiplyAlpha: "none",
    });
  } catch (error) {
    throw cannotDecode(format, error);
  }
}

/** Returns the RGBA pixels of an image, or of the frame that a player shows. */
export function readBack(
  image: ImageBitmap | HTMLVideoElement,
  width: number,
  height: number,
): Uint8Array {
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
      // Some browsers draw nothing when memory runs out, without an error.
      throw new OwnprintError(
        "unsupported-feature",
        "this browser returned an empty image; save the image as JPEG and use that file",
      );
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
    // Browsers defer drawing until pixels are read.
    canvas.getImageData(0, 0, 1, 1);
  } catch {
    // The first read reported the error.
  }
}

/**
 * Draws a pattern and reads it twice. A canvas that adds noise or hides pixels returns another one.
 *
 * @throws {@link OwnprintError} `canvas-tampered`
 */
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
        "this browser hides the pixels of images from web pages to protect against tracking; " +
          "save the image as JPEG or PNG and use that file",
      );
    }
  }
}

function context(width: number, height: number): OffscreenCanvasRenderingContext2D {
  // `willReadFrequently` avoids the GPU, whose results differ between machines.
  const canvas = new OffscreenCanvas(width, height).getContext("2d", {
    willReadFrequently: true,
    colorSpace: "srgb",
  });
  if (canvas === null) {
    throw new OwnprintError(
      "unsupported-feature",
      "this browser has no canvas to decode with; save the image as JPEG and use that file",
    );
  }
  return canvas;
}

function cannotDecode(format: string, cause?: unknown): OwnprintError {
  return new OwnprintError(
    "unsupported-format",
    `this browser cannot decode ${format} images; save the image as JPEG and use that file`,
    { cause },
  );
}
