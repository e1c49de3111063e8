/** The synchronous API in Node, which reads module files instead of fetching them. */

import { readFile } from "node:fs/promises";

import { Core, loadCore as load, type CoreOptions } from "./core.js";

export * from "./core.js";

/** Loads the package's module for this engine, or the module in `options.wasm`. */
export function loadCore(options: CoreOptions = {}): Promise<Core> {
  return load({ readFile: (address) => readFile(address), ...options });
}
