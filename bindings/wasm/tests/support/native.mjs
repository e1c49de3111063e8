// The native command line, which the package is compared with.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

import { recordFromJson } from "ownprint/core";

import { TARGET } from "./places.mjs";

// Benchmarks give a folder with programs of the release profile.
const PROGRAMS = process.env.OWNPRINT_PROGRAMS ?? path.join(TARGET, "debug");
export const COMMAND_LINE = path.join(PROGRAMS, "ownprint");
const PAINT = path.join(PROGRAMS, "paint");

/**
 * Returns the command line's results as objects of the package, without their paths.
 *
 * @param {string[]} files
 * @param {{ algorithms?: string[], options?: string[] }} [wanted] default: every algorithm
 * @returns {Promise<Map<string, any>>} by path
 */
export async function hashFiles(files, { algorithms = ["all"], options = [] } = {}) {
  const words = [
    "hash",
    "--format",
    "jsonl",
    "--algorithms",
    algorithms.join(","),
    ...options,
    "--files-from",
    "-",
    "--null",
  ];
  const printed = await run(COMMAND_LINE, words, { input: files.join("\0"), codes: [0, 1] });
  const records = printed
    .trim()
    .split("\n")
    .map((line) => recordFromJson(JSON.parse(line)));
  return new Map(records.map(({ path: file = "", ...record }) => [file, record]));
}

/**
 * Paints the images of the vectors from their recipes, as P6 pixmaps.
 *
 * @param {string[]} recipes
 * @param {string} folder
 * @returns {Promise<string[]>} the files, in the order of the recipes
 */
export async function paint(recipes, folder) {
  await run(PAINT, [folder, ...recipes]);
  return recipes.map((recipe) => path.join(folder, `${recipe.replaceAll(":", "-")}.ppm`));
}

/**
 * Starts the command line, which reads standard input.
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
 * @returns {Promise<string>} its output
 */
export function run(program, words, { input, codes = [0], folder, environment = {} } = {}) {
  if (path.isAbsolute(program)) assertBuilt(program);
  const child = spawn(program, words, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // Without input, nothing is written: the program may have ended by then.
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
      else
        reject(
          new Error(
            `${child.spawnargs.join(" ").slice(0, 300)} ended with ${code}:\n${printed}${complaints}`,
          ),
        );
    });
  });
}

/** @param {string} program */
function assertBuilt(program) {
  if (!existsSync(program))
    throw new Error(`${program} is not built: \`cargo xtask test web\` builds it`);
}
