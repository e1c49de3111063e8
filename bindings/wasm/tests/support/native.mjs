// The native command line: what the package is held against.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

import { TARGET } from "./places.mjs";

// Benchmarks name a folder with programs built as what is shipped.
const PROGRAMS = process.env.OWNPRINT_PROGRAMS ?? path.join(TARGET, "checks");
export const COMMAND_LINE = path.join(PROGRAMS, "ownprint");
const PAINT = path.join(PROGRAMS, "paint");

/**
 * The command line's results over files, each without its path.
 *
 * @param {string[]} files
 * @param {{ algorithms?: string[], options?: string[] }} [wanted] everything, unless told otherwise
 * @returns {Promise<Map<string, any>>} by the path given
 */
export async function hashFiles(files, { algorithms = ["all"], options = [] } = {}) {
  const words = ["hash", "--format", "jsonl", "--algorithms", algorithms.join(","), ...options, "--files-from", "-", "--null"];
  const printed = await run(COMMAND_LINE, words, { input: files.join("\0"), codes: [0, 1] });
  const records = printed.trim().split("\n").map((line) => JSON.parse(line));
  return new Map(records.map(({ path: file, ...record }) => [file, record]));
}

/**
 * Paints vectors' images by their recipes, as P6 pixmaps.
 *
 * @param {string[]} recipes
 * @param {string} folder
 * @returns {Promise<string[]>} the files, in the recipes' order
 */
export async function paint(recipes, folder) {
  await run(PAINT, [folder, ...recipes]);
  return recipes.map((recipe) => path.join(folder, `${recipe.replaceAll(":", "-")}.ppm`));
}

/**
 * Starts the command line on its standard input.
 *
 * @param {string[]} words
 */
export function startCommandLine(words) {
  assertBuilt(COMMAND_LINE);
  const child = spawn(COMMAND_LINE, words, { stdio: ["pipe", "pipe", "inherit"] });
  return { input: child.stdin, printed: collect(child) };
}

/**
 * @param {string} program
 * @param {string[]} words
 * @param {{ input?: string, codes?: number[], folder?: string, environment?: Record<string, string> }} [options]
 * @returns {Promise<string>} what it prints
 */
export function run(program, words, { input, codes = [0], folder, environment = {} } = {}) {
  if (path.isAbsolute(program)) assertBuilt(program);
  const child = spawn(program, words, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // Without input nothing is written, not even nothing: a program that reads none may be gone by then.
  child.stdin.end(input);
  return collect(child, codes);
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {number[]} codes
 * @returns {Promise<string>}
 */
function collect(child, codes = [0]) {
  return new Promise((resolve, reject) => {
    let printed = "";
    let complaints = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => (printed += text));
    child.stderr?.setEncoding("utf8").on("data", (text) => (complaints += text));
    child.once("error", reject);
    child.once("close", (code) => {
      if (codes.includes(code ?? -1)) resolve(printed);
      else reject(new Error(`${child.spawnargs.join(" ").slice(0, 300)} ended with ${code}:\n${printed}${complaints}`));
    });
  });
}

/** @param {string} program */
function assertBuilt(program) {
  if (!existsSync(program)) throw new Error(`${program} is not built: \`cargo xtask test web\` builds it`);
}
