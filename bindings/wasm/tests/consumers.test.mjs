// The package in projects of users: packed, installed, bundled, and run in a browser.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { inBrowsers } from "./support/browsers.mjs";
import { installedPackages, makeProject, packPackage } from "./support/consumers.mjs";
import { hashFiles, run } from "./support/native.mjs";
import { servePages } from "./support/pages.mjs";
import { IMAGES, REPOSITORY } from "./support/places.mjs";

const IMAGE = path.join(IMAGES, "hills.jpg");
const DENO = process.env.DENO ?? path.join(REPOSITORY, ".cache/deno/node_modules/.bin/deno");

/** @type {Awaited<ReturnType<typeof packPackage>>} */
let packed;
/** @type {string} */
let expected;
/** @type {string} of a hash that only the full build knows */
let rarer;
before(async () => {
  packed = await packPackage();
  const { pdq, hashes } = (await hashFiles([IMAGE])).get(IMAGE).image;
  [expected, rarer] = [pdq.hash, hashes.phash.values[0]];
});
after(() => rm(packed.folder, { recursive: true }));

describe("the tarball", () => {
  test("contains the built files and the documentation", (context) => {
    const others = packed.files.filter(
      (file) => !/^(dist\/|package\.json$|README\.md$|LICENSE|CHANGELOG\.md$)/.test(file),
    );
    assert.deepEqual(others, []);
    for (const file of [
      "dist/index.js",
      "dist/index.d.ts",
      "dist/core.js",
      "dist/inline.js",
      "dist/inline-full.js",
      "dist/worker.js",
      "README.md",
    ]) {
      assert.ok(packed.files.includes(file), `${file} is missing`);
    }
    context.diagnostic(`${packed.files.length} files, ${packed.bytes} bytes`);
  });

  test("has no dependencies", async () => {
    const project = await makeProject("node", packed);
    assert.deepEqual(await installedPackages(project), ["node_modules/ownprint"]);
  });
});

/** @type {Record<string, (project: string) => Promise<string>>} each returns the folder to serve */
const BUILDS = {
  vite: buildWithVite,
  "vite-files": buildWithVite,
  "vite-inline": buildWithVite,
  webpack: buildWithWebpack,
  "webpack-core": buildWithWebpack,
  "esbuild-inline": (project) => buildWithEsbuild(project),
  "esbuild-inline-full": (project) => buildWithEsbuild(project),
  "esbuild-core": (project) => buildWithEsbuild(project),
  plain: async (project) => project,
};
/** Projects with the default build only. */
const WITHOUT_FULL = ["vite-inline", "esbuild-inline"];

inBrowsers("bundled", ["chromium"], (held) => {
  for (const [name, build] of Object.entries(BUILDS)) {
    test(name, async (context) => {
      const folder = await build(await makeProject(name, packed));
      const server = await servePages({ folders: { "/": folder } });
      context.after(() => server.close());
      await held.browser.open(`${server.origin}/index.html`);
      const wanted = WITHOUT_FULL.includes(name) ? expected : `${expected} and ${rarer}`;
      assert.equal(await textOnScreen(held.browser), wanted, `what ${name} shows`);
      const missing = server.requests.filter(({ path: asked }) => asked.includes("undefined"));
      assert.deepEqual(missing, []);
    });
  }
});

describe("without a browser", () => {
  test("node: every entry point", async () => {
    const project = await makeProject("node", packed);
    const printed = await run("node", ["main.mjs", IMAGE], { folder: project });
    const lines = printed
      .trim()
      .split("\n")
      .map((line) => line.split(" "));
    const entryPoints = [
      "client",
      "blob",
      "batch",
      "batch",
      "core",
      "core-full",
      "ownprint.wasm",
      "ownprint-simd.wasm",
      "ownprint-full-simd.wasm",
    ];
    assert.deepEqual(
      lines.map(([entryPoint]) => entryPoint),
      [...entryPoints, "client-full"],
    );
    for (const [entryPoint, hash] of lines)
      assert.equal(hash, entryPoint === "client-full" ? rarer : expected, entryPoint);
  });

  test(
    "deno: the core",
    { skip: existsSync(DENO) ? false : `Deno is not installed: no ${DENO}` },
    async () => {
      const project = await makeProject("deno", packed);
      const words = [
        "run",
        "--allow-read",
        "--no-remote",
        "--node-modules-dir=manual",
        "main.mjs",
        IMAGE,
      ];
      // Its cache is in the project.
      const environment = { DENO_DIR: path.join(project, ".deno"), DENO_NO_UPDATE_CHECK: "1" };
      const printed = await run(DENO, words, { folder: project, environment });
      assert.equal(printed.trim(), `core ${expected}\nfull ${rarer}`);
    },
  );
});

/** @param {import("./support/browsers.mjs").Browser} browser */
async function textOnScreen(browser) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const text = await browser.evaluate(() => document.body.textContent?.trim() ?? "");
    if (!text.startsWith("working")) return text;
    await sleep(100);
  }
  return "nothing, for ten seconds";
}

/** @param {string} project */
async function buildWithVite(project) {
  const { build } = await import("vite");
  await build({ root: project, logLevel: "error", configFile: false, build: { target: "esnext" } });
  return path.join(project, "dist");
}

/** @param {string} project */
async function buildWithWebpack(project) {
  const { default: webpack } = await import("webpack");
  const output = path.join(project, "dist");
  await new Promise((resolve, reject) =>
    webpack(
      { context: project, entry: "./main.js", mode: "production", output: { path: output } },
      (error, stats) => {
        if (error) reject(error);
        else if (stats?.hasErrors())
          reject(new Error(stats.toString({ all: false, errors: true })));
        else resolve(undefined);
      },
    ),
  );
  await writePage(output, "main.js");
  return output;
}

/** @param {string} project */
async function buildWithEsbuild(project) {
  const { build } = await import("esbuild");
  const output = path.join(project, "dist");
  await build({
    absWorkingDir: project,
    entryPoints: ["main.js"],
    outdir: output,
    bundle: true,
    format: "esm",
    loader: { ".wasm": "file" },
    logLevel: "silent",
  });
  await writePage(output, "main.js");
  return output;
}

/** @param {string} folder @param {string} script */
async function writePage(folder, script) {
  await writeFile(
    path.join(folder, "index.html"),
    `<!doctype html><body>working<script type="module" src="./${script}"></script>`,
  );
}
