// HEIC, AVIF and JPEG XL: each module is loaded only for such an image, and the results are those
// of the command line.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { codecs } from "./support/codecs.mjs";
import { watchMemories } from "./support/instances.mjs";
import { integrityOf } from "./support/integrity.mjs";
import { hashFiles } from "./support/native.mjs";
import { servePages } from "./support/pages.mjs";
import { REPOSITORY, VECTORS, filesBelow } from "./support/places.mjs";

const STILLS = path.join(VECTORS, "stills");
const NAMES = filesBelow(STILLS).filter((name) => name !== "expected.json");
const HEIC = "420.heic";
// The AV1 decoder panics on this file; see `docs/formats.md`.
const PANIC = path.join(REPOSITORY, "fuzz/corpus/decode-avif/frame-header-missing.avif");
const DEFAULT_BUILD = "/dist/ownprint-simd.wasm";
const FULL = "/dist/ownprint-full-simd.wasm";
const VIDEO = ["video", "video-hevc", "video-vp9", "video-vp8", "video-av1"].map(
  (name) => `/codecs/dist/ownprint-${name}.wasm`,
);
/** @type {Record<string, string>} */
const MODULES = {
  heic: "/codecs/dist/ownprint-heic.wasm",
  avif: "/codecs/dist/ownprint-avif.wasm",
  jxl: "/codecs/dist/ownprint-jxl.wasm",
};
/** @type {import("ownprint").OptionalCodec[]} */
const FORMATS = ["heic", "avif", "jxl"];
/** @type {import("ownprint").ComputeOptions} */
const OPTIONS = { algorithms: ["pdq", "pdq-512", "md5", "blake3"], rgbMd5: true };

/** @param {string} name */
const formatOf = (name) => path.extname(name).slice(1);
/**
 * Compares a result with the command line's. The pixels of lossy JPEG XL, which is not
 * deterministic, may differ in their last bit.
 *
 * @param {string} name @param {any} actual @param {string} [when]
 */
function assertSame(name, actual, when = name) {
  const {
    image: { rgbMd5: theirs, ...expectedImage },
    ...expected
  } = native.get(name);
  const { image: { rgbMd5: ours, ...image } = {}, ...rest } = actual ?? {};
  assert.deepEqual({ image, ...rest }, { image: expectedImage, ...expected }, when);
  if (expected.deterministic) assert.equal(ours, theirs, when);
}

/** @param {any[]} outcomes of every file */
function assertAllSame(outcomes) {
  assert.equal(outcomes.length, NAMES.length);
  for (const [index, name] of NAMES.entries())
    assertSame(name, outcomes[index].value, `${name}: ${JSON.stringify(outcomes[index].error)}`);
}

/** @param {string} name */
const read = (name) => readFile(path.join(STILLS, name));

/**
 * Returns `true` if the memory contains a byte that is not zero.
 *
 * @param {WebAssembly.Memory} [memory]
 */
const isHeld = (memory) => new Uint8Array(memory?.buffer ?? []).some((byte) => byte !== 0);

/** @type {Map<string, any>} */
const native = new Map();
/** @type {any} */
let panicked;
/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  const files = [...NAMES.map((name) => path.join(STILLS, name)), PANIC];
  const records = await hashFiles(files, {
    algorithms: ["pdq", "pdq-512", "md5", "blake3"],
    options: ["--rgb-md5"],
  });
  for (const name of NAMES) native.set(name, records.get(path.join(STILLS, name)));
  panicked = records.get(PANIC);
  server = await servePages();
  server.files.set("/made/panic.avif", await readFile(PANIC));
});
after(() => server.close());

test("there are files of every format", () => {
  for (const format of FORMATS)
    assert.ok(NAMES.filter((name) => formatOf(name) === format).length >= 4, format);
  assert.ok([...native.values()].every(({ image }) => image.pdq.hash.length === 64));
  assert.deepEqual(
    NAMES.filter((name) => !native.get(name).deterministic),
    ["lossy.jxl", "profile-lossy.jxl"],
  );
  assert.equal(panicked.error.code, "damaged");
});

