// The times of Chromium and Node next to those of the native core, in one run: `node native.mjs
// IMAGE.jpg`; run by `cargo xtask bench-web`. The programs take turns, and each time is that of the
// call alone: no start of a process or worker.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

import { dispose, fingerprint } from "ownprint";
import { loadCore } from "ownprint/core";

import { openBrowser } from "../tests/support/browsers.mjs";
import { servePages } from "../tests/support/pages.mjs";
import { PACKAGE, TARGET } from "../tests/support/places.mjs";
import { rgbPixels } from "./pixels.mjs";
import { TURNS, median, ratio, takeTurns } from "./turns.mjs";

const PROGRAMS = process.env.OWNPRINT_PROGRAMS ?? path.join(TARGET, "dist");

const [jpeg] = process.argv.slice(2);
assert.ok(jpeg, "usage: node native.mjs IMAGE.jpg");
const bytes = readFileSync(jpeg);
const pixels = rgbPixels();
const server = await servePages({
  folders: {
    "/bench/": path.join(PACKAGE, "bench"),
    "/hash-wasm/": path.join(PACKAGE, "node_modules/hash-wasm/dist"),
  },
});
server.files.set("/image.jpg", bytes);
const browser = await openBrowser("chromium");
const [file, buffer] = [nativeCore(["path", jpeg]), nativeCore(["pixels"])];
const core = await loadCore();
try {
  await browser.open(`${server.origin}/bench/page.html`);
  const ofFile = await takeTurns({
    "the core, native": file.time,
    "Chromium, a worker": () => browser.evaluate(() => globalThis.fileWithDefaults()),
    "Node, a worker": () => time(() => fingerprint(bytes)),
    "Node, `loadCore()`": () => time(() => core.fingerprint(bytes)),
  });
  const ofPixels = await takeTurns({
    "the core, native": buffer.time,
    "Chromium, `loadCore()`": () => browser.evaluate(() => globalThis.pixelsInDefaultBuild()),
    "Node, `loadCore()`": () =>
      time(() => core.fingerprintPixels(pixels, { algorithms: ["pdq"] })),
  });
  const size = (statSync(jpeg).size / 1e6).toFixed(1);
  const lines = [
    `Machine: ${cpus()[0].model}, ${cpus().length} processors; ${browser.version}, headless; node ${process.version}; medians of ${TURNS} turns, the smallest in brackets.`,
    ...table(`${size} MB JPEG of 12 megapixels, defaults (\`pdq\` and three digests)`, ofFile),
    ...table("`pdq` of 4000x3000 RGB pixels, copied into the module and hashed", ofPixels),
  ];
  console.log(lines.join("\n"));
} finally {
  await browser.close();
  await server.close();
  for (const it of [file, buffer]) it.end();
  dispose();
}

/** @param {string} name @param {Record<string, number[]>} times */
function table(name, times) {
  const native = times["the core, native"];
  const rows = Object.entries(times).map(([program, values]) => {
    const [middle, smallest] = [median(values), Math.min(...values)].map((it) => it.toFixed(1));
    return `| ${program} | ${middle} (${smallest}) | ${ratio(values, native)} |`;
  });
  return ["", `| ${name} | ms | ratio to the core |`, "|---|---|---|", ...rows];
}

/** Starts the program that times the core once for each line. @param {string[]} words */
function nativeCore(words) {
  const child = spawn(path.join(PROGRAMS, "time-entry-points"), words, {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    time: async () => {
      child.stdin.write("\n");
      return Number((await lines.next()).value);
    },
    end: () => child.stdin.end(),
  };
}

/** @param {() => unknown} work */
async function time(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
