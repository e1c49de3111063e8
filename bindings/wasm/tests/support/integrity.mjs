// Integrity values: https://www.w3.org/TR/SRI/

import { readFile } from "node:fs/promises";
import path from "node:path";

import { PACKAGE } from "./places.mjs";

/** @param {string} file of the package */
export async function integrityOf(file) {
  const digest = await crypto.subtle.digest("SHA-384", await readFile(path.join(PACKAGE, file)));
  return `sha384-${Buffer.from(digest).toString("base64")}`;
}
