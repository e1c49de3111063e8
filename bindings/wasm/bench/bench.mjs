// Times, memory and sizes in headless Chromium: `node bench.mjs IMAGE.jpg [IMAGE.heic ...]`; run by
// `cargo xtask bench-web`.
//
// Machines are shared and their speed drifts. The programs therefore run alternately. Each turn
// gives a ratio, and the medians are reported.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { openBrowser } from "../tests/support/browsers.mjs";
import { residentBytes } from "../tests/support/memory.mjs";
import { COMMAND_LINE, hashFiles, run } from "../tests/support/native.mjs";
import { servePages } from "../tests/support/pages.mjs";
import { PACKAGE } from "../tests/support/places.mjs";
import { sizes } from "./sizes.mjs";
import { TURNS, median, ratio, takeTurns } from "./turns.mjs";

const DIGESTS = ["md5", "sha1", "sha256", "blake3"];
const MIB = 1024 * 1024;
const MEMORY_LIMIT = 130;
const TIME_LIMIT = 250;

const [jpeg, ...stills] = process.argv.slice(2);
assert.ok(jpeg, "usage: node bench.mjs IMAGE.jpg [IMAGE.heic …]");
const peerFolder = path.join(PACKAGE, "node_modules/hash-wasm");
const peerVersion = JSON.parse(readFileSync(path.join(peerFolder, "package.json"), "utf8")).version;

const server = await servePages({
  folders: { "/bench/": path.join(PACKAGE, "bench"), "/hash-wasm/": path.join(peerFolder, "dist") },
});
server.files.set("/image.jpg", readFileSync(jpeg));
for (const still of stills)
  server.files.set(`/stills/${path.basename(still)}`, readFileSync(still));
const browser = await openBrowser("chromium");
try {
  await browser.open(`${server.origin}/bench/page.html`);
  await assertRight();
  const file = await timeFile();
  const pixels = await timePixels();
  const digests = await timeDigests();
  const formats = await timeStills();
  const memory = await weighMemory();
  const lines = [
    `Machine: ${cpus()[0].model}, ${cpus().length} processors; ${browser.version}, headless; node ${process.version}; medians of ${TURNS} turns.`,
    ...file,
    ...pixels,
    ...digests,
    ...formats,
    ...memory,
    ...sizes(),
  ];
  console.log(
    lines.map((line, index) => (isTableStart(lines, index) ? `\n${line}` : line)).join("\n"),
  );
} finally {
  await browser.close();
  await server.close();
}

/** Checks the results before they are timed. */
async function assertRight() {
  const native = (await hashFiles([jpeg])).get(jpeg);
  const { image, digests } = await browser.evaluate(() => globalThis.fingerprintOfFile());
  assert.deepEqual(image.pdq, native.image.pdq, "the image's hash");
  assert.deepEqual(digests, native.digests, "the image's digests");
  assert.equal(
    await browser.evaluate((names) => globalThis.digestsAgree(names), DIGESTS),
    "equal",
    "digests of both libraries",
  );
}

async function timeFile() {
  const turns = await takeTurns({
    warm: () => browser.evaluate(() => globalThis.fileInWarmWorker()),
    cold: () => browser.evaluate(() => globalThis.fileInNewWorker()),
    native: () => timeCommandLine(jpeg, ["pdq", ...DIGESTS]),
  });
  const { warm, cold, native } = turns;
  const size = (statSync(jpeg).size / 1e6).toFixed(1);
  return [
    `| ${size} MB JPEG of 12 megapixels to \`pdq\` and four digests | ms | ratio to the command line | limit, ms |`,
    "|---|---|---|---|",
    `| in a running worker | ${median(warm).toFixed(0)} | ${ratio(warm, native)} | ${TIME_LIMIT} |`,
    `| in a new worker, start included | ${median(cold).toFixed(0)} | ${ratio(cold, native)} | |`,
    `| native command line, start included | ${median(native).toFixed(0)} | 1 | |`,
  ];
}

