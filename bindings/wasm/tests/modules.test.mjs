// The modules: what they import, and that all builds compute the same.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { entryPoints } from "../bench/sizes.mjs";
import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { assertAllEqual } from "./support/compare.mjs";
import { run } from "./support/native.mjs";
import { servePages } from "./support/pages.mjs";
import { PACKAGE, IMAGES, VECTORS, filesBelow } from "./support/places.mjs";

// The only imports of a module: it can throw, create a string, and set up its table of JavaScript
// values. It has no clock, randomness, console or network.
const IMPORTS = ["__wbg___wbindgen_throw", "__wbindgen_generic", "__wbindgen_init_externref_table"];

const FILES = ["", "-simd", "-full-simd", "-pixels-simd"].map((kind) => `ownprint${kind}.wasm`);
const VIDEOS = ["video", "video-hevc", "video-vp9", "video-vp8", "video-av1"];
const DECODERS = ["heic", "avif", "jxl", ...VIDEOS].map((name) => `ownprint-${name}.wasm`);
const ALL = [...FILES, ...DECODERS];
/** @type {import("ownprint").ComputeOptions} */
const OPTIONS = { algorithms: "all", rgbMd5: true };

describe("modules", () => {
  for (const file of ALL) {
    test(`${file} imports exactly three functions`, async () => {
      const imports = WebAssembly.Module.imports(await compile(file));
      assert.deepEqual(imports.map(({ name }) => plain(name)).sort(), IMPORTS);
      assert.ok(
        imports.every(({ kind }) => kind === "function"),
        JSON.stringify(imports),
      );
    });
  }

  test("every module declares a maximum of 2 GiB of memory", async () => {
    for (const file of ALL) {
      const bytes = await readFile(pathOf(file));
      assert.equal(maximumPages(bytes), 2 ** 31 / 65536, file);
    }
  });

  test("the glue starts any module", async () => {
    const { glue } = await import(path.join(PACKAGE, "dist/generated/glue-full.js"));
    for (const file of FILES) {
      const instance = glue();
      instance.initSync({ module: await compile(file) });
      assert.equal(instance.distance("00", "07"), 3, file);
    }
  });

  test("only the full builds export search and records", async () => {
    for (const file of FILES) {
      const searching = WebAssembly.Module.exports(await compile(file)).filter(({ name }) =>
        /index|list|exchange|record|csv/i.test(name),
      );
      assert.equal(searching.length > 0, file.includes("full"), file);
    }
  });

  test("only the default build exists without SIMD", async () => {
    const needs = await Promise.all(FILES.map(needsSimd));
    for (const [index, file] of FILES.entries())
      assert.equal(needs[index], file.includes("simd"), file);
  });

  test("SIMD and baseline give equal results", async () => {
    const files = [
      ...filesBelow(IMAGES).map((file) => path.join(IMAGES, file)),
      ...filesBelow(path.join(VECTORS, "images"))
        .filter((file) => file.endsWith(".png"))
        .map((file) => path.join(VECTORS, "images", file)),
    ];
    const { Core } = await core();
    const [baseline, simd] = [
      new Core(await compile("ownprint.wasm")),
      new Core(await compile("ownprint-simd.wasm")),
    ];
    const cases = [];
    for (const file of files) {
      const bytes = await readFile(file);
      const name = path.basename(file);
      cases.push({
        name,
        actual: simd.fingerprint(bytes, OPTIONS),
        expected: baseline.fingerprint(bytes, OPTIONS),
      });
    }
    assertAllEqual(cases);
  });

  test("the modules without decoders hash pixels and digest files like the others", async () => {
    const { Core } = await core();
    const cores = await Promise.all(
      FILES.map(async (file) => ({ file, core: new Core(await compile(file)) })),
    );
    for (const { width, height } of [
      { width: 64, height: 64 },
      { width: 333, height: 257 },
      { width: 1024, height: 700 },
    ]) {
      const data = Uint8Array.from(
        { length: width * height * 4 },
        (_, at) => (at * 31 + (at >> 7) * 17) & 255,
      );
      const algorithms = hashesOf(cores[0].core);
      const results = cores.map(({ file, core }) => ({
        file,
        result: core.fingerprintPixels({ data, width, height }, { algorithms }),
      }));
      assertAllEqual(
        results.map(({ file, result }) => ({
          name: `${file} ${width}x${height}`,
          actual: result,
          expected: results[0].result,
        })),
      );
      const digests = cores.map(({ file, core }) => {
        const digester = core.digester();
        digester.update(data);
        return { name: file, actual: digester.finalize() };
      });
      assertAllEqual(digests.map((one) => ({ ...one, expected: digests[0].actual })));
    }
  });

  test("the full build has all capabilities of the default build and more", async () => {
    const { loadCore } = await core();
    const [base, full] = [
      (await loadCore()).capabilities(),
      (await loadCore({ full: true })).capabilities(),
    ];
    assert.deepEqual(
      full.hashes.filter(({ name }) => base.hashes.some((one) => one.name === name)),
      base.hashes,
    );
    assert.ok(full.hashes.length > base.hashes.length);
    assert.deepEqual(
      full.digests.filter(({ name }) => base.digests.some((one) => one.name === name)),
      base.digests,
    );
    assert.ok(full.digests.length > base.digests.length);
    assert.deepEqual(full.defaults, base.defaults);
    const decoded = (/** @type {any} */ { formats }) =>
      formats.filter((one) => one.decoded).map(({ name }) => name);
    assert.deepEqual(
      decoded(full).filter((name) => decoded(base).includes(name)),
      decoded(base),
    );
    assert.ok(decoded(full).length > decoded(base).length);
    assert.deepEqual(
      full.formats.map(({ name }) => name),
      base.formats.map(({ name }) => name),
      "formats that are recognised",
    );
    await assert.rejects(loadCore({ full: true, decoders: false }), { code: "invalid-argument" });
  });

  test("no entry point is larger than its limit", (context) => {
    for (const { name, compressed, limit } of entryPoints()) {
      if (limit === undefined) continue;
      context.diagnostic(`${name}: ${(compressed / 1000).toFixed(1)} of ${limit} kB`);
      assert.ok(
        compressed <= limit * 1000,
        `${name} weighs ${compressed} bytes compressed, more than ${limit} kB`,
      );
    }
  });

  test("a module without decoders reports that it has none", async () => {
    const { loadCore } = await core();
    const small = await loadCore({ decoders: false });
    const { formats } = small.capabilities();
    assert.deepEqual(
      formats.filter(({ decoded }) => decoded),
      [],
    );
    const image = await readFile(path.join(IMAGES, "lake.jpg"));
    const { error } = small.fingerprint(image, { algorithms: ["pdq"] });
    assert.equal(error?.code, "unsupported-format");
  });
});

