// The full build is loaded once, and only if a hash or an image format needs it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { integrityOf } from "./support/integrity.mjs";
import { servePages } from "./support/pages.mjs";
import { noiseImages, rowsOf } from "./support/images.mjs";
import { PACKAGE, IMAGES } from "./support/places.mjs";

const DEFAULT_BUILD = "/dist/ownprint-simd.wasm";
const FULL = "/dist/ownprint-full-simd.wasm";
/** @type {import("ownprint").HashAlgorithm[]} */
const RARER_HASHES = ["pdq", "phash:16", "whash", "img-hash-gradient"];
/** @type {(import("ownprint").HashAlgorithm | import("ownprint").DigestAlgorithm)[]} */
const RARER = [...RARER_HASHES, "md5"];
const [WIDTH, HEIGHT] = [640, 480];

const made = noiseImages(WIDTH, HEIGHT).filter(({ name }) => ["bmp", "ppm"].includes(name));
const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat", "latin1");
const jpeg = await readFile(path.join(IMAGES, "lake.jpg"));
const pixels = Buffer.concat(rowsOf(WIDTH, HEIGHT, 1, 3));

const { loadCore } = await import("ownprint/core");
const core = await loadCore({ full: true });

/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  server = await servePages();
  for (const { name, file } of made) server.files.set(`/made/noise.${name}`, file);
  server.files.set("/made/some.heic", heic);
  server.files.set("/made/pixels", pixels);
});
after(() => server.close());

