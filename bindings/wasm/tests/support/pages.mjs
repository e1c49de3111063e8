// The server of the test pages: the built package, the vectors, the images, the corpus.

import path from "node:path";

import { CORPUS, PACKAGE, IMAGES, TESTS, VECTORS } from "./places.mjs";
import { startServer } from "./server.mjs";

/**
 * @param {{ folders?: Record<string, string>, headers?: Record<string, Record<string, string>> }} [more]
 */
export function servePages({ folders = {}, headers = {} } = {}) {
  return startServer({
    folders: {
      "/dist/": path.join(PACKAGE, "dist"),
      "/codecs/": path.join(PACKAGE, "codecs"),
      "/pages/": path.join(TESTS, "pages"),
      "/support/": path.join(TESTS, "support"),
      "/vectors/": VECTORS,
      "/images/": IMAGES,
      ...(CORPUS === undefined ? {} : { "/corpus/": CORPUS }),
      ...folders,
    },
    headers,
  });
}

/**
 * Returns the path of a file on the server.
 *
 * @param {string} folder such as `/corpus/`
 * @param {string} file relative
 */
export function address(folder, file) {
  return folder + file.split(path.sep).map(encodeURIComponent).join("/");
}
