// The strictest Content-Security-Policy of each entry point, and the requests that the package
// makes.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";

import { inBrowsers } from "./support/browsers.mjs";
import { servePages } from "./support/pages.mjs";
import { IMAGES } from "./support/places.mjs";
import { hashFiles } from "./support/native.mjs";

const WITH_FILES =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
const INLINE =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; connect-src 'none'";
const IMAGE = path.join(IMAGES, "turned-by-its-camera.jpg");

/** @type {string} */
let encoded;
before(async () => {
  encoded = (await readFile(IMAGE)).toString("base64");
});

const SUBJECTS = [
  { entryPoint: "client", name: "files of their own", policy: WITH_FILES },
  {
    entryPoint: "inline",
    name: "everything in the script",
    policy: INLINE,
    script: "embedded-simd.js",
  },
  {
    entryPoint: "inline-full",
    name: "everything and more in the script",
    policy: INLINE,
    script: "embedded-full-simd.js",
  },
];
const CODECS = ["avif", "heic", "jxl"];
const COMMON = ["pdq", "pdq-dihedral", "md5", "sha1", "sha256", "blake3"];
const RARER = ["pdq", "phash:16", "img-hash-gradient", "md5"];

for (const { entryPoint, name, policy, script } of SUBJECTS) {
  const algorithms = entryPoint === "inline-full" ? RARER : COMMON;
  inBrowsers(`policy, ${name}`, ["chromium", "firefox", "webkit"], (held) => {
    /** @type {any} */
    let expected;
    /** @type {import("./support/server.mjs").Server} */
    let server;
    before(async () => {
      expected = (await hashFiles([IMAGE], { algorithms })).get(IMAGE);
      // A worker with a URL has the policy of its own script.
      server = await servePages({ headers: { "/": { "content-security-policy": policy } } });
      await held.browser.open(`${server.origin}/pages/${entryPoint}.html`);
    });
    after(() => server.close());

    test("it works, and requests only its own files", async (context) => {
      server.requests.length = 0;
      if (script !== undefined) {
        // It contains both builds and loads the one for this browser, on demand or by `preload`.
        await held.browser.evaluate(() => ownprint.preload([]));
        assert.deepEqual(
          server.requests.map(({ path }) => path),
          [`/dist/generated/${script}`],
        );
        await held.browser.evaluate(() => ownprint.preload());
        const codecs = server.requests.slice(1).map(({ path }) => path);
        assert.deepEqual(
          codecs.sort(),
          CODECS.map((name) => `/codecs/dist/inline/embedded-${name}.js`),
        );
        server.requests.length = 0;
      }
      const result = await held.browser.evaluate(
        async (encoded, algorithms) => {
          const before = performance.getEntriesByType("resource").length;
          const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
          const first = await outcome(() =>
            ownprint.fingerprint(new File([bytes], "image.jpg"), { algorithms }),
          );
          const second = await outcome(() => ownprint.fingerprint(bytes, { algorithms }));
          const resources = performance
            .getEntriesByType("resource")
            .slice(before)
            .map(({ name }) => name);
          return {
            first,
            second,
            violations,
            resources: resources.filter((name) => !name.startsWith("blob:")),
          };
        },
        encoded,
        algorithms,
      );
      assert.deepEqual(result.violations, [], "violations of the policy");
      assert.deepEqual(result.first, { value: expected });
      assert.deepEqual(result.second, { value: expected });
      const paths = server.requests.map(({ method, path }) => `${method} ${path}`);
      context.diagnostic(`requests: ${paths.join(", ") || "none"}`);
      if (script !== undefined) {
        assert.deepEqual(paths, [], "requests that the server saw after preload()");
        assert.deepEqual(result.resources, [], "requests that the browser made after preload()");
        return;
      }
      const others = paths.filter((line) => !/^GET \/dist\/[\w./-]+\.(js|wasm)$/.test(line));
      assert.deepEqual(others, [], "requests for other things");
      assert.deepEqual(
        paths.filter((line) => line.endsWith(".wasm")),
        ["GET /dist/ownprint-simd.wasm"],
      );
    });

    if (entryPoint === "client")
      test("the full build is loaded from the same place, under the same policy", async () => {
        server.requests.length = 0;
        const wanted = (await hashFiles([IMAGE], { algorithms: RARER })).get(IMAGE);
        const result = await held.browser.evaluate(
          async (encoded, algorithms) => {
            const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
            const results = [];
            for (let count = 0; count < 3; count += 1)
              results.push(await outcome(() => ownprint.fingerprint(bytes, { algorithms })));
            return { results, violations };
          },
          encoded,
          RARER,
        );
        assert.deepEqual(result, { results: Array(3).fill({ value: wanted }), violations: [] });
        assert.deepEqual(server.requests, [
          { method: "GET", path: "/dist/ownprint-full-simd.wasm" },
        ]);
      });

    test("once it is loaded, no image makes a request", async () => {
      server.requests.length = 0;
      await held.browser.evaluate(async (encoded) => {
        const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
        for (let count = 0; count < 5; count += 1) await ownprint.fingerprint(bytes);
        await ownprint.digestStream(new Blob([bytes]));
        await outcome(() => ownprint.fingerprint(bytes.slice(0, 1000)));
      }, encoded);
      assert.deepEqual(server.requests, []);
    });
  });
}

inBrowsers("policy that forbids", ["chromium", "firefox"], (held) => {
  for (const [what, policy] of [
    ["WebAssembly", "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'"],
    [
      "workers",
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'; connect-src 'self'",
    ],
    [
      "the module's file",
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'none'",
    ],
  ]) {
    test(`${what}: the call fails soon, with an error`, async (context) => {
      const server = await servePages({ headers: { "/": { "content-security-policy": policy } } });
      context.after(() => server.close());
      await held.browser.open(`${server.origin}/pages/client.html`);
      const { error } = await held.browser.evaluate(() =>
        Promise.race([
          outcome(() => ownprint.compare("00".repeat(32), "01".repeat(32))),
          new Promise((resolve) =>
            setTimeout(
              () => resolve({ error: { message: "nothing came within ten seconds" } }),
              10_000,
            ),
          ),
        ]),
      );
      assert.equal(error?.code, "load-failed", JSON.stringify(error));
      context.diagnostic(error.message);
    });
  }
});
