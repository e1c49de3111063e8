// Paths in the repository and outside of it.

import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const TESTS = fileURLToPath(new URL("..", import.meta.url));
export const PACKAGE = path.join(TESTS, "..");
export const REPOSITORY = path.join(PACKAGE, "../..");
export const VECTORS = path.join(REPOSITORY, "conformance/vectors");
export const IMAGES = path.join(REPOSITORY, "examples/images");

/** A read-only folder with images of others; undefined if there is none. */
export const CORPUS = process.env.OWNPRINT_CORPUS
  ? path.resolve(process.env.OWNPRINT_CORPUS)
  : undefined;

/** The `skip` option of tests that need the corpus. */
export const WITHOUT_CORPUS =
  CORPUS === undefined ? "OWNPRINT_CORPUS is not set: no images from elsewhere" : false;

/** The folder of cargo's output. */
export const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(REPOSITORY, "target");

/**
 * Returns the sorted paths of all files below a folder, relative to it.
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
