// Every file of the corpus and every image of this repository has the result of the command line,
// errors included.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { codecs } from "./support/codecs.mjs";
import { assertAllEqual } from "./support/compare.mjs";
import { address, servePages } from "./support/pages.mjs";
import { CORPUS, PACKAGE, IMAGES, WITHOUT_CORPUS, filesBelow } from "./support/places.mjs";
import { COMMAND_LINE, hashFiles, run } from "./support/native.mjs";

/** @typedef {{ url: string, file: string, expected: any }} Case */

/** @type {Case[]} */
let files = [];
/** @type {Case[]} files that the default build decodes */
let base = [];
/** @type {import("./support/server.mjs").Server} */
let server;
/** @type {import("ownprint").ComputeOptions} */
const OPTIONS = { algorithms: "all", rgbMd5: true };
/** @type {import("ownprint").ComputeOptions} */
let baseOptions;

before(async () => {
  server = await servePages();
  const folders = [["/images/", IMAGES], ...(CORPUS === undefined ? [] : [["/corpus/", CORPUS]])];
  const found = folders.flatMap(([start, folder]) =>
    filesBelow(folder).map((file) => ({
      url: address(start, file),
      file: path.join(folder, file),
    })),
  );
  const paths = found.map(({ file }) => file);
  const records = await hashFiles(paths, { options: ["--rgb-md5"] });
  files = found.map((one) => ({ ...one, expected: records.get(one.file) }));
  assert.ok(
    files.every(({ expected }) => expected),
    "the command line left files out",
  );
  await choose(paths);
});

/** @param {string[]} paths */
async function choose(paths) {
  const { loadCore } = await import("ownprint/core");
  const core = await loadCore();
  const { hashes, digests } = core.capabilities();
  const algorithms = [...hashes, ...digests].map(({ name }) => name);
  baseOptions = { ...OPTIONS, algorithms };
  const records = await hashFiles(paths, { algorithms, options: ["--rgb-md5"] });
  const { Ownprint } = await import("ownprint");
  const { formats } = await new Ownprint({ codecs: codecs() }).capabilities();
  for (const one of files) {
    const stream = core.stream();
    stream.update((await readFile(one.file)).subarray(0, 4096));
    const isForFull = formats.some(({ name, decoded }) => decoded && name === stream.undecodable);
    if (!isForFull) base.push({ ...one, expected: records.get(one.file) });
    stream.dispose();
  }
  core.dispose();
}
after(() => server.close());

test("there is a corpus", { skip: WITHOUT_CORPUS }, () => {
  assert.ok(files.length > 150, `${files.length} files`);
  assert.ok(files.filter(({ expected }) => expected.error).length >= 5, "none of them is broken");
});

inBrowsers("equal to the command line", EVERY_BROWSER, (held) => {
  test("every file, through the worker", async (context) => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    const urls = files.map(({ url }) => url);
    const outcomes = await held.browser.evaluate(
      (list, options) => fingerprintEach(list, options),
      urls,
      OPTIONS,
    );
    assertSame(files, outcomes);
    context.diagnostic(
      `${outcomes.length} files, ${outcomes.filter(({ value }) => value?.error).length} of them with errors`,
    );
  });

  test("files of the default build, without any other module", async (context) => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    server.requests.length = 0;
    const outcomes = await held.browser.evaluate(
      (list, options) =>
        fingerprintEach(list, options, {
          wasm: new URL("/dist/ownprint-simd.wasm", location.href),
          codecs: [],
        }),
      base.map(({ url }) => url),
      baseOptions,
    );
    assertSame(base, outcomes);
    context.diagnostic(`${outcomes.length} files`);
  });
});

describe("equal to the command line: node", () => {
  test("every file, through the full core", async () => {
    assertSame(
      files,
      await throughCore(files, { full: true, codecs: codecs("heic", "avif", "jxl") }, OPTIONS),
    );
  });

  test("files of the default build, through its core", async () => {
    assert.ok(
      base.length >= filesBelow(IMAGES).length && base.length <= files.length,
      `${base.length} files`,
    );
    assertSame(base, await throughCore(base, {}, baseOptions));
  });
});

test("the package computes and decodes the same as the command line", async () => {
  const { Ownprint } = await import("ownprint");
  const client = new Ownprint({ codecs: codecs() });
  const { hashes, digests, formats } = await client.capabilities();
  const listed = async (/** @type {string} */ word) =>
    JSON.parse(await run(COMMAND_LINE, [word, "--format", "json"]));
  assert.deepEqual(formats, await listed("formats"));
  assert.deepEqual({ hashes, digests }, await listed("algorithms"));
});

/**
 * @param {Case[]} cases
 * @param {import("ownprint/core").CoreOptions} ofCore
 * @param {import("ownprint").ComputeOptions} options
 */
async function throughCore(cases, ofCore, options) {
  const { loadCore, OwnprintError } = await import("ownprint/core");
  const core = await loadCore(ofCore);
  const outcomes = [];
  for (const { file } of cases) {
    const bytes = await readFile(file);
    try {
      outcomes.push({ value: core.fingerprint(bytes, options) });
    } catch (/** @type {any} */ error) {
      const { name, code, message } = error;
      outcomes.push({
        error: { name, code, message, isOwnprintError: error instanceof OwnprintError },
      });
    }
  }
  core.dispose();
  return outcomes;
}

/** @param {Case[]} cases @param {any[]} outcomes */
function assertSame(cases, outcomes) {
  assert.equal(outcomes.length, cases.length);
  assertAllEqual(
    cases.map((file, index) => {
      const { value, error } = outcomes[index];
      return { name: file.url, actual: error ? { failed: error } : value, expected: file.expected };
    }),
  );
}
