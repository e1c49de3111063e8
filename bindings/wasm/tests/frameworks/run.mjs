// Tries the packed package in bundlers, frameworks and runtimes, and writes the table of the README.
//
// node tests/frameworks/run.mjs [--quick] [--write] [NAME]...

import { spawn } from "node:child_process";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";

import { openBrowser } from "../support/browsers.mjs";
import { CHROMIUM_FLAGS } from "../support/chromium.mjs";
import { packPackage } from "../support/consumers.mjs";
import { run } from "../support/native.mjs";
import { IMAGES, PACKAGE, REPOSITORY } from "../support/places.mjs";
import { startServer } from "../support/server.mjs";
import { PROJECTS } from "./projects.mjs";

/** Frameworks compile a page when it is first requested; a busy machine takes minutes. */
const PAGE_MILLISECONDS = 180_000;

/** The row of the README's table begins after this line and ends before the other one. */
const [BEGIN, END] = ["<!-- frameworks: begin -->\n", "<!-- frameworks: end -->\n"];

const FOLDER = path.join(REPOSITORY, ".cache/frameworks");

/**
 * Tries projects and returns one outcome for each.
 *
 * @param {readonly import("./projects.mjs").Project[]} projects
 * @returns {Promise<{ project: import("./projects.mjs").Project, failure?: string }[]>}
 */
export async function tryProjects(projects) {
  const packed = await packPackage();
  const image = await readFile(path.join(IMAGES, "hills.jpg"));
  const expected = await expectedHashes(image);
  const outcomes = [];
  try {
    for (const project of projects) {
      const started = Date.now();
      const failure = await outcomeOf(project, packed.tarball, image, expected);
      const seconds = Math.round((Date.now() - started) / 1000);
      console.log(`${failure === undefined ? "ok    " : "FAILED"} ${project.name} (${seconds} s)`);
      if (failure !== undefined) console.log(failure.replace(/^/gm, "       "));
      outcomes.push(failure === undefined ? { project } : { project, failure });
    }
  } finally {
    await rm(packed.folder, { recursive: true });
  }
  return outcomes;
}

/** Returns the hashes that each project must show, as this Node computes them. */
async function expectedHashes(/** @type {Uint8Array} */ image) {
  const { loadCore } = await import("ownprint/core");
  const core = await loadCore({ full: true });
  const { image: result } = core.fingerprint(image, { algorithms: ["pdq", "phash"] });
  core.dispose();
  return `${result?.pdq?.hash} ${result?.hashes.phash?.values[0]}`;
}

/**
 * Returns why a project does not do what its row says; `undefined` if it does.
 *
 * @param {import("./projects.mjs").Project} project
 * @param {string} tarball
 * @param {Uint8Array} image
 * @param {string} expected
 */
async function outcomeOf(project, tarball, image, expected) {
  const folder = path.join(FOLDER, project.name.replace(/\W+/g, "-").toLowerCase());
  try {
    await makeProject(project, folder, tarball, image, expected);
    let printed = "";
    for (const command of project.commands ?? []) printed = await shell(command, folder);
    const isTest = project.folder === undefined && !project.server && !project.extension;
    if (isTest && project.prints !== true) return undefined;
    const shown = isTest ? printed.trim() : await shownBy(project, folder);
    const isRight = project.fails ? project.fails.test(shown) : shown === expected;
    return isRight ? undefined : `it gave ${JSON.stringify(shown)}`;
  } catch (error) {
    return String(error instanceof Error ? error.message : error).slice(-2000);
  }
}

/**
 * @param {import("./projects.mjs").Project} project
 * @param {string} folder
 * @param {string} tarball
 * @param {Uint8Array} image
 * @param {string} expected
 */
