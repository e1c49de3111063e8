// The size that each entry point loads: scripts minified by a bundler, all files compressed by
// `gzip -9`.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { buildSync } from "esbuild";

import { PACKAGE } from "../tests/support/places.mjs";

const DIST = path.join(PACKAGE, "dist");
const CODECS = path.join(PACKAGE, "codecs/dist");

/** @param {string} file */
function pathOf(file) {
  const own = path.join(DIST, file);
  return existsSync(own) ? own : path.join(CODECS, file);
}

/** The limit of the full build in kilobytes: measured and rounded up. */
const FULL = 540;

/**
 * The files of each entry point, with the intended size and the limit that a test checks, in
 * kilobytes.
 *
 * @type {{ name: string, scripts: string[], others: string[], aim?: number, limit?: number }[]}
 */
const ENTRY_POINTS = [
  {
    name: "a visit (worker, default build), SIMD",
    scripts: ["index.js", "worker.js"],
    others: ["ownprint-simd.wasm"],
    aim: 275,
    limit: 275,
  },
  {
    name: "a visit, baseline",
    scripts: ["index.js", "worker.js"],
    others: ["ownprint.wasm"],
    limit: 275,
  },
  {
    name: "the full build in addition, SIMD",
    scripts: [],
    others: ["ownprint-full-simd.wasm"],
    limit: FULL,
  },
  { name: "HEIC in addition", scripts: [], others: ["ownprint-heic.wasm"], aim: 110, limit: 110 },
  { name: "AVIF in addition", scripts: [], others: ["ownprint-avif.wasm"], aim: 400, limit: 400 },
  { name: "JPEG XL in addition", scripts: [], others: ["ownprint-jxl.wasm"], aim: 480, limit: 480 },
  { name: "H.264 videos in addition", scripts: [], others: ["ownprint-video.wasm"], limit: 288 },
  { name: "HEVC videos, also", scripts: [], others: ["ownprint-video-hevc.wasm"], limit: 340 },
  { name: "VP9 videos, also", scripts: [], others: ["ownprint-video-vp9.wasm"], limit: 220 },
  { name: "VP8 videos, also", scripts: [], others: ["ownprint-video-vp8.wasm"], limit: 180 },
  { name: "AV1 videos, also", scripts: [], others: ["ownprint-video-av1.wasm"], limit: 510 },
  { name: "`./core`, SIMD", scripts: ["core.js"], others: ["ownprint-simd.wasm"] },
  {
    name: "`./core`, the full build, SIMD",
    scripts: ["core.js"],
    others: ["ownprint-full-simd.wasm"],
  },
  {
    name: "`./core` without decoders, SIMD",
    scripts: ["core.js"],
    others: ["ownprint-pixels-simd.wasm"],
    aim: 45,
    limit: 93,
  },
  { name: "`./inline`, all it may load", scripts: ["inline.js"], others: [] },
  { name: "`./inline-full`, all it may load", scripts: ["inline-full.js"], others: [] },
];

/** Returns the bytes of each entry point, raw and compressed. */
export function entryPoints() {
  return ENTRY_POINTS.map(({ scripts, others, ...entryPoint }) => {
    const files = [
      ...scripts.map(bundled),
      ...others.map((file) => readFileSync(pathOf(file))),
    ];
    return {
      ...entryPoint,
      raw: sum(files.map((file) => file.length)),
      compressed: sum(files.map(zipped)),
    };
  });
}

/** @returns {string[]} rows of a Markdown table */
export function sizes() {
  const rows = entryPoints().map(
    ({ name, raw, compressed, aim = "", limit = "" }) =>
      `| ${name} | ${kilobytes(raw)} | ${kilobytes(compressed)} | ${aim} | ${limit} |`,
  );
  return ["| loaded for | kB | kB, gzip -9 | aim | maximum |", "|---|---|---|---|---|", ...rows];
}

/**
 * Bundles a script with all its imports, except the capabilities and the video player, which are
 * loaded on demand.
 *
 * @param {string} script
 */
function bundled(script) {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(DIST, script)],
    external: ["*/capabilities.js", "*/platform-video.js"],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
  });
  return Buffer.concat(outputFiles.map(({ contents }) => contents));
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
