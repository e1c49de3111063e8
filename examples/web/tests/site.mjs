/** Opens the built page in a real browser, for all tests. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import axe from "axe-core";
import { chromium } from "playwright-core";

import { CHROMIUM_FLAGS } from "../../../bindings/wasm/tests/support/chromium.mjs";
import { encodePng } from "../../../bindings/wasm/tests/support/images.mjs";
import { withEndpoint } from "../endpoint.mjs";
import { GIF, WEBM_444 } from "./encoded.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");
const SCREENSHOTS = join(ROOT, "screenshots");
const IMAGES = join(ROOT, "..", "images");
const VECTORS = join(ROOT, "..", "..", "conformance", "vectors");
const VIDEOS = join(ROOT, "..", "..", "fuzz", "corpus", "video");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** The address of the exit. The test answers it; there is no network. */
export const ELSEWHERE = "https://www.bbc.co.uk/weather";

/** Returns an image of examples/images in the form that the driver takes. */
export function image(name) {
  return {
    name,
    mimeType: `image/${extname(name).slice(1).replace("jpg", "jpeg")}`,
    buffer: readFileSync(join(IMAGES, name)),
  };
}

/** Returns an image of conformance/vectors/stills. */
export function still(name) {
  return {
    name,
    mimeType: `image/${extname(name).slice(1)}`,
    buffer: readFileSync(join(VECTORS, "stills", name)),
  };
}

