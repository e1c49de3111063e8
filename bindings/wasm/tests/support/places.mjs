// Where things lie in the repository, and outside of it.

import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const TESTS = fileURLToPath(new URL("..", import.meta.url));
export const PACKAGE = path.join(TESTS, "..");
export const REPOSITORY = path.join(PACKAGE, "../..");
export const VECTORS = path.join(REPOSITORY, "conformance/vectors");
export const IMAGES = path.join(REPOSITORY, "examples/images");

/** Images from elsewhere, in a folder that is only read; undefined where the machine has none. */
export const CORPUS = process.env.OWNPRINT_CORPUS ? path.resolve(process.env.OWNPRINT_CORPUS) : undefined;

/** What to skip a test with that needs the corpus. */
export const WITHOUT_CORPUS = CORPUS === undefined ? "OWNPRINT_CORPUS is not set: no images from elsewhere" : false;

/** The folder cargo builds into. */
export const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(REPOSITORY, "target");

/**
 * Every file below a folder, as paths relative to it, sorted.
 *
 * @param {string} folder
 */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}