inBrowsers("both builds in the worker", EVERY_BROWSER, (held) => {
  /** @type {import("./support/server.mjs").Server} */
  let server;
  before(async () => {
    server = await servePages();
  });
  after(() => server.close());

  test("give equal results, and the client selects SIMD automatically", async () => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    server.requests.length = 0;
    // A client with a module of its own loads no other, so the default build's algorithms are used.
    const algorithms = hashesOf(await (await core()).loadCore());
    const [own, baseline, simd, full, compiled] = await held.browser.evaluate(
      async (urls, options) => {
        const address = (name) => new URL(`/dist/${name}`, location.href);
        const sources = [
          undefined,
          address("ownprint.wasm").href,
          address("ownprint-simd.wasm"),
          address("ownprint-full-simd.wasm"),
          await WebAssembly.compileStreaming(fetch(address("ownprint-simd.wasm"))),
        ];
        const all = [];
        for (const wasm of sources) {
          const client = new ownprint.Ownprint(wasm === undefined ? {} : { wasm });
          const results = [];
          for (const url of urls)
            results.push(await outcome(async () => client.fingerprint(await blobOf(url), options)));
          client.dispose();
          all.push(results);
        }
        return all;
      },
      filesBelow(IMAGES).map((file) => `/images/${file}`),
      { ...OPTIONS, algorithms },
    );
    assert.ok(
      own.every(({ value }) => value),
      JSON.stringify(own.find(({ error }) => error)),
    );
    for (const [name, results] of Object.entries({ baseline, simd, full, compiled }))
      assert.deepEqual(results, own, name);
    const modules = server.requests
      .filter(({ path }) => path.endsWith(".wasm"))
      .map(({ path }) => path);
    assert.equal(modules[0], "/dist/ownprint-simd.wasm", "the module that the client selects");
  });

  test("the integrity of a module is checked", async () => {
    const hash = Buffer.from(
      await crypto.subtle.digest(
        "SHA-384",
        await readFile(path.join(PACKAGE, "dist/ownprint-simd.wasm")),
      ),
    ).toString("base64");
    const [right, wrong, missing] = await held.browser.evaluate(async (hash) => {
      const wasm = new URL("/dist/ownprint-simd.wasm", location.href);
      const options = [
        { wasm, integrity: `sha384-${hash}` },
        { wasm, integrity: `sha384-${"A".repeat(64)}` },
        { wasm: new URL("/nothing.wasm", location.href) },
      ];
      const outcomes = [];
      for (const one of options) {
        const client = new ownprint.Ownprint(one);
        outcomes.push(await outcome(() => client.compare("00".repeat(32), "01".repeat(32))));
        client.dispose();
      }
      return outcomes;
    }, hash);
    assert.equal(right.value?.distance, 32);
    assert.equal(wrong.error?.code, "integrity-mismatch", JSON.stringify(wrong));
    assert.equal(missing.error?.code, "load-failed", JSON.stringify(missing));
  });
});

/** @returns {Promise<any>} resolved by Node from the name of the package */
function core() {
  return import("ownprint/core");
}

/** @param {string} file */
async function compile(file) {
  return WebAssembly.compile(await readFile(pathOf(file)));
}

/** @param {string} file */
function pathOf(file) {
  return path.join(PACKAGE, FILES.includes(file) ? "dist" : "codecs/dist", file);
}

/**
 * Returns the name without the signature hash that the generator adds.
 *
 * @param {string} name
 */
function plain(name) {
  return name.replace(/_[0-9a-f]{16}$/, "");
}

/** @param {any} core */
function hashesOf(core) {
  return core.capabilities().hashes.map(({ name }) => name);
}

/**
 * Returns `true` if a module is invalid without SIMD.
 *
 * @param {string} file
 */
async function needsSimd(file) {
  const tool = path.join(PACKAGE, "node_modules/binaryen/bin/wasm-opt");
  const words = [tool, pathOf(file), "--all-features", "--disable-simd"];
  return run("node", words).then(
    () => false,
    (error) => {
      assert.match(error.message, /SIMD/, `${file} was refused for something else`);
      return true;
    },
  );
}

/**
 * Reads the memory section of a module.
 *
 * @param {Uint8Array} bytes
 */
function maximumPages(bytes) {
  const MEMORY = 5;
  let at = 8;
  const next = () => bytes[at++] ?? 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = next();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const section = next();
    const length = number();
    if (section !== MEMORY) {
      at += length;
      continue;
    }
    // One memory, whose flags say that it has a maximum.
    assert.deepEqual([number(), number()], [1, 1]);
    number();
    return number();
  }
  return undefined;
}
