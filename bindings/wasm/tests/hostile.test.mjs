// Broken and hostile files: the result is an error with a code or a hash, never a crash, and the
// client can be used again.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { hostileFiles } from "./support/hostile.mjs";
import { address, servePages } from "./support/pages.mjs";
import { CORPUS, PACKAGE, IMAGES, filesBelow } from "./support/places.mjs";

// The core's codes for files. Any other code is a defect.
const CODES = new Set([
  "damaged",
  "truncated",
  "limit-exceeded",
  "unsupported-format",
  "unsupported-feature",
  "not-an-image",
]);
/** @type {import("ownprint").ComputeOptions} */
const OPTIONS = { algorithms: "all" };
const SOUND = "lake.jpg";

const made = await hostileFiles();
const found =
  CORPUS === undefined ? [] : filesBelow(path.join(CORPUS, "bad")).map((file) => `bad/${file}`);

/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  server = await servePages();
  for (const { name, bytes } of made) server.files.set(`/made/${name}`, bytes);
});
after(() => server.close());

inBrowsers("hostile files", EVERY_BROWSER, (held) => {
  test(`${made.length + found.length} of them, through one client`, async (context) => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    const sound = `/images/${SOUND}`;
    const urls = [
      ...made.map(({ name }) => `/made/${name}`),
      ...found.map((file) => address("/corpus/", file)),
    ];
    const outcomes = await held.browser.evaluate(
      (list, options) => fingerprintEach(list, options),
      [sound, ...urls, sound],
      OPTIONS,
    );
    const [first, last] = [outcomes.shift(), outcomes.pop()];
    assertTyped(urls, outcomes);
    assert.ok(first.value, `${SOUND} before: ${JSON.stringify(first)}`);
    assert.deepEqual(last, first, `${SOUND} after all of them`);
    context.diagnostic(summary(outcomes));
  });
});

describe("hostile files: node", () => {
  test(`${made.length + found.length} of them, through one core`, async (context) => {
    const { loadCore, OwnprintError } = await import("ownprint/core");
    const core = await loadCore({ full: true });
    const sound = await readFile(path.join(IMAGES, SOUND));
    const first = core.fingerprint(sound, OPTIONS);
    const files = [
      ...made,
      ...(await Promise.all(
        found.map(async (file) => ({
          name: file,
          bytes: await readFile(path.join(CORPUS ?? "", file)),
        })),
      )),
    ];
    const outcomes = files.map(({ bytes }) => {
      try {
        return { value: core.fingerprint(bytes, OPTIONS) };
      } catch (/** @type {any} */ error) {
        const { name, code, message } = error;
        return { error: { name, code, message, isOwnprintError: error instanceof OwnprintError } };
      }
    });
    assertTyped(
      files.map(({ name }) => name),
      outcomes,
    );
    assert.deepEqual(core.fingerprint(sound, OPTIONS), first, `${SOUND} after all of them`);
    context.diagnostic(summary(outcomes));
  });
});

/** @param {string[]} names @param {any[]} outcomes */
function assertTyped(names, outcomes) {
  const wrong = outcomes
    .map(({ value, error }, index) => ({ name: names[index], thrown: error, error: value?.error }))
    .filter(
      ({ thrown, error }) =>
        thrown || (error && !(CODES.has(error.code) && error.message.length > 10)),
    );
  assert.equal(
    wrong.length,
    0,
    `${wrong.length} errors are not typed, such as ${JSON.stringify(wrong[0])}`,
  );
  const refused = outcomes.filter(({ value }) => value?.error).length;
  assert.ok(refused > outcomes.length / 4, `only ${refused} of ${outcomes.length} were refused`);
}

/** @param {any[]} outcomes */
function summary(outcomes) {
  const counts = new Map();
  for (const { value } of outcomes) {
    const code = value?.error?.code ?? "hashed";
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].map(([code, count]) => `${code}: ${count}`).join(", ");
}