async function timePixels() {
  const { rgba, rgb } = await takeTurns({
    rgba: () => browser.evaluate(() => globalThis.pixels("rgba8")),
    rgb: () => browser.evaluate(() => globalThis.pixels("rgb8")),
  });
  return [
    "| `pdq` of 4000x3000 pixels, copied into the module and hashed | ms |",
    "|---|---|",
    `| RGBA | ${median(rgba).toFixed(1)} |`,
    `| RGB | ${median(rgb).toFixed(1)} |`,
  ];
}

async function timeDigests() {
  const rows = [];
  for (const names of [...DIGESTS.map((name) => [name]), DIGESTS]) {
    const { ours, theirs } = await takeTurns({
      ours: () => browser.evaluate((names) => globalThis.ownDigests(names), names),
      theirs: () => browser.evaluate((names) => globalThis.peerDigests(names), names),
    });
    const speed = (/** @type {number[]} */ times) => (64_000 / median(times)).toFixed(0);
    rows.push(
      `| ${names.join(", ")} | ${speed(ours)} | ${speed(theirs)} | ${ratio(theirs, ours)}x |`,
    );
  }
  return [
    `| digests of 64 MiB | ownprint, MiB/s | hash-wasm ${peerVersion}, MiB/s | ratio |`,
    "|---|---|---|---|",
    ...rows,
  ];
}

async function timeStills() {
  const rows = [];
  for (const still of stills) {
    const name = path.basename(still);
    const { warm, native } = await takeTurns({
      warm: () => browser.evaluate((name) => globalThis.stillInWarmWorker(name), name),
      native: () => timeCommandLine(still, ["pdq"]),
    });
    const memory = await browser.evaluate((name) => globalThis.memoryOfStill(name), name);
    const size = (statSync(still).size / 1e6).toFixed(1);
    rows.push(
      `| ${size} MB ${path.extname(still)} | ${median(warm).toFixed(0)} | ${median(native).toFixed(0)} | ${ratio(warm, native)} | ${(memory / MIB).toFixed(0)} |`,
    );
  }
  return [
    "| 12 megapixels to `pdq`, in a running worker | ms | command line, ms | ratio | WebAssembly memory, MiB |",
    "|---|---|---|---|---|",
    ...rows,
  ];
}

async function weighMemory() {
  const { peak, disposed } = await browser.evaluate(() => globalThis.memoryOfFile());
  // A new page without the buffers of the benchmarks, for the operating system's numbers.
  await browser.open(`${server.origin}/bench/page.html`);
  await sleep(1000);
  const before = await residentBytes(browser.process);
  await browser.evaluate(() => globalThis.fileInWarmWorker());
  const held = await residentBytes(browser.process);
  await browser.evaluate(() => globalThis.disposeClient());
  await sleep(2000);
  const after = await residentBytes(browser.process);
  const mib = (/** @type {number} */ bytes) => (bytes / MIB).toFixed(0);
  return [
    "| memory of that JPEG | MiB | limit |",
    "|---|---|---|",
    `| WebAssembly, peak | ${mib(peak)} | ${MEMORY_LIMIT} |`,
    `| WebAssembly, after \`dispose()\` | ${mib(disposed)} | 0 |`,
    `| increase of Chromium's processes, after the result | ${mib(held - before)} | |`,
    `| increase of Chromium's processes, two seconds after \`dispose()\` | ${mib(after - before)} | |`,
  ];
}

/** @param {string} file @param {string[]} algorithms */
async function timeCommandLine(file, algorithms) {
  const words = ["hash", "--algorithms", algorithms.join(","), "--format", "jsonl", file];
  const start = performance.now();
  await run(COMMAND_LINE, words);
  return performance.now() - start;
}

/** @param {string[]} lines @param {number} index */
function isTableStart(lines, index) {
  return lines[index].startsWith("|") && lines[index + 1]?.startsWith("|---");
}