inBrowsers("optional codecs", EVERY_BROWSER, (held) => {
  beforeEach(async () => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    server.requests.length = 0;
  });

  const modules = () =>
    server.requests.map(({ path }) => path).filter((path) => path.endsWith(".wasm"));

  test("results equal those of the command line, and each module is loaded once", async () => {
    const urls = NAMES.map((name) => `/vectors/stills/${name}`);
    const outcomes = await held.browser.evaluate(
      (list, options) => fingerprintEach(list, options),
      urls,
      OPTIONS,
    );
    assertAllSame(outcomes);
    const order = [...new Set(NAMES.map(formatOf))].map((format) => MODULES[format]);
    assert.deepEqual(modules(), [DEFAULT_BUILD, ...order]);
  });

  test("buffers, streams and responses give the same result, also in the full build", async () => {
    const outcomes = await held.browser.evaluate(async (options) => {
      const client = new ownprint.Ownprint();
      const file = await blobOf("/vectors/stills/420.heic");
      const inputs = [await file.arrayBuffer(), file.stream(), new Response(file)];
      const outcomes = [];
      for (const input of inputs)
        outcomes.push(await outcome(() => client.fingerprint(input, options)));
      const phash = await outcome(() => client.fingerprint(file, { algorithms: ["phash"] }));
      outcomes.push(await outcome(() => client.fingerprint(file, options)));
      client.dispose();
      return [phash, ...outcomes];
    }, OPTIONS);
    const [phash, ...others] = outcomes;
    assert.equal(phash.value?.image.hashes.phash.values[0].length, 16, JSON.stringify(phash));
    for (const other of others) assert.deepEqual(other, { value: native.get(HEIC) });
    assert.equal(modules().filter((path) => path === MODULES.heic).length, 1, "the page keeps it");
  });

  test("no request is made after preload", async () => {
    const loaded = await held.browser.evaluate(async () => {
      await ownprint.preload();
      return (await ownprint.capabilities()).formats.every(({ decoded }) => decoded);
    });
    assert.ok(loaded);
    assert.deepEqual(new Set(modules()), new Set([DEFAULT_BUILD, FULL, ...VIDEO, ...Object.values(MODULES)]));
    const files = await held.browser.evaluate(async (names) => {
      globalThis.held = await Promise.all(names.map((name) => blobOf(`/vectors/stills/${name}`)));
      return globalThis.held.length;
    }, NAMES);
    assert.equal(files, NAMES.length);
    server.requests.length = 0;
    const outcomes = await held.browser.evaluate(async (options) => {
      const outcomes = [];
      for (const file of globalThis.held)
        outcomes.push(await outcome(() => ownprint.fingerprint(file, options)));
      return outcomes;
    }, OPTIONS);
    assertAllSame(outcomes);
    assert.deepEqual(server.requests, []);
  });

  test("a decoder that traps does not affect other calls", async () => {
    const urls = ["/vectors/stills/420.avif", "/made/panic.avif", "/vectors/stills/420.avif"];
    const [before, error, next] = await held.browser.evaluate(
      (list, options) => fingerprintEach(list, options),
      urls,
      OPTIONS,
    );
    assert.deepEqual([before, next], Array(2).fill({ value: native.get("420.avif") }));
    assert.deepEqual(
      [error.value?.error?.code, error.value?.error?.message],
      [panicked.error.code, panicked.error.message],
    );
  });

  test("a module that is missing or disabled", async () => {
    const [missing, again, left, none] = await held.browser.evaluate(async (options) => {
      const file = await blobOf("/vectors/stills/420.heic");
      const missing = new ownprint.Ownprint({
        codecs: [{ name: "heic", wasm: "/nothing.wasm" }],
      });
      const without = new ownprint.Ownprint({ codecs: codecs("avif") });
      const alone = new ownprint.Ownprint({
        wasm: new URL("/dist/ownprint-simd.wasm", location.href),
        codecs: [],
      });
      const outcomes = [];
      for (const client of [missing, missing, without, alone]) {
        outcomes.push(await outcome(() => client.fingerprint(file, options)));
      }
      for (const client of [missing, without, alone]) client.dispose();
      return outcomes;
    }, OPTIONS);
    for (const { error } of [missing, again])
      assert.equal(error?.code, "load-failed", JSON.stringify(error));
    for (const { value } of [left, none]) {
      assert.deepEqual(value?.digests, native.get(HEIC).digests);
      assert.equal(value?.image, undefined);
      assert.deepEqual(
        value?.warnings.map((/** @type {any} */ { code }) => code),
        ["unsupported-format"],
      );
    }
  });
});

