// Processor time of Chromium and Node next to that of the native core, in one run: `node native.mjs
// IMAGE.jpg`, on Linux; run by `cargo xtask bench-web`. The programs take turns. Other programs on
// the machine change the elapsed time more than the processor time.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

import { loadCore } from "ownprint/core";

import { openBrowser } from "../tests/support/browsers.mjs";
import { servePages } from "../tests/support/pages.mjs";
import { PACKAGE, TARGET } from "../tests/support/places.mjs";
import { rgbPixels } from "./pixels.mjs";

const PROGRAMS = process.env.OWNPRINT_PROGRAMS ?? path.join(TARGET, "dist");
/** The system counts ticks of 10 ms, so the mean of several calls is reported. */
const TURNS = 12;
const WARM_TURNS = 2;
const MILLISECONDS_PER_TICK = 10;

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
  const ofBrowser = () => processes(browser.process ?? 0).reduce((sum, it) => sum + timeOf(it), 0);
  const ofFile = await means({
    "the core, native": [() => timeOf(file.process), file.run],
    "Node, `loadCore()`": [ownTime, () => core.fingerprint(bytes)],
    "Chromium, a worker": [ofBrowser, () => browser.evaluate(() => globalThis.fileWithDefaults())],
  });
  const ofPixels = await means({
    "the core, native": [() => timeOf(buffer.process), buffer.run],
    "Node, `loadCore()`": [ownTime, () => core.fingerprintPixels(pixels, { algorithms: ["pdq"] })],
    "Chromium, `loadCore()`": [
      ofBrowser,
      () => browser.evaluate(() => globalThis.pixelsInDefaultBuild()),
    ],
  });
  const size = (statSync(jpeg).size / 1e6).toFixed(1);
  const lines = [
    `Machine: ${cpus()[0].model}, ${cpus().length} processors; ${browser.version}, headless; node ${process.version}; means of ${TURNS} turns.`,
    ...table(`${size} MB JPEG of 12 megapixels, defaults (\`pdq\` and three digests)`, ofFile),
    ...table("`pdq` of 4000x3000 RGB pixels, copied into the module and hashed", ofPixels),
  ];
  console.log(lines.join("\n"));
} finally {
  await browser.close();
  await server.close();
  for (const it of [file, buffer]) it.end();
}

/**
 * Returns the mean processor time of each program, in milliseconds.
 *
 * @param {Record<string, [clock: () => number, run: () => unknown]>} programs
 */
async function means(programs) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (let turn = -WARM_TURNS; turn < TURNS; turn += 1) {
    for (const [name, [clock, run]] of Object.entries(programs)) {
      const before = clock();
      await run();
      if (turn >= 0) sums[name] = (sums[name] ?? 0) + clock() - before;
    }
  }
  return Object.entries(sums).map(([name, sum]) => ({ name, mean: sum / TURNS }));
}

/** @param {string} name @param {{ name: string, mean: number }[]} times */
function table(name, times) {
  const rows = times.map(
    ({ name, mean }) => `| ${name} | ${mean.toFixed(1)} | ${(mean / times[0].mean).toFixed(2)} |`,
  );
  return ["", `| ${name} | processor time, ms | ratio |`, "|---|---|---|", ...rows];
}

/** Starts the program that runs the core once for each line. @param {string[]} words */
function nativeCore(words) {
  const child = spawn(path.join(PROGRAMS, "time-entry-points"), words, {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child.pid ?? 0,
    run: () => {
      child.stdin.write("\n");
      return lines.next();
    },
    end: () => child.stdin.end(),
  };
}

function ownTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Returns the processor time of a process, or 0 if it has ended. @param {number} process */
function timeOf(process) {
  const [, , , , , , , , , , , user, system] = fieldsOf(process);
  return (Number(user ?? 0) + Number(system ?? 0)) * MILLISECONDS_PER_TICK;
}

/** Returns a process and those that it started. @param {number} first */
function processes(first) {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(fieldsOf(Number(name))[1])]);
  const found = [first];
  for (const parent of found)
    found.push(...parents.filter(([, it]) => it === parent).map(([child]) => child));
  return found;
}

/** Returns the fields of `/proc/PID/stat` from the state on. @param {number} process */
function fieldsOf(process) {
  try {
    return readFileSync(`/proc/${process}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  } catch {
    return [];
  }
}
