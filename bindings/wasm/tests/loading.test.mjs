// A worker or a module that cannot be loaded: the promise rejects soon.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { servePages } from "./support/pages.mjs";

// Broken scripts; the first one does not exist.
const SCRIPTS = {
  "/nothing.js": undefined,
  "/import-of-nothing.js": 'import "/nothing.js";',
  "/throws.js": 'throw new Error("not today");',
  "/no-script.js": "<!doctype html><p>Not found",
};

/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  server = await servePages();
  for (const [path, text] of Object.entries(SCRIPTS))
    if (text) server.files.set(path, Buffer.from(text));
  server.files.set("/no-module.wasm", Buffer.from("<!doctype html><p>Not found"));
});
after(() => server.close());

inBrowsers("loading", EVERY_BROWSER, (held, name) => {
  before(() => held.browser.open(`${server.origin}/pages/client.html`));

  for (const [what, key, path] of [
    ...Object.keys(SCRIPTS).map((path) => ["a worker", "worker", path]),
    ["a module", "wasm", "/nothing.wasm"],
    ["a module", "wasm", "/no-module.wasm"],
  ]) {
    // In a new page, WebKitGTK sometimes reports no error for a missing script.
    const todo =
      name === "webkit" && path === "/nothing.js"
        ? "a limit on how long a worker may take to start"
        : false;
    test(`${what} at ${path}`, { todo }, async () => {
      const { error, next } = await held.browser.evaluate(
        async (key, path) => {
          const client = new ownprint.Ownprint({ [key]: new URL(path, location.href) });
          const late = new Promise((resolve) =>
            setTimeout(
              () => resolve({ error: { message: "nothing came within 15 seconds" } }),
              15_000,
            ),
          );
          const { error } = await Promise.race([
            outcome(() => client.compare("00".repeat(32), "01".repeat(32))),
            late,
          ]);
          client.dispose();
          // Another client still works.
          return {
            error,
            next: await outcome(() => ownprint.compare("00".repeat(32), "01".repeat(32))),
          };
        },
        key,
        path,
      );
      assert.equal(error?.code, "load-failed", JSON.stringify(error));
      assert.equal(next.value?.distance, 32);
    });
  }
});