/** The types that browsers know. */
const VIDEO_TYPES = { ".mp4": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm" };

/** Returns a video of fuzz/corpus/video. */
export function video(name) {
  return {
    name,
    mimeType: VIDEO_TYPES[extname(name)] ?? "",
    buffer: readFileSync(join(VIDEOS, name)),
  };
}

/** Returns a video that ends before its last frames. */
export function cutVideo() {
  const { buffer, ...rest } = video("vp9.webm");
  return { ...rest, buffer: buffer.subarray(0, Math.floor(buffer.length * 0.7)) };
}

/** Returns the images of conformance/vectors that are files, with the hashes of the reference implementation. */
export function vectors() {
  const { images } = JSON.parse(readFileSync(join(VECTORS, "pdq.json"), "utf8"));
  return images
    .filter(({ file }) => file)
    .map(({ name, file, hashes }) => ({
      pdq: { hex: hashes.pdq.hex, quality: hashes.pdq.quality },
      file: { name, mimeType: "image/png", buffer: png(readFileSync(join(VECTORS, file))) },
    }));
}

/** Returns a PNG as it is, and a pixmap as PNG: the default build decodes no pixmaps. */
function png(file) {
  if (!file.subarray(0, 2).equals(Buffer.from("P6"))) {
    return file;
  }
  const [header, width, height] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(
    file.subarray(0, 40).toString("latin1"),
  );
  const pixels = file.subarray(header.length);
  const rows = Array.from({ length: height }, (_, y) =>
    pixels.subarray(y * width * 3, (y + 1) * width * 3),
  );
  return encodePng(Number(width), Number(height), rows);
}

/** Returns an image that is truncated in the middle. */
export function cutOff() {
  const { buffer, ...rest } = image("hills.jpg");
  return { ...rest, buffer: buffer.subarray(0, buffer.length >> 1) };
}

let slowFiles = 0;
let temporary;

/** Returns a folder that is deleted at the end of the process. */
function folder() {
  if (temporary === undefined) {
    temporary = mkdtempSync(join(tmpdir(), "ownprint-"));
    process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
  }
  return temporary;
}

/** Returns the path of a sparse file whose length makes it take seconds. */
export function slow() {
  return sparse("bin", "", 800 << 20);
}

/** Returns the path of a sparse file that begins like a video. */
export function longVideo(megabytes = 800) {
  return sparse("mp4", video("av1.mp4").buffer.subarray(0, 64), megabytes << 20);
}

/** Returns the path of a sparse video that can be read; the rest of the file is a free box. */
export function longReadableVideo(megabytes = 520) {
  const { buffer } = video("hevc.mov");
  const length = megabytes << 20;
  const free = Buffer.alloc(16);
  free.writeUInt32BE(1, 0);
  free.write("free", 4, "latin1");
  free.writeBigUInt64BE(BigInt(length - buffer.length), 8);
  return sparse("mov", Buffer.concat([buffer, free]), length);
}

async function sparse(extension, head, length) {
  const path = join(folder(), `slow-${(slowFiles += 1)}.${extension}`);
  await writeFile(path, head);
  await truncate(path, length);
  return path;
}

/** Generated files. */
export const FILES = {
  /** One grey value: too plain. */
  plain: {
    name: "plain.png",
    mimeType: "image/png",
    buffer: encodePng(64, 64, Array(64).fill(Buffer.alloc(192, 128))),
  },
  /** Neither a picture nor a video. */
  note: { name: "clip.txt", mimeType: "text/plain", buffer: Buffer.from("words") },
  /** MPEG-4 Part 2, which neither the page nor the browsers decode. */
  otherVideo: video("mpeg-4.mp4"),
  /** VP9 with full chroma, which browsers play and the page does not decode. */
  playedVideo: {
    name: "played.webm",
    mimeType: "video/webm",
    buffer: Buffer.from(WEBM_444, "base64"),
  },
  /** JPEG 2000 in place of HEVC, which the page does not decode. */
  otherInside: {
    ...still("420.heic"),
    name: "IMG_1.heic",
    buffer: Buffer.from(
      still("420.heic").buffer.toString("latin1").replaceAll("hvc1", "j2k1"),
      "latin1",
    ),
  },
  moving: { name: "moving.gif", mimeType: "image/gif", buffer: Buffer.from(GIF, "base64") },
  /** Its header states more pixels than the limit. */
  huge: { name: "huge.png", mimeType: "image/png", buffer: encodePng(60000, 60000, []) },
};

/**
 * Serves the built page without security headers, in `folder`. `endpoint` returns where it hands in,
 * and `pages` are more pages by their addresses: `[headers, content]`.
 */
export async function serveSite({ endpoint, pages = {}, folder = "/" } = {}) {
  if (!existsSync(join(DIST, "index.html")))
    throw new Error("there is no dist/; run npm run build");
  await mkdir(SCREENSHOTS, { recursive: true });
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    if (Object.hasOwn(pages, path)) {
      const [headers, html] = pages[path];
      response.writeHead(200, { "content-type": "text/html", ...headers }).end(html);
      return;
    }
    const inside = path.startsWith(folder) ? path.slice(folder.length) : "not-there";
    const file = join(DIST, inside.endsWith("/") || inside === "" ? `${inside}index.html` : inside);
    try {
      let body = await readFile(file);
      if (endpoint && file === join(DIST, "index.html")) {
        body = withEndpoint(body.toString(), endpoint());
      }
      response
        .writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Serves the built page, and starts the browser. */
export async function openSite(options) {
  const { address, close } = await serveSite(options);
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  return {
    address,
    browser,
    open: (options) => openPage(browser, address, options),
    close: async () => {
      await browser.close();
      close();
    },
  };
}

/**
 * Opens a page and waits until it is ready, or in the state `until`, which may be "any". `prepare` receives its context
 * first. The browser's reports are added to `requests` and `problems`.
 */
async function openPage(
  browser,
  address,
  { language = "en", query = "", prepare, until = "ready", ...options } = {},
) {
  const context = await browser.newContext({
    locale: language,
    viewport: { width: 1100, height: 850 },
    ...options,
  });
  const page = await context.newPage();
  const requests = [];
  const problems = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  await prepare?.(context);
  await page.goto(address + query);
  const state = until === "any" ? "" : `=${until}`;
  await page.locator(`#requests[data-state${state}]`).waitFor();
  return { page, context, requests, problems };
}

/** Loads languages, which is possible until the first file is chosen; the page is English again. */
export async function loadLanguages(page, codes) {
  for (const code of [...codes, "en"]) {
    await page.locator("#language").selectOption(code);
    await page.locator(`html[lang="${code}"]`).waitFor();
  }
}

/** Chooses files as the button does, and waits until all are finished. */
export async function choose(page, files) {
  const before = await page.locator(".cards > .card").count();
  await page.locator("#files").setInputFiles(files);
  await page
    .locator(".cards > .card")
    .nth(before + [files].flat().length - 1)
    .waitFor();
  await finished(page);
}

/** Waits until no file is being hashed. */
export async function finished(page) {
  await page.waitForFunction(
    () => !document.querySelector('.card[data-state="waiting"], .card[data-state="working"]'),
  );
}

/** Returns the card of the file with this number. */
export const card = (page, number) => page.locator(`.card:has(> #item-${number})`);

export async function screenshot(page, name) {
  // At the top, the bar is in its first position.
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({
    path: join(SCREENSHOTS, `${name}.png`),
    fullPage: true,
    animations: "disabled",
  });
}

/** Returns the violations of WCAG 2.2 A and AA and of best practices that axe finds. */
export async function accessibilityProblems(page) {
  // The driver evaluates the script: the page's policy would block it.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}
