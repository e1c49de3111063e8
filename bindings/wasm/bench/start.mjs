// The time to the first hash in Node, with each module: `node bench/start.mjs`, after a build.
//
// Every measurement is a process of its own, because compiled code is cached in a process.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { IMAGES } from "../tests/support/places.mjs";
import { TURNS, median, takeTurns } from "./turns.mjs";

const IMAGE = path.join(IMAGES, "lake.jpg");

/** @type {Record<string, () => Promise<unknown>>} */
const FIRST_HASHES = {
  "`fingerprint`, `pdq`: a worker, the default build": () => throughWorker("pdq"),
  "`fingerprint`, `phash`: a worker, the default build, then the full build": () =>
    throughWorker("phash"),
  "`loadCore()`, `pdq`": () => throughCore({}, "pdq"),
  "`loadCore({ full: true })`, `pdq`": () => throughCore({ full: true }, "pdq"),
  "`loadCore({ full: true })`, `phash`": () => throughCore({ full: true }, "phash"),
};

const [name] = process.argv.slice(2);
if (name === undefined) {
  await compareAll();
} else {
  const start = performance.now();
  await FIRST_HASHES[name]();
  console.log(performance.now() - start);
}

async function compareAll() {
  const measure = (/** @type {string} */ name) => async () =>
    Number(execFileSync(process.execPath, [fileURLToPath(import.meta.url), name]));
  const times = await takeTurns(
    Object.fromEntries(Object.keys(FIRST_HASHES).map((name) => [name, measure(name)])),
  );
  console.log(
    `${cpus()[0].model}, node ${process.version}; medians of ${TURNS} turns, the smallest in brackets. Input: a JPEG of 640x480.\n`,
  );
  console.log("| first hash, imports and loading included | ms |\n|---|---|");
  for (const [name, values] of Object.entries(times)) {
    console.log(`| ${name} | ${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}) |`);
  }
}

/** @param {import("ownprint").HashAlgorithm} algorithm */
async function throughWorker(algorithm) {
  const { fingerprint, dispose } = await import("ownprint");
  await fingerprint(readFileSync(IMAGE), { algorithms: [algorithm] });
  dispose();
}

/**
 * @param {import("ownprint/core").CoreOptions} options @param {import("ownprint").HashAlgorithm}
 * algorithm
 */
async function throughCore(options, algorithm) {
  const { loadCore } = await import("ownprint/core");
  (await loadCore(options)).fingerprint(readFileSync(IMAGE), { algorithms: [algorithm] });
}
