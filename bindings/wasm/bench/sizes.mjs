// How much a page loads for each door of the package, compressed as servers do.

import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

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
    const files = [...new Set([...scripts.flatMap((script) => withImports(script)), ...others])];
    const [raw, compressed] = [sum(files, (bytes) => bytes.length), sum(files, (bytes) => gzipSync(bytes, { level: 9 }).length)];
    return `| ${name} | ${kilobytes(raw)} | ${kilobytes(compressed)} | ${target === undefined ? "" : target} |`;
  });
  return ["| loaded for | kB | kB, gzip -9 | at most |", "|---|---|---|---|", ...rows];
}

/**
 * A script and all that it imports, early or late.
 *
 * @param {string} script
 * @param {Set<string>} [seen]
 * @returns {string[]}
 */
function withImports(script, seen = new Set()) {
  if (seen.has(script)) return [];
  seen.add(script);
  const text = readFileSync(path.join(DIST, script), "utf8");
  for (const [, imported] of text.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+\.js)["']/g)) {
    withImports(path.join(path.dirname(script), imported), seen);
  }
  return [...seen];
}

/** @param {string[]} files @param {(bytes: Buffer) => number} weigh */
function sum(files, weigh) {
  return files.reduce((total, file) => total + weigh(readFileSync(path.join(DIST, file))), 0);
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}
