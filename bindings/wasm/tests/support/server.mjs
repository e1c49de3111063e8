// A local static server that records all requests.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";

const TYPES = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".mjs", "text/javascript; charset=utf-8"],
  [".json", "application/json"],
  [".wasm", "application/wasm"],
  [".css", "text/css"],
]);

/**
 * @typedef {object} Server
 * @property {string} origin
 * @property {{ method: string, path: string }[]} requests All requests in order; tests may clear it.
 * @property {Map<string, Uint8Array>} files Further files by path.
 * @property {() => Promise<void>} close
 */

/**
 * @param {object} options
 * @param {Record<string, string>} options.folders Folders by the path they appear under, such as `/dist/`.
 * @param {Record<string, Record<string, string>>} [options.headers] More headers, by a path or the beginning of one.
 * @returns {Promise<Server>}
 */
export async function startServer({ folders, headers = {} }) {
  /** @type {Server["requests"]} */
  const requests = [];
  /** @type {Server["files"]} */
  const files = new Map();

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    // Browsers request an icon by themselves.
    if (pathname !== "/favicon.ico")
      requests.push({ method: request.method ?? "", path: pathname });
    const body = files.get(pathname) ?? (await readFrom(folders, pathname));
    if (body === undefined) {
      response.writeHead(404, { "content-type": "text/plain" }).end(`nothing at ${pathname}\n`);
      return;
    }
    const more = Object.entries(headers).filter(([start]) => pathname.startsWith(start));
    response.writeHead(200, {
      "content-type": TYPES.get(path.extname(pathname)) ?? "application/octet-stream",
      "content-length": body.length,
      "cache-control": "no-store",
      ...Object.assign({}, ...more.map(([, fields]) => fields)),
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    files,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/**
 * @param {Record<string, string>} folders
 * @param {string} pathname
 */
async function readFrom(folders, pathname) {
  for (const [start, folder] of Object.entries(folders)) {
    if (!pathname.startsWith(start)) continue;
    const file = path.resolve(folder, decodeURIComponent(pathname.slice(start.length)));
    if (!file.startsWith(path.resolve(folder) + path.sep)) continue;
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes !== undefined) return bytes;
  }
  return undefined;
}
