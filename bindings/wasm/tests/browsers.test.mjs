// The test harness for browsers.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { startServer } from "./support/server.mjs";

/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  server = await startServer({
    folders: {},
    headers: { "/strict": { "content-security-policy": "default-src 'none'" } },
  });
  const page = new TextEncoder().encode("<!doctype html><title>page</title>");
  for (const path of ["/page.html", "/strict.html"]) server.files.set(path, page);
});
after(() => server.close());

inBrowsers("the harness", EVERY_BROWSER, (held, name) => {
  test("arguments and results are transferred, also under a strict policy", async () => {
    for (const path of ["/page.html", "/strict.html"]) {
      await held.browser.open(server.origin + path);
      const value = await held.browser.evaluate(
        async (/** @type {number} */ a, /** @type {{ b: string }} */ { b }) => [
          a,
          b,
          document.title,
          location.pathname,
        ],
        1,
        { b: "zwei" },
      );
      assert.deepEqual(value, [1, "zwei", "page", path]);
    }
  });

  test("an error thrown in a page is returned with its message", async () => {
    await held.browser.open(`${server.origin}/page.html`);
    await assert.rejects(
      held.browser.evaluate(async () => {
        throw new RangeError("too far");
      }),
      /too far/,
    );
  });

  test("the server records the requests of a page", async () => {
    server.requests.length = 0;
    await held.browser.open(`${server.origin}/page.html`);
    await held.browser.evaluate(() => fetch("/nothing").then((response) => response.status));
    assert.deepEqual(
      server.requests.map(({ path }) => path),
      ["/page.html", "/nothing"],
    );
  });

  test("WebAssembly has SIMD, and only the hardened Firefox alters canvas pixels", async () => {
    await held.browser.open(`${server.origin}/page.html`);
    const { simd, honest } = await held.browser.evaluate(async () => {
      // A function that returns the lowest lane of a vector: `i32.const 0`, `i8x16.splat`,
      // `i8x16.extract_lane_u 0`.
      const body = [0, 65, 0, 253, 15, 253, 22, 0, 11];
      const bytes = [
        0,
        97,
        115,
        109,
        1,
        0,
        0,
        0,
        1,
        5,
        1,
        96,
        0,
        1,
        127,
        3,
        2,
        1,
        0,
        10,
        11,
        1,
        9,
        ...body,
      ];
      const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      context.fillStyle = "rgb(10, 20, 30)";
      context.fillRect(0, 0, 64, 64);
      const { data } = context.getImageData(0, 0, 64, 64);
      return {
        simd: WebAssembly.validate(new Uint8Array(bytes)),
        honest: data.every((value, index) => value === [10, 20, 30, 255][index % 4]),
      };
    });
    assert.equal(simd, true, "no SIMD");
    assert.equal(honest, name !== "firefox-resist", "the canvas");
  });
});
