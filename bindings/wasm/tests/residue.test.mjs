// After hashing, no bytes of the image's rows or file are left in WebAssembly memory. Without
// overwriting, the same search finds them.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { inBrowsers } from "./support/browsers.mjs";
import { servePages } from "./support/pages.mjs";
import { PACKAGE } from "./support/places.mjs";
import { noiseImages } from "./support/images.mjs";
import { windowsFound } from "./support/residue.mjs";
import { withoutWipingOfHeap, withoutWipingOfStack } from "./support/trap.mjs";

const [WIDTH, HEIGHT] = [640, 480];
const images = noiseImages(WIDTH, HEIGHT).map(({ name, file, rows }) => ({
  name,
  file,
  // Rows of the top, the middle and the bottom: strips are reused, and the last one stays longest.
  rows: [0, 1, 8, 100, 239, 240, 241, 400, 471, 478, 479].map((y) => rows[y]),
  pixels: Buffer.concat(rows),
}));
// Files that a module does not decode are digested and not kept.
const decodedBy = (/** @type {boolean} */ full) =>
  images.filter(({ name }) => full || /png|jpeg/.test(name));
/** @type {import("ownprint").ComputeOptions} */
const ALGORITHMS = { algorithms: "all", rgbMd5: true };

for (const full of [false, true])
  describe(`residue: node, ${full ? "the full build" : "the default build"}`, () => {
    const decoded = decodedBy(full);
    const freshCore = () => loadFresh({ full });
    const module = () =>
      readFile(path.join(PACKAGE, `dist/ownprint${full ? "-full" : ""}-simd.wasm`));

    // A new core for every image, so that found bytes belong to it.
    for (const image of images) {
      test(`no data of a ${image.name} file remains`, async (context) => {
        const { core, memory } = await freshCore();
        const pixels = core.fingerprint(image.file, ALGORITHMS).image?.rgbMd5;
        assertNothing(memory(), searched(image), image.name);
        if (decoded.includes(image))
          assert.equal(
            pixels,
            createHash("md5").update(image.pixels).digest("hex"),
            "these are its rows",
          );
        context.diagnostic(`${memory().length / 65536} pages of memory`);
      });
    }

    for (const image of decoded) {
      test(`a ${image.name} file is found while it is in use, and not afterwards`, async () => {
        const { core, memory } = await freshCore();
        const stream = core.stream(ALGORITHMS);
        stream.update(image.file.subarray(0, -1));
        const { found, of } = windowsFound(memory(), searched(image).file);
        assert.ok(
          found > of * 0.9,
          `the scan finds ${found} of ${of} windows of the file that is held: it finds too little`,
        );
        stream.update(image.file.subarray(-1));
        stream.finalize();
        assertNothing(memory(), searched(image), image.name);
      });
    }

    test("without overwriting, every file and the rows of a decoder are found", async () => {
      const leaving = withoutWipingOfHeap(await module());
      for (const image of images) {
        const { core, memory } = await loadFresh({ wasm: leaving });
        core.fingerprint(image.file, ALGORITHMS);
        const { file, rgb } = searched(image);
        const found = windowsFound(memory(), file);
        assert.ok(
          found.found > found.of / 2,
          `${found.found} of ${found.of} windows of a ${image.name} file`,
        );
        if (image.name.endsWith("png")) {
          const rows = windowsFound(memory(), rgb);
          assert.ok(
            rows.found > rows.of / 2,
            `${rows.found} of ${rows.of} windows of rows of a ${image.name} file`,
          );
        }
      }
    });

    test("the stack is overwritten", async () => {
      // The lower part of the stack; a single call uses the upper end.
      const [start, end] = [600_000, 1_000_000];
      const base = await module();
      for (const [wasm, isWiped] of /** @type {const} */ ([
        [base, true],
        [withoutWipingOfStack(base), false],
      ])) {
        const { core, memory } = await loadFresh({ wasm });
        core.distance("00", "01");
        memory().fill(7, start, end);
        core.distance("00", "01");
        assert.equal(
          memory()
            .subarray(start, end)
            .every((byte) => byte === 0),
          isWiped,
        );
      }
    });

    test("no data of an abandoned file remains", async () => {
      for (const image of images) {
        const { core, memory } = await freshCore();
        const stream = core.stream(ALGORITHMS);
        stream.update(image.file.subarray(0, Math.floor(image.file.length * 0.7)));
        stream.dispose();
        assertNothing(memory(), searched(image), `given up ${image.name}`);
      }
    });

    test("rows of pixels are found while they are in use", async () => {
      const { core, memory } = await freshCore();
      const stored = decoded.filter(({ name }) => name === "stored-png");
      const stream = core.stream(ALGORITHMS);
      stream.update(stored[0].file.subarray(0, -1));
      const { found, of } = windowsFound(memory(), searched(stored[0]).rgb);
      assert.ok(found > of * 0.9, `the scan finds ${found} of ${of} windows of rows that are held`);
    });

    test("no data of passed pixels remains", async () => {
      for (const format of /** @type {const} */ (["rgb8", "rgba8", "bgra8"])) {
        const { core, memory } = await freshCore();
        const [image] = images;
        const data = inFormat(image.pixels, format);
        core.fingerprintPixels({ data, width: WIDTH, height: HEIGHT, format }, ALGORITHMS);
        assertNothing(memory(), searched(image), format);
      }
    });

    test("no data of a file that is rejected during decoding remains", async () => {
      for (const image of decoded) {
        const { core, memory } = await freshCore();
        const cut = image.file.subarray(0, Math.floor(image.file.length * 0.7));
        assert.ok(core.fingerprint(cut, ALGORITHMS).error, image.name);
        assertNothing(memory(), searched(image), `cut ${image.name}`);
      }
    });

    test("no data of a digested file remains", async () => {
      const { core, memory } = await freshCore();
      const [image] = images;
      const digester = core.digester();
      for (let at = 0; at < image.file.length; at += 65536)
        digester.update(image.file.subarray(at, at + 65536));
      digester.finalize();
      assertNothing(memory(), searched(image), "digested");
    });
  });

