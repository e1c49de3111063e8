// A trap ends the instance, not the page: the call fails with a typed error, and the next one
// works.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { before, test } from "node:test";

import { PACKAGE, IMAGES } from "./support/places.mjs";
import { withTrapIn } from "./support/trap.mjs";

const PIXELS = {
  data: new Uint8Array(64 * 64).fill(128),
  width: 64,
  height: 64,
  format: /** @type {const} */ ("l8"),
};

/** @type {{ trapping: Uint8Array, image: Buffer }} */
let given;
before(async () => {
  const module = await readFile(path.join(PACKAGE, "dist/ownprint-simd.wasm"));
  given = {
    trapping: withTrapIn(module, /^fingerprinter_fingerprintPixels/),
    image: await readFile(path.join(IMAGES, "lake.jpg")),
  };
});

test("the synchronous core starts another instance", async () => {
  const { loadCore } = await import("ownprint/core");
  const [core, sound] = [await loadCore({ wasm: given.trapping }), await loadCore()];
  const before = core.fingerprint(given.image);
  const trapped = core.memory;
  const stream = core.stream();

  assert.throws(() => core.fingerprintPixels(PIXELS), isInternal);
  assert.equal(core.memory, undefined, "an instance that trapped is released");
  assert.ok(
    new Uint8Array(trapped?.buffer ?? []).every((byte) => byte === 0),
    "and its memory is overwritten",
  );
  assert.throws(() => stream.update(given.image), { code: "cancelled" });

  assert.deepEqual(core.fingerprint(given.image), before);
  assert.notEqual(core.memory, trapped);
  assert.deepEqual(before, sound.fingerprint(given.image));
});

test("the worker starts another instance", async () => {
  const { Ownprint } = await import("ownprint");
  const client = new Ownprint({ wasm: given.trapping });
  try {
    const before = await client.fingerprint(given.image);
    for (let turn = 0; turn < 3; turn += 1) {
      await assert.rejects(
        client.fingerprintPixels({ ...PIXELS, data: PIXELS.data.slice() }),
        isInternal,
      );
      assert.deepEqual(await client.fingerprint(given.image), before);
    }
  } finally {
    client.dispose();
  }
});

/** @param {{ code?: unknown, message?: unknown }} error */
function isInternal(error) {
  assert.equal(error.code, "internal");
  assert.match(String(error.message), /[a-z]/);
  return true;
}