inBrowsers("the full build", EVERY_BROWSER, (held) => {
  beforeEach(async () => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    server.requests.length = 0;
  });

  const modules = () =>
    server.requests.map(({ path }) => path).filter((path) => path.endsWith(".wasm"));

  test("the default build is used alone if it is sufficient", async () => {
    const { outcomes, capabilities } = await held.browser.evaluate(async () => {
      const [jpeg, bmp, heic] = await Promise.all(
        ["/images/lake.jpg", "/made/noise.bmp", "/made/some.heic"].map(blobOf),
      );
      const alone = new ownprint.Ownprint({ codecs: [] });
      const work = [
        () => ownprint.fingerprint(jpeg),
        () => ownprint.fingerprint(jpeg, { algorithms: ["pdq-512", "sha1"] }),
        () => ownprint.fingerprint(jpeg.slice(0, 3000)),
        () => alone.fingerprint(heic),
        () => ownprint.fingerprint(bmp, { algorithms: ["md5"] }),
        async () => ({ digests: await ownprint.digestStream(bmp, { algorithms: ["md5"] }) }),
      ];
      const outcomes = [];
      for (const one of work) outcomes.push(await outcome(one));
      alone.dispose();
      return { outcomes, capabilities: await ownprint.capabilities() };
    });
    assert.deepEqual(new Set(modules()), new Set([DEFAULT_BUILD]));
    const [first, second, cut, unknown, ...digested] = outcomes;
    assert.deepEqual(first.value, core.fingerprint(jpeg));
    assert.deepEqual(second.value, core.fingerprint(jpeg, { algorithms: ["pdq-512", "sha1"] }));
    assert.equal(cut.value?.error?.code, "truncated", JSON.stringify(cut));
    assert.ok(cut.value.digests.sha256);
    assert.deepEqual(unknown.value, core.fingerprint(heic));
    const digests = core.fingerprint(made.find(({ name }) => name === "bmp")?.file ?? heic, {
      algorithms: ["md5"],
    }).digests;
    for (const { value } of digested) assert.deepEqual(value?.digests, digests);
    const all = core.capabilities();
    const formats = all.formats.map((format) => ({ ...format, decoded: true }));
    assert.deepEqual(
      capabilities,
      { ...all, formats },
      "everything is listed, and nothing was loaded for it",
    );
  });

  test("a hash of the full build loads it only once", async () => {
    const outcomes = await held.browser.evaluate(
      async (names, width, height) => {
        const [jpeg, data] = [await blobOf("/images/lake.jpg"), await bytesOf("/made/pixels")];
        const a = { data, width, height, format: "rgb8" };
        const work = [
          () => ownprint.fingerprint(jpeg),
          () => ownprint.fingerprint(jpeg, { algorithms: names }),
          () => ownprint.fingerprint(jpeg, { algorithms: names }),
          () => ownprint.fingerprintPixels(a, { algorithms: ["phash"] }),
          () => ownprint.fingerprint(jpeg),
          () => ownprint.compare("0000000000000000", "000000000000ff00", "phash"),
        ];
        const outcomes = [];
        for (const one of work) outcomes.push(await outcome(one));
        return outcomes;
      },
      RARER,
      WIDTH,
      HEIGHT,
    );
    assert.deepEqual(modules(), [DEFAULT_BUILD, FULL]);
    const [base, rarer] = [core.fingerprint(jpeg), core.fingerprint(jpeg, { algorithms: RARER })];
    const ofPixels = core.fingerprintPixels(
      { data: pixels, width: WIDTH, height: HEIGHT, format: "rgb8" },
      { algorithms: ["phash"] },
    );
    const compared = core.compare("0000000000000000", "000000000000ff00", "phash");
    assert.deepEqual(
      outcomes,
      [base, rarer, rarer, ofPixels, base, compared].map((value) => ({ value })),
    );
  });

  test("pixels and comparisons load it too, also as the first call", async () => {
    for (const kind of ["pixels", "compare"]) {
      server.requests.length = 0;
      const one = await held.browser.evaluate(
        async (kind, width, height) => {
          const data = await bytesOf("/made/pixels");
          const client = new ownprint.Ownprint();
          const result = await outcome(() =>
            kind === "pixels"
              ? client.fingerprintPixels(
                  { data, width, height, format: "rgb8" },
                  { algorithms: ["dhash"] },
                )
              : client.compare("0000000000000000", "000000000000ff00", "dhash"),
          );
          client.dispose();
          return result;
        },
        kind,
        WIDTH,
        HEIGHT,
      );
      const expected =
        kind === "pixels"
          ? core.fingerprintPixels(
              { data: pixels, width: WIDTH, height: HEIGHT, format: "rgb8" },
              { algorithms: ["dhash"] },
            )
          : core.compare("0000000000000000", "000000000000ff00", "dhash");
      assert.deepEqual(one, { value: expected });
      assert.deepEqual(modules(), [DEFAULT_BUILD, FULL]);
    }
  });

  for (const { name, file } of made) {
    test(`a ${name} file loads it, in every form of input`, async () => {
      const { outcomes, reports } = await held.browser.evaluate(async (url) => {
        const file = await blobOf(url);
        const bytes = new Uint8Array(await file.arrayBuffer());
        const inputs = {
          blob: file,
          bytes,
          response: await fetch(url),
          "a stream that starts with single bytes": new ReadableStream({
            start(controller) {
              for (let at = 0; at < 100; at += 1) controller.enqueue(bytes.slice(at, at + 1));
              for (let at = 100; at < bytes.length; at += 50_000)
                controller.enqueue(bytes.slice(at, at + 50_000));
              controller.close();
            },
          }),
        };
        const [outcomes, reports] = [{}, {}];
        for (const [form, input] of Object.entries(inputs)) {
          const client = new ownprint.Ownprint();
          reports[form] = [];
          outcomes[form] = await outcome(() =>
            client.fingerprint(input, { onProgress: ({ bytes }) => reports[form].push(bytes) }),
          );
          client.dispose();
        }
        return { outcomes, reports };
      }, `/made/noise.${name}`);
      const expected = core.fingerprint(file);
      assert.ok(expected.image?.pdq);
      for (const [form, one] of Object.entries(outcomes)) {
        assert.deepEqual(one, { value: expected }, form);
        const bytes = reports[form];
        assert.ok(
          bytes.every(
            (/** @type {number} */ value, /** @type {number} */ at) =>
              at === 0 || value > bytes[at - 1],
          ),
          `${form}: read twice? ${bytes}`,
        );
        assert.equal(bytes.at(-1), file.length, form);
      }
      assert.deepEqual(
        modules(),
        Object.keys(outcomes).flatMap(() => [DEFAULT_BUILD, FULL]),
      );
    });
  }

  test("`all` selects every hash for every image format", async () => {
    const outcomes = await held.browser.evaluate(async () => {
      const outcomes = [];
      for (const url of ["/images/lake.jpg", "/made/noise.bmp"]) {
        const client = new ownprint.Ownprint();
        outcomes.push(
          await outcome(async () => client.fingerprint(await blobOf(url), { algorithms: "all" })),
        );
        client.dispose();
      }
      return outcomes;
    });
    const files = [jpeg, made.find(({ name }) => name === "bmp")?.file ?? heic];
    assert.deepEqual(
      outcomes,
      files.map((file) => ({ value: core.fingerprint(file, { algorithms: "all" }) })),
    );
  });

  test("a name unknown to both builds is rejected, and the client can be used again", async () => {
    const [refused, next] = await held.browser.evaluate(async () => {
      const file = await blobOf("/images/lake.jpg");
      return [
        await outcome(() => ownprint.fingerprint(file, { algorithms: ["pdq", "md6"] })),
        await outcome(() => ownprint.fingerprint(file)),
      ];
    });
    assert.equal(refused.error?.code, "unknown-algorithm", JSON.stringify(refused));
    assert.match(refused.error.message, /"md6".*phash/s);
    assert.deepEqual(next, { value: core.fingerprint(jpeg) });
  });

  test("if it cannot be loaded, the call fails, and the default build still works", async () => {
    const outcomes = await held.browser.evaluate(async () => {
      const client = new ownprint.Ownprint({ wasmFull: new URL("/nothing.wasm", location.href) });
      const [jpeg, bmp] = [await blobOf("/images/lake.jpg"), await blobOf("/made/noise.bmp")];
      const outcomes = [
        await outcome(() => client.fingerprint(jpeg, { algorithms: ["phash"] })),
        await outcome(() => client.fingerprint(bmp)),
        await outcome(() => client.fingerprint(jpeg)),
      ];
      client.dispose();
      return outcomes;
    });
    const [rarer, bmp, next] = outcomes;
    for (const { error } of [rarer, bmp]) {
      assert.equal(error?.code, "load-failed", JSON.stringify(outcomes));
      assert.match(error.message, /the response has status 404/);
    }
    assert.deepEqual(next, { value: core.fingerprint(jpeg) });
  });

  test("a module passed by the caller is used, and no other is loaded", async () => {
    const { rarer, bmp, capabilities } = await held.browser.evaluate(async () => {
      const client = new ownprint.Ownprint({
        wasm: new URL("/dist/ownprint.wasm", location.href),
        codecs: [],
      });
      const rarer = await outcome(async () =>
        client.fingerprint(await blobOf("/images/lake.jpg"), { algorithms: ["phash"] }),
      );
      const bmp = await outcome(async () => client.fingerprint(await blobOf("/made/noise.bmp")));
      const capabilities = await client.capabilities();
      client.dispose();
      return { rarer, bmp, capabilities };
    });
    assert.deepEqual(modules(), ["/dist/ownprint.wasm"]);
    assert.equal(rarer.error?.code, "unknown-algorithm", JSON.stringify(rarer));
    assert.equal(bmp.value?.warnings[0]?.code, "unsupported-format", JSON.stringify(bmp));
    assert.deepEqual(capabilities, (await loadCore()).capabilities());
  });

  test("its integrity is checked", async () => {
    const hashes = await Promise.all([DEFAULT_BUILD, FULL].map(integrityOf));
    const outcomes = await held.browser.evaluate(
      async (values) => {
        const outcomes = [];
        for (const integrity of values) {
          const client = new ownprint.Ownprint({ integrity });
          const file = await blobOf("/images/lake.jpg");
          outcomes.push([
            await outcome(() => client.fingerprint(file)),
            await outcome(() => client.fingerprint(file, { algorithms: ["phash"] })),
          ]);
          client.dispose();
        }
        return outcomes;
      },
      [hashes.join(" "), hashes[0]],
    );
    const [base, rarer] = [
      core.fingerprint(jpeg),
      core.fingerprint(jpeg, { algorithms: ["phash"] }),
    ];
    assert.deepEqual(outcomes[0], [{ value: base }, { value: rarer }]);
    assert.deepEqual(outcomes[1][0], { value: base });
    assert.equal(outcomes[1][1].error?.code, "integrity-mismatch", JSON.stringify(outcomes[1][1]));
  });

  test("cancelling while it is loaded ends the call, and the next call loads it", async () => {
    const { ended, next } = await held.browser.evaluate(async () => {
      const client = new ownprint.Ownprint();
      const file = await blobOf("/images/lake.jpg");
      await client.fingerprint(file);
      const controller = new AbortController();
      const reason = new Error("the person chose another image");
      const work = client.fingerprint(file, { algorithms: ["phash"], signal: controller.signal });
      setTimeout(() => controller.abort(reason));
      const ended = await work.then(
        () => "finished",
        (error) => error === reason,
      );
      const next = await outcome(() => client.fingerprint(file, { algorithms: ["phash"] }));
      client.dispose();
      return { ended, next };
    });
    assert.equal(ended, true);
    assert.deepEqual(next, { value: core.fingerprint(jpeg, { algorithms: ["phash"] }) });
  });
});