inBrowsers("residue", ["chromium"], (held) => {
  /** @type {import("./support/server.mjs").Server} */
  let server;
  before(async () => {
    server = await servePages();
    for (const { name, file } of images) server.files.set(`/noise/${name}`, file);
    await held.browser.open(`${server.origin}/pages/core.html`);
  });
  after(() => server.close());

  for (const image of decodedBy(false)) {
    test(`a ${image.name} file is found while it is in use, and not afterwards`, async () => {
      // The rows are passed with the call; the page fetches the file.
      const rows = image.rows.map((row) => Buffer.from(row).toString("base64"));
      const result = await held.browser.evaluate(
        async (url, rows, options) => {
          const file = await bytesOf(url);
          const sought = [
            file.subarray(0, 60000),
            ...rows.map((row) => Uint8Array.from(atob(row), (c) => c.charCodeAt(0))),
          ];
          const instance = await core.loadCore();
          const memory = () => new Uint8Array(instance.memory.buffer);
          const stream = instance.stream(options);
          stream.update(file.subarray(0, -1));
          const during = windowsFound(memory(), [file.subarray(0, 60000)]);
          stream.update(file.subarray(-1));
          stream.finalize();
          instance.fingerprint(file, options);
          return { during, after: windowsFound(memory(), sought) };
        },
        `/noise/${image.name}`,
        rows,
        ALGORITHMS,
      );
      assert.ok(
        result.during.found > result.during.of * 0.9,
        `${result.during.found} of ${result.during.of} found while held`,
      );
      assert.equal(
        result.after.found,
        0,
        `${result.after.found} of ${result.after.of} chunks of 64 bytes are left`,
      );
    });
  }
});

/** @param {import("ownprint/core").CoreOptions} options */
async function loadFresh(options) {
  const { loadCore } = await import("ownprint/core");
  const core = await loadCore(options);
  return {
    core,
    memory: () => new Uint8Array(/** @type {WebAssembly.Memory} */ (core.memory).buffer),
  };
}

/**
 * Returns the bytes to search for: the file, and the rows in every layout that decoding may use.
 *
 * @param {typeof images[number]} image
 */
function searched({ file, rows }) {
  return {
    // Digests keep the end of a file longest.
    file: [file.subarray(0, 60000), file.subarray(-4096)],
    rgb: rows,
    rgba: rows.map((row) => inFormat(row, "rgba8")),
    bgra: rows.map((row) => inFormat(row, "bgra8")),
    green: rows.map((row) => row.filter((_, index) => index % 3 === 1)),
  };
}

/** @param {Uint8Array} rgb @param {string} format */
function inFormat(rgb, format) {
  if (format === "rgb8") return rgb;
  const bytes = new Uint8Array((rgb.length / 3) * 4).fill(255);
  const order = format === "rgba8" ? [0, 1, 2] : [2, 1, 0];
  for (let pixel = 0; pixel * 3 < rgb.length; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1)
      bytes[pixel * 4 + channel] = rgb[pixel * 3 + order[channel]];
  }
  return bytes;
}

/** @param {Uint8Array} memory @param {ReturnType<typeof searched>} sought @param {string} name */
function assertNothing(memory, sought, name) {
  const layouts = Object.entries(sought).map(([layout, rows]) => ({
    layout,
    ...windowsFound(memory, rows),
  }));
  for (const { layout, of } of layouts)
    assert.ok(of > 1000, `of ${name} as ${layout} only ${of} chunks are looked for`);
  const left = layouts.filter(({ found }) => found > 0);
  const reported = left.map(
    ({ layout, found, of }) => `${found} of ${of} chunks of 64 bytes as ${layout}`,
  );
  assert.equal(left.length, 0, `${name} is still in memory: ${reported.join(", ")}`);
}