describe("optional codecs: node", () => {
  test("every file through the client, and through the core in chunks of every length", async () => {
    const ownprint = await import("ownprint");
    ownprint.addCodecs(...codecs());
    const { loadCore } = await import("ownprint/core");
    const core = await loadCore({ codecs: codecs(...FORMATS) });
    for (const name of NAMES) {
      const file = await read(name);
      assertSame(name, await ownprint.fingerprint(file, OPTIONS));
      assertSame(name, core.fingerprint(file, OPTIONS));
      for (const length of [1, 63, 64, 1000]) {
        const stream = core.stream(OPTIONS);
        for (let start = 0; start < file.length; start += length)
          stream.update(file.subarray(start, start + length));
        assert.equal(stream.undecodable, undefined);
        assertSame(name, stream.finalize(), `${name} in chunks of ${length}`);
      }
    }
    ownprint.dispose();
    core.dispose();
  });

  test("truncated files, limits and damage give the errors of the command line", async () => {
    const { loadCore } = await import("ownprint/core");
    const core = await loadCore({ codecs: codecs(...FORMATS) });
    for (const name of NAMES) {
      const file = await read(name);
      for (const length of [20, 70, 400]) {
        const { error, digests } = core.fingerprint(file.subarray(0, length), OPTIONS);
        assert.match(error?.code ?? "", /^(truncated|damaged|unsupported-feature)$/, name);
        assert.equal(digests.md5?.length, 32);
      }
      for (const limits of [{ pixels: 100 }, { fileBytes: 90 }]) {
        const { error, digests } = core.fingerprint(file, { ...OPTIONS, limits });
        assert.equal(error?.code, "limit-exceeded", name);
        assert.deepEqual(digests, native.get(name).digests);
      }
    }
    assert.deepEqual(core.fingerprint(await readFile(PANIC), OPTIONS), panicked);
    core.dispose();
  });

  test("no data of a file remains, whether it was decoded or not", async () => {
    const { loadCore } = await import("ownprint/core");
    const core = await loadCore({ codecs: codecs(...FORMATS) });
    const { memories, stop } = watchMemories();
    try {
      for (const name of NAMES) {
        const file = await read(name);
        core.fingerprint(file, OPTIONS);
        assert.ok(core.fingerprint(file.subarray(0, 400), OPTIONS).error);
        core.stream(OPTIONS).update(file);
        const given = core.stream(OPTIONS);
        given.update(file);
        assert.ok(isHeld(memories.at(-1)), `${name} is held`);
        given.dispose();
      }
      assert.ok(core.fingerprint(await readFile(PANIC), OPTIONS).error);
    } finally {
      stop();
    }
    // One released instance per file, and the instance of the core.
    const held = memories.filter(isHeld);
    assert.equal(memories.length, NAMES.length * 4 + 2);
    assert.equal(held.length, NAMES.length + 1);
    core.dispose();
  });

  test("the integrity of every module is checked", async () => {
    const { loadCore } = await import("ownprint/core");
    const { Ownprint } = await import("ownprint");
    const [base, decoder] = await Promise.all([DEFAULT_BUILD, MODULES.heic ?? ""].map(integrityOf));
    const both = new Ownprint({ integrity: `${base} ${decoder}`, codecs: codecs() });
    const one = new Ownprint({ integrity: base, codecs: codecs() });
    const file = await read(HEIC);
    assert.deepEqual(await both.fingerprint(file, OPTIONS), native.get(HEIC));
    await assert.rejects(one.fingerprint(file, OPTIONS), { code: "integrity-mismatch" });
    both.dispose();
    one.dispose();
    await assert.rejects(loadCore({ integrity: base, codecs: codecs("heic") }), {
      code: "integrity-mismatch",
    });
  });

  test("a format without a module is rejected as an option", async () => {
    const { Ownprint } = await import("ownprint");
    const { loadCore } = await import("ownprint/core");
    for (const codecs of /** @type {any[]} */ ([[{ name: "heif" }], ["heic"], [null], "heic"])) {
      assert.throws(() => new Ownprint({ codecs }), { code: "invalid-argument" });
      await assert.rejects(loadCore({ codecs }), { code: "invalid-argument" });
    }
  });
});