describe("the full build: node", () => {
  test("replaces the default build, whose memory is wiped and released", async () => {
    const { Modules } = await import(path.join(PACKAGE, "dist/modules.js"));
    const modules = new Modules(
      { readFile: (/** @type {URL} */ address) => readFile(address) },
      false,
    );
    const base = await modules.core();
    base.fingerprint(jpeg);
    const memory = new Uint8Array(base.memory.buffer);
    assert.ok(memory.some((value) => value !== 0));
    assert.equal(modules.hasFull, true);
    await modules.takeFull();
    assert.equal(modules.hasFull, false);
    assert.ok(
      memory.every((value) => value === 0),
      "something is left in the default build's memory",
    );
    assert.equal(base.memoryBytes, 0);
    const full = await modules.core();
    assert.notEqual(full, base);
    assert.deepEqual(
      full.fingerprint(jpeg, { algorithms: RARER }),
      core.fingerprint(jpeg, { algorithms: RARER }),
    );
    await modules.takeFull();
    assert.equal(await modules.core(), full);
  });

  test("is loaded by the client in Node when it is needed", async () => {
    const { Ownprint } = await import("ownprint");
    const client = new Ownprint();
    for (const { file } of made)
      assert.deepEqual(await client.fingerprint(file), core.fingerprint(file));
    assert.deepEqual(
      await client.fingerprint(jpeg, { algorithms: "all" }),
      core.fingerprint(jpeg, { algorithms: "all" }),
    );
    await assert.rejects(client.fingerprint(jpeg, { algorithms: /** @type {any} */ (["md6"]) }), {
      code: "unknown-algorithm",
    });
    client.dispose();
  });
});
