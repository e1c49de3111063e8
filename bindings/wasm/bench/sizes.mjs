// How much a page loads for each door of the package: its scripts as a bundler makes them small, compressed by `gzip -9`.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

import { buildSync } from "esbuild";

import { PACKAGE } from "../tests/support/places.mjs";

const DIST = path.join(PACKAGE, "dist");

/** What is loaded for what, and the most it may weigh in kilobytes. */
const DOORS = [
  { name: "everything, SIMD", scripts: ["index.js", "worker.js"], others: ["ownprint-simd.wasm"], target: 225 },
  { name: "everything, baseline", scripts: ["index.js", "worker.js"], others: ["ownprint.wasm"] },
  { name: "`./core`, SIMD", scripts: ["core.js"], others: ["ownprint-simd.wasm"] },
  { name: "`./core` without decoders, SIMD", scripts: ["core.js"], others: ["ownprint-pixels-simd.wasm"], target: 45 },
  { name: "`./core` without decoders, baseline", scripts: ["core.js"], others: ["ownprint-pixels.wasm"], target: 45 },
  { name: "`./inline`, all it may load", scripts: ["inline.js"], others: [] },
];

/** @returns {string[]} rows of a Markdown table */
export function sizes() {
  const rows = DOORS.map(({ name, scripts, others, target }) => {
    const files = [...scripts.map(bundled), ...others.map((file) => readFileSync(path.join(DIST, file)))];
    const [raw, compressed] = [sum(files.map((file) => file.length)), sum(files.map(zipped))];
    return `| ${name} | ${kilobytes(raw)} | ${kilobytes(compressed)} | ${target === undefined ? "" : target} |`;
  });
  return ["| loaded for | kB | kB, gzip -9 | at most |", "|---|---|---|---|", ...rows];
}

/**
 * A script with all that it imports, early or late.
 *
 * @param {string} script
 */
function bundled(script) {
  const options = { bundle: true, minify: true, write: false, format: "esm", target: "es2022" };
  const [output] = buildSync({ .../** @type {const} */ (options), entryPoints: [path.join(DIST, script)] }).outputFiles;
  return Buffer.from(output?.contents ?? []);
}

/** @param {Buffer} bytes */
function zipped(bytes) {
  return execFileSync("gzip", ["-9", "-c"], { input: bytes, maxBuffer: 1 << 28 }).length;
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}
