// Creates projects that install the package from its tarball.

import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { run } from "./native.mjs";
import { PACKAGE, TESTS } from "./places.mjs";

/**
 * Packs the package as for a release.
 *
 * @returns {Promise<{ tarball: string, files: string[], bytes: number, folder: string }>}
 */
export async function packPackage() {
  const folder = await mkdtemp(path.join(tmpdir(), "ownprint-consumers-"));
  const printed = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
    { folder: PACKAGE },
  );
  const parsed = JSON.parse(printed);
  // Newer versions of npm return an object.
  const [{ filename, files, size }] = Array.isArray(parsed) ? parsed : Object.values(parsed);
  return {
    tarball: path.join(folder, filename),
    files: files.map((/** @type {any} */ file) => file.path),
    bytes: size,
    folder,
  };
}

/**
 * Creates a project from `consumers/NAME` and installs the tarball, without a network.
 *
 * @param {string} name
 * @param {{ tarball: string, folder: string }} packed
 */
export async function makeProject(name, { tarball, folder }) {
  const project = path.join(folder, name);
  await cp(path.join(TESTS, "consumers", name), project, { recursive: true });
  await writeFile(
    path.join(project, "package.json"),
    JSON.stringify({ name: `consumer-${name}`, private: true, type: "module" }),
  );
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--no-save", tarball], {
    folder: project,
  });
  return project;
}

/** @param {string} project */
export async function installedPackages(project) {
  const lock = JSON.parse(
    await readFile(path.join(project, "node_modules/.package-lock.json"), "utf8"),
  );
  return Object.keys(lock.packages);
}