async function makeProject({ packages = {}, files }, folder, tarball, image, expected) {
  const base64 = Buffer.from(image).toString("base64");
  const written = {
    ...files,
    "image.js": `export const expected = ${JSON.stringify(expected.split(" ")[0])};
export const image = Uint8Array.from(atob("${base64}"), (it) => it.charCodeAt(0));
`,
    "package.json": JSON.stringify({
      name: "project",
      private: true,
      type: "module",
      dependencies: { ...packages, ownprint: `file:${tarball}` },
      "@parcel/resolver-default": { packageExports: true },
    }),
  };
  await mkdir(folder, { recursive: true });
  // Only what was installed remains of an earlier run, but not the package itself.
  const left = (await readdir(folder)).filter((name) => name !== "node_modules");
  for (const name of [...left, "node_modules/ownprint", "node_modules/.vite"])
    await rm(path.join(folder, name), { recursive: true, force: true });
  for (const [name, text] of Object.entries(written)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  await writeFile(path.join(folder, "image.jpg"), image);
  const offline = Object.keys(packages).length === 0 ? "--offline" : "--prefer-offline";
  await shell(`npm install ${offline} --no-audit --no-fund --no-package-lock --loglevel=error`, folder);
}

/** @param {import("./projects.mjs").Project} project @param {string} folder */
async function shownBy(project, folder) {
  if (project.extension !== undefined) return shownByExtension(path.join(folder, project.extension));
  if (project.server === undefined) {
    const server = await startServer({
      folders: { "/": path.join(folder, project.folder ?? ".") },
      headers: project.headers === undefined ? {} : { "/": project.headers },
    });
    try {
      return await textOf(`${server.origin}/index.html`);
    } finally {
      await server.close();
    }
  }
  const port = await freePort();
  const command = project.server.replace("PORT", String(port));
  // A group of its own, because the command starts others.
  const child = spawn(command, { cwd: folder, shell: true, detached: true, stdio: "ignore" });
  try {
    const address = `http://127.0.0.1:${port}${project.page ?? "/"}`;
    await answered(address);
    return await textOf(address);
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid);
  }
}

/** @param {string} address */
async function textOf(address) {
  const browser = await openBrowser("chromium");
  try {
    await browser.open(address);
    return await text((work) => browser.evaluate(work));
  } finally {
    await browser.close();
  }
}

/** @param {string} folder */
async function shownByExtension(folder) {
  const { default: puppeteer } = await import("puppeteer-core");
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: CHROMIUM_FLAGS,
    pipe: true,
    enableExtensions: [folder],
  });
  try {
    const target = await browser.waitForTarget((it) => it.type() === "service_worker");
    const page = await browser.newPage();
    await page.goto(new URL("/index.html", target.url()).href);
    return await text((work) => page.evaluate(work));
  } finally {
    await browser.close();
  }
}

/**
 * Waits until the page shows something.
 *
 * @param {(work: () => string) => Promise<string>} evaluate
 */
async function text(evaluate) {
  const end = Date.now() + PAGE_MILLISECONDS;
  while (Date.now() < end) {
    // While a development server reloads the page, there is nothing to ask.
    const shown = await evaluate(() => document.body?.innerText.trim() ?? "working").catch(
      () => "working",
    );
    if (!shown.startsWith("working")) return shown;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return "nothing";
}

/** @param {string} address */
async function answered(address) {
  const end = Date.now() + PAGE_MILLISECONDS;
  while (Date.now() < end) {
    if (await fetch(address).then((response) => response.ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`no answer from ${address}`);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** @param {string} command @param {string} folder */
async function shell(command, folder) {
  return run("sh", ["-c", command], { folder, environment: { NEXT_TELEMETRY_DISABLED: "1" } });
}

/** @param {Awaited<ReturnType<typeof tryProjects>>} outcomes */
function tableOf(outcomes) {
  const rows = outcomes.map(({ project, failure }) => {
    const result = failure === undefined ? (project.fails ? "as described" : "works") : "**fails**";
    return `| ${project.name} | ${result} | ${project.settings ?? ""} |`;
  });
  return ["| | result | settings |", "|---|---|---|", ...rows, ""].join("\n");
}

async function main() {
  const { values, positionals } = parseArgs({
    options: { quick: { type: "boolean" }, write: { type: "boolean" } },
    allowPositionals: true,
  });
  const isWanted = (/** @type {import("./projects.mjs").Project} */ { name, quick }) =>
    (values.quick !== true || quick === true) &&
    (positionals.length === 0 || positionals.some((it) => name.includes(it)));
  const outcomes = await tryProjects(PROJECTS.filter(isWanted));
  const table = tableOf(outcomes);
  console.log(table);
  if (values.write === true) {
    const file = path.join(PACKAGE, "README.md");
    const readme = await readFile(file, "utf8");
    const [before = "", rest = ""] = readme.split(BEGIN);
    const [, after = ""] = rest.split(END);
    await writeFile(file, before + BEGIN + table + END + after);
  }
  if (outcomes.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) await main();
