/** The synchronous core in Node: its files are read, not fetched. */

import { readFile } from "node:fs/promises";

import { Core, loadCore as load, type CoreOptions } from "./core.js";

export * from "./core.js";

/** Loads the package's own module, the one that suits this engine, or the one named. */
export function loadCore(options: CoreOptions = {}): Promise<Core> {
  return load({ readFile: (address) => readFile(address), ...options });
}
