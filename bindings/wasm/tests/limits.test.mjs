// Each limit at every entry point: six numbers are passed to a module in a row and must not be
// swapped.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { crc32 } from "node:zlib";

import { fakeBrowser } from "./support/canvas.mjs";
import { codecs } from "./support/codecs.mjs";
import { PACKAGE, REPOSITORY, VECTORS } from "./support/places.mjs";
import { encodePng, rowsOf } from "./support/images.mjs";

/** The core's names of the limits. */
const KINDS = {
  fileBytes: "length of the file in bytes",
  width: "width",
  height: "height",
  pixels: "pixel count",
  memory: "memory in bytes",
  expansion: "number of decoded bytes for each byte of the file",
};
/** @typedef {keyof typeof KINDS} Limit */
const OF_PIXELS = /** @type {const} */ (["width", "height", "pixels", "memory"]);
const ALL = /** @type {Limit[]} */ (Object.keys(KINDS));
const FORMATS = /** @type {const} */ (["heic", "avif", "jxl"]);
/** A size to which the limit for the length of the file applies. */
const VAST = [8000, 7900];

const { loadCore, OwnprintError } = await import("ownprint/core");
const base = await loadCore({ codecs: codecs(...FORMATS, "video") });
const full = await loadCore({ full: true });
const { platformPixels } = await import(path.join(PACKAGE, "dist/platform-decode.js"));

const png = encodePng(80, 64, rowsOf(80, 64, 5, 3));
const video = await readFile(path.join(REPOSITORY, "fuzz/corpus/video/b-frames.mp4"));
const [width, height] = [60, 50];
const pixels = {
  data: new Uint8Array(width * height * 3).fill(9),
  width,
  height,
  format: /** @type {const} */ ("rgb8"),
};

/** @typedef {import("ownprint").Limits} Limits */
/** @typedef {(limits: Limits) => unknown} EntryPoint */
/**
 * The entry point, its limits, a call for a small file, and a call for a file with a vast image.
 *
 * @type {[string, readonly Limit[], EntryPoint, EntryPoint?][]}
 */
const ENTRY_POINTS = [
  ...[base, full].map(
    (core) =>
      /** @type {[string, readonly Limit[], EntryPoint, EntryPoint]} */ ([
        core === base ? "a PNG file" : "a PNG file, the full build",
        ALL,
        (limits) => core.fingerprint(png, { limits }),
        (limits) => core.fingerprint(headed(VAST), { limits }),
      ]),
  ),
  ["bare pixels", OF_PIXELS, (limits) => base.fingerprintPixels(pixels, { limits })],
  ...(await Promise.all(
    FORMATS.map(async (format) => {
      const file = await readFile(
        path.join(VECTORS, "stills", format === "jxl" ? "lossless.jxl" : `420.${format}`),
      );
      const vast = format === "jxl" ? vastJxl() : vastHeif(file);
      return /** @type {[string, readonly Limit[], EntryPoint, EntryPoint]} */ ([
        `a ${format} file`,
        ALL,
        (limits) => base.fingerprint(file, { limits }),
        (limits) => base.fingerprint(vast, { limits }),
      ]);
    }),
  )),
  [
    "a video",
    // `expansion` bounds frames of more than 60 megapixels; the tests of the core have such videos.
    ALL.filter((limit) => limit !== "expansion"),
    (limits) => base.videos.fingerprint(video, { limits }),
  ],
  [
    "a video's frame",
    OF_PIXELS,
    (limits) =>
      base.videos
        .hasher({ framesPerSecond: 1, limits })
        .update({ ...pixels, index: 0, seconds: 0 }),
  ],
];

for (const [entryPoint, limits, ask, askVast] of ENTRY_POINTS) {
  describe(`limits: ${entryPoint}`, () => {
    const actuals = new Map();
    for (const limit of limits) {
      test(limit, () => {
        const asked = limit === "expansion" ? /** @type {EntryPoint} */ (askVast) : ask;
        const { code, message } = outcomeOf(() => asked({ [limit]: 1 }));
        assert.equal(code, "limit-exceeded", message);
        const [, kind, actual, allowed] =
          /^the (.+) is (\d+), over the limit of (\d+);/.exec(message) ?? [];
        assert.deepEqual([kind, allowed], [KINDS[limit], "1"], message);
        actuals.set(limit, Number(actual));
        // A limit that is lower by one rejects the file. The exact limit accepts it, unless the
        // decoder needs more memory.
        assert.equal(
          outcomeOf(() => asked({ [limit]: Number(actual) - 1 })).message,
          message.replace("limit of 1;", `limit of ${Number(actual) - 1};`),
        );
        assert.ok(
          !outcomeOf(() => asked({ [limit]: Number(actual) })).message.startsWith(
            `the ${kind} is ${actual},`,
          ),
        );
      });
    }
    test("all limits differ", () =>
      assert.equal(new Set(actuals.values()).size, limits.length));
  });
}

