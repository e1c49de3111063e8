// No pixels of images and frames of another decoder are left in the instance that hashes them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { codecs } from "./support/codecs.mjs";
import { watchMemories } from "./support/instances.mjs";
import { noise } from "./support/images.mjs";
import { PACKAGE, VECTORS } from "./support/places.mjs";
import { windowsFound } from "./support/residue.mjs";
import { withoutWipingOfHeap } from "./support/trap.mjs";

const DEFAULT_BUILD = "dist/ownprint-simd.wasm";
const MODULES = {
  heic: "codecs/dist/ownprint-heic.wasm",
  avif: "codecs/dist/ownprint-avif.wasm",
  jxl: "codecs/dist/ownprint-jxl.wasm",
  video: "codecs/dist/ownprint-video.wasm",
};

/** @param {string} module */
const inDist = (module) => readFile(path.join(PACKAGE, module));

for (const format of /** @type {const} */ (["heic", "avif", "jxl"]))
  test(`no pixels of a ${format} file remain in the hashing instance`, async () => {
    const { loadCore } = await import("ownprint/core");
    const { ImageDecoder } = await import(path.join(PACKAGE, "dist/image-decoder.js"));
    const name = format === "jxl" ? "lossless.jxl" : `420.${format}`;
    const [file, module, base] = await Promise.all([
      readFile(path.join(VECTORS, "stills", name)),
      inDist(MODULES[format]),
      inDist(DEFAULT_BUILD),
    ]);
    const decoder = new ImageDecoder(new WebAssembly.Module(module), {});
    decoder.update(file);
    const { data } = decoder.decode().pixels;
    for (const [wasm, leaves] of /** @type {const} */ ([
      [base, false],
      [withoutWipingOfHeap(base), true],
    ])) {
      const core = await loadCore({ wasm, codecs: codecs(format) });
      assert.equal(
        core.fingerprint(file, { algorithms: "all", rgbMd5: true }).image?.pdq?.hash.length,
        64,
      );
      const memory = new Uint8Array(/** @type {WebAssembly.Memory} */ (core.memory).buffer);
      const { found, of } = windowsFound(memory, [data, file]);
      assert.ok(of > 20_000, `only ${of} windows are looked for`);
      if (leaves)
        assert.ok(
          found > of / 2,
          `where nothing is overwritten, ${found} of ${of} windows are found`,
        );
      else assert.equal(found, 0);
      core.dispose();
    }
  });

test("no data of frames remains, whether they were hashed, rejected or abandoned", async () => {
  const { loadCore } = await import("ownprint/core");
  const core = await loadCore({ codecs: codecs("video") });
  const [width, height] = [96, 64];
  const data = noise(width * height, 4);
  const frame = { format: /** @type {const} */ ("l8"), data, width, height, index: 0, seconds: 0 };
  const { memories, stop } = watchMemories();
  const memory = () => new Uint8Array(/** @type {WebAssembly.Memory} */ (memories.at(-1)).buffer);
  /** @type {((hasher: import("ownprint/core").FrameHasher) => unknown)[]} */
  const ends = [
    (hasher) => assert.equal(hasher.finalize().length, 1),
    (hasher) => hasher.dispose(),
    (hasher) => {
      assert.throws(() => hasher.update({ ...frame, width: width + 1, index: 1 }), {
        code: "invalid-pixels",
      });
      hasher.dispose();
    },
  ];
  try {
    for (const end of ends) {
      const hasher = core.videos.hasher({ framesPerSecond: 1 });
      hasher.update(frame);
      assert.ok(memory().some((byte) => byte !== 0));
      assert.equal(windowsFound(memory(), [data]).found, 0, "no data of a hashed frame remains");
      end(hasher);
      assert.ok(memory().every((byte) => byte === 0));
    }
  } finally {
    stop();
  }
  assert.equal(memories.length, ends.length);
  const module = withoutWipingOfHeap(await inDist(MODULES.video));
  const leaving = await loadCore({ codecs: [{ name: "video", wasm: module }] });
  const watched = watchMemories();
  const hasher = leaving.videos.hasher({ framesPerSecond: 1 });
  watched.stop();
  hasher.update(frame);
  const { found, of } = windowsFound(
    new Uint8Array(/** @type {WebAssembly.Memory} */ (watched.memories[0]).buffer),
    [data],
  );
  assert.ok(found > of / 2, `where nothing is overwritten, ${found} of ${of} windows are found`);
  hasher.dispose();
  for (const one of [core, leaving]) one.dispose();
});
