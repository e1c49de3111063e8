// Every file of the corpus, and the pictures of this repository: the package gives what the command line gives, errors included.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { assertAllEqual } from "./support/compare.mjs";
import { address, servePages } from "./support/pages.mjs";
import { CORPUS, PACKAGE, PICTURES, WITHOUT_CORPUS, filesBelow } from "./support/places.mjs";
import { COMMAND_LINE, digestFiles, hashFiles, run } from "./support/native.mjs";

/** @type {{ url: string, file: string, expected: any, digested: any }[]} */
let files = [];
/** @type {import("./support/server.mjs").Server} */
let server;
// Formats of the command line that the package does not carry: pages hardly ever see them, and they weigh.
const LEFT_OUT = ["bmp", "tiff", "pnm"];
/** @type {import("ownprint").ComputeOptions} */
const OPTIONS = { algorithms: "all", rgbMd5: true };

before(async () => {
  server = await servePages();
  const folders = [["/pictures/", PICTURES], ...(CORPUS === undefined ? [] : [["/corpus/", CORPUS]])];
  const found = folders.flatMap(([start, folder]) =>
    filesBelow(folder).map((file) => ({ url: address(start, file), file: path.join(folder, file) })),
  );
  const paths = found.map(({ file }) => file);
  const [records, digested] = await Promise.all([hashFiles(paths, ["--rgb-md5"]), digestFiles(paths)]);
  files = found.map((one) => ({ ...one, expected: records.get(one.file), digested: digested.get(one.file) }));
  assert.ok(files.every(({ expected }) => expected), "the command line left files out");
});
after(() => server.close());

test("there is a corpus", { skip: WITHOUT_CORPUS }, () => {
  assert.ok(files.length > 150, `${files.length} files`);
  assert.ok(files.filter(({ expected }) => expected.error).length >= 5, "none of them is broken");
});

inBrowsers("as the command line", EVERY_BROWSER, (held) => {
  test("every file, through the worker", async (context) => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    const urls = files.map(({ url }) => url);
    const outcomes = await held.browser.evaluate((list, options) => fingerprintEach(list, options), urls, OPTIONS);
    assertSame(outcomes);
    context.diagnostic(`${outcomes.length} files, ${outcomes.filter(({ error }) => error).length} of them with errors`);
  });
});

describe("as the command line: node", () => {
  test("every file, through the core", async () => {
    const { loadCore, OwnprintError } = await import("ownprint/core");
    const core = await loadCore();
    const outcomes = [];
    for (const { file } of files) {
      const bytes = await readFile(file);
      try {
        outcomes.push({ value: core.fingerprint(bytes, OPTIONS) });
      } catch (/** @type {any} */ error) {
        const { name, code, message } = error;
        outcomes.push({ error: { name, code, message, isOwnprintError: error instanceof OwnprintError } });
      }
    }
    core.dispose();
    assertSame(outcomes);
  });
});

test("the package decodes what the command line decodes, but for the formats it leaves out", async () => {
  const { loadCore } = await import("ownprint/core");
  const { formats } = (await loadCore()).catalogue();
  const listed = JSON.parse(await run(COMMAND_LINE, ["formats", "--format", "json"]));
  const carried = formats.filter(({ decoded }) => decoded).map(({ name }) => name);
  const missing = listed.filter(({ name, decoded }) => decoded && !carried.includes(name)).map(({ name }) => name);
  assert.deepEqual(missing, LEFT_OUT);
});

/** @param {any[]} outcomes */
function assertSame(outcomes) {
  assert.equal(outcomes.length, files.length);
  assertAllEqual(
    files.map((file, index) => {
      const { value, error } = outcomes[index];
      return { name: file.url, actual: error ? { error } : value, expected: wanted(file) };
    }),
  );
}

/**
 * What the command line's record is in the package.
 *
 * @param {typeof files[number]} file
 */
function wanted({ file, expected, digested }) {
  // An error names no format; its file's name does.
  const format = expected.format ?? (expected.error && formatOfName(file));
  if (LEFT_OUT.includes(format)) {
    const message = `${format} pictures cannot be decoded here; only the file's digests were computed`;
    return { schema: 1, hashes: {}, digests: digested.digests, warnings: [{ code: "unsupported-format", message }] };
  }
  if (expected.error) return { error: { name: "OwnprintError", isOwnprintError: true, ...expected.error } };
  return expected;
}

/** @param {string} file */
function formatOfName(file) {
  return /** @type {Record<string, string>} */ ({ ".bmp": "bmp", ".tif": "tiff", ".tiff": "tiff", ".ppm": "pnm" })[path.extname(file)];
}