describe("limits: an image that the browser decodes", () => {
  const named = /** @type {const} */ (["fileBytes", "width", "height", "pixels"]);

  for (const limit of named)
    test(limit, async () => {
      const file = new Blob([png]);
      const actual = { fileBytes: png.length, width, height, pixels: width * height }[limit];
      assert.deepEqual(await refusal(file, { width, height }, { [limit]: actual }), {
        decoded: 1,
        message: "",
      });
      const { decoded, code, message } = await refusal(
        file,
        { width, height },
        { [limit]: actual - 1 },
      );
      assert.equal(code, "limit-exceeded");
      assert.equal(
        message.split(";")[0],
        `the ${KINDS[limit]} is ${actual}, over the limit of ${actual - 1}`,
      );
      assert.equal(
        decoded,
        limit === "fileBytes" ? 0 : 1,
        "a long file is refused before the browser sees it",
      );
    });

  test("the default limits and the messages are the core's", async () => {
    for (const [width = 0, height = 0] of [
      [65536, 1],
      [1, 65536],
      [65535, 65535],
    ]) {
      const { message } = await refusal(new Blob([]), { width, height });
      assert.equal(message, outcomeOf(() => base.fingerprint(headed([width, height]))).message);
    }
    const { message } = await refusal(/** @type {any} */ ({ size: 2 ** 29 + 1 }), {
      width,
      height,
    });
    assert.match(message, /^the length of the file in bytes is 536870913, over the limit of 536870912;/);
  });
});

/**
 * Returns the error for a file whose image has this size in a browser.
 *
 * @param {Blob} file
 * @param {{ width: number, height: number }} size
 * @param {Limits} [limits]
 */
async function refusal(file, { width, height }, limits) {
  const rows = Array(Math.min(height, 100)).fill(new Uint8Array(Math.min(width, 100) * 4).fill(1));
  const restore = fakeBrowser({ rows, width, height });
  const browser = /** @type {any} */ (globalThis);
  const { createImageBitmap } = browser;
  let decoded = 0;
  browser.createImageBitmap = () => {
    decoded += 1;
    return createImageBitmap();
  };
  try {
    await platformPixels(
      file,
      "heic",
      { ...(limits && { limits }) },
      /** @type {any} */ (base).checkLimits.bind(base),
    );
    return { decoded, message: "" };
  } catch (/** @type {any} */ { code, message }) {
    return { decoded, code, message: String(message) };
  } finally {
    restore();
  }
}

/** Returns the error of a call, or of its result. @param {() => any} work */
function outcomeOf(work) {
  try {
    const { code, message = "" } = work()?.error ?? {};
    return { code, message };
  } catch (/** @type {any} */ error) {
    assert.ok(error instanceof OwnprintError, String(error));
    return { code: error.code, message: error.message };
  }
}

/** Returns a PNG file with this size in its header. @param {number[]} size */
function headed([width = 0, height = 0]) {
  const file = Buffer.from(png);
  file.writeUInt32BE(width, 16);
  file.writeUInt32BE(height, 20);
  file.writeUInt32BE(crc32(file.subarray(12, 29)), 29);
  return file;
}

/** Returns a HEIC or AVIF file with this size in its property `ispe`. @param {Buffer} still */
function vastHeif(still) {
  const file = Buffer.from(still);
  const at = file.indexOf("ispe");
  for (const [index, side] of VAST.entries()) file.writeUInt32BE(side, at + 8 + index * 4);
  return file;
}

/** Returns the header of a JPEG XL file with this size. */
function vastJxl() {
  const [width = 0, height = 0] = VAST;
  // Lowest bits first: not small, height, no ratio, width, each in 13 bits; defaults follow.
  const fields = [
    [0, 1],
    [1, 2],
    [height - 1, 13],
    [0, 3],
    [1, 2],
    [width - 1, 13],
    [1, 1],
  ];
  let [bits, length] = [0n, 0n];
  for (const [value = 0, size = 0] of fields) {
    bits |= BigInt(value) << length;
    length += BigInt(size);
  }
  const body = Array.from({ length: 70 }, (_, index) => Number((bits >> BigInt(index * 8)) & 255n));
  return Uint8Array.from([0xff, 0x0a, ...body]);
}
