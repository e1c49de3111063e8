/** The built page in a real browser: what every test needs, and nothing that a test asserts. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import axe from "axe-core";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");
const SCREENSHOTS = join(ROOT, "screenshots");
const PICTURES = join(ROOT, "..", "pictures");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** What the browser adds of its own is switched off, so that every request seen is the page's. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Where the exit leads; answered by the test, never by the network. */
export const ELSEWHERE = "https://www.bbc.co.uk/weather";

/** A picture of examples/pictures. */
export const picture = (name) => join(PICTURES, name);

/** As large as the page says it takes, and more; a picture that needs a moment in any case. */
export const FILES = {
  /** One grey: too plain. 64 × 64, PNM, which needs no encoder. */
  plain: { name: "plain.pgm", mimeType: "image/x-portable-graymap", buffer: pnm(64, 64, () => 128) },
  video: { name: "film.mp4", mimeType: "video/mp4", buffer: Buffer.from("\0\0\0\x18ftypisom\0\0\x02\0isomiso2mp41 and no more") },
  heic: { name: "IMG_1.heic", mimeType: "image/heic", buffer: Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heicmiaf and no more", "latin1") },
  /** Says that it has more pixels than the page takes. */
  huge: { name: "huge.pgm", mimeType: "image/x-portable-graymap", buffer: Buffer.from("P5 60000 60000 255\n") },
};

/** A picture cut off in its middle. */
export async function cutOff() {
  const bytes = await readFile(picture("hills.jpg"));
  return { name: "cut.jpg", mimeType: "image/jpeg", buffer: bytes.subarray(0, bytes.length >> 1) };
}

/** A picture that takes long enough to be seen at work: 40 megapixels of noise. */
export function slow() {
  let seed = 1;
  const noise = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16;
  return { name: "slow.pgm", mimeType: "image/x-portable-graymap", buffer: pnm(8000, 5000, noise) };
}

function pnm(width, height, value) {
  const head = Buffer.from(`P5 ${width} ${height} 255\n`);
  const pixels = Buffer.alloc(width * height);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = value(at) & 255;
  return Buffer.concat([head, pixels]);
}

/** Builds the page if nobody has, serves it without any header of help, and starts the browser. */
export async function openSite() {
  if (!existsSync(join(DIST, "index.html"))) {
    const { status } = spawnSync("npm", ["run", "build"], { cwd: ROOT, stdio: "inherit" });
    if (status !== 0) throw new Error("the page could not be built");
  }
  await mkdir(SCREENSHOTS, { recursive: true });
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const file = join(DIST, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const body = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const address = `http://127.0.0.1:${server.address().port}/`;
  return {
    address,
    open: (options) => openPage(browser, address, options),
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A page of its own, loaded and ready. `requests` and `problems` grow as the browser reports them. */
async function openPage(browser, address, { language = "en", ...options } = {}) {
  const context = await browser.newContext({ locale: language, viewport: { width: 1100, height: 850 }, ...options });
  const page = await context.newPage();
  const requests = [];
  const problems = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  await page.goto(address);
  await page.locator("#requests[data-state=ready]").waitFor();
  return { page, context, requests, problems };
}

/** Chooses files as the button does, and waits until each has come to an end. */
export async function choose(page, files) {
  const before = await page.locator(".cards > .card").count();
  await page.locator("#files").setInputFiles(files);
  await page.locator(".cards > .card").nth(before + [files].flat().length - 1).waitFor();
  await finished(page);
}

/** Waits until nothing is at work. */
export async function finished(page) {
  await page.waitForFunction(() => !document.querySelector('.card[data-state="waiting"], .card[data-state="working"]'));
}

/** The card of the picture with this number. */
export const card = (page, number) => page.locator(`.card:has(> #picture-${number})`);

export async function screenshot(page, name) {
  // From the top, so that the bar is where it is when one begins to read.
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true, animations: "disabled" });
}

/** What axe finds wrong under WCAG 2.2 A and AA and its own best practices, as short lines. */
export async function accessibilityProblems(page) {
  // Evaluated by the driver: the page's own policy would not let a script in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}
