// Real browsers with one interface: `open(url)`, `evaluate(function, ...arguments)`, `close()`.
//
// Chromium (CDP) and Firefox (BiDi) are driven by puppeteer-core, WebKitGTK by webdriver.mjs.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";

import { CHROMIUM_FLAGS } from "./chromium.mjs";
import { openWebKit, webKitIsMissing } from "./webdriver.mjs";

/** @typedef {"chromium" | "firefox" | "firefox-resist" | "webkit"} BrowserName */

/**
 * @typedef {object} Browser
 * @property {BrowserName} name
 * @property {string} version
 * @property {(url: string) => Promise<void>} open Goes to a page and waits until it is loaded.
 * @property {<Result>(work: string | ((...args: any[]) => Result), ...args: unknown[]) => Promise<Awaited<Result>>} evaluate
 *   Runs a function in the page. It is sent as source, so it has no closure; arguments and result
 *   are sent as JSON.
 * @property {() => Promise<void>} close
 * @property {number | undefined} process The first process, where memory can be looked at.
 */

/** @type {readonly BrowserName[]} */
export const EVERY_BROWSER = ["chromium", "firefox", "firefox-resist", "webkit"];

const ANSWER_TIME = 5 * 60 * 1000;
const SCRIPT_TIME = ANSWER_TIME + 60 * 1000;

const EXECUTABLES = {
  chromium: ["CHROMIUM", "/usr/bin/chromium", "/usr/bin/google-chrome"],
  firefox: ["FIREFOX", "/usr/bin/firefox-esr", "/usr/bin/firefox"],
};

const FIREFOX_PREFERENCES = {
  "app.update.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "dom.ipc.processPrelaunch.enabled": false,
};

/**
 * Runs a group of tests in each of the browsers. The group of a missing browser is skipped; with
 * OWNPRINT_REQUIRE_BROWSERS=1 it fails, except for WebKit.
 *
 * @param {string} subject
 * @param {readonly BrowserName[]} names
 * @param {(held: { browser: Browser }, name: BrowserName) => void} define `held.browser` is there once tests run.
 */
export function inBrowsers(subject, names, define) {
  for (const name of names) {
    const missing = missingBrowser(name);
    if (
      missing !== undefined &&
      name !== "webkit" &&
      process.env.OWNPRINT_REQUIRE_BROWSERS === "1"
    ) {
      test(`${subject}: ${name}`, () => assert.fail(missing));
      continue;
    }
    describe(`${subject}: ${name}`, { skip: missing ?? false }, () => {
      /** @type {any} */
      const held = {};
      before(async () => {
        held.browser = await openBrowser(name);
        console.log(`${name} is ${held.browser.version}`);
      });
      after(() => held.browser?.close());
      define(held, name);
    });
  }
}

/**
 * @param {BrowserName} name
 * @returns {string | undefined} why it cannot be used here
 */
export function missingBrowser(name) {
  if (name === "webkit") return webKitIsMissing();
  const kind = name === "chromium" ? "chromium" : "firefox";
  if (executable(kind) !== undefined) return undefined;
  return `${kind} is not installed: none of ${EXECUTABLES[kind].slice(1).join(", ")}, and ${EXECUTABLES[kind][0]} names none`;
}

/**
 * @param {BrowserName} name
 * @returns {Promise<Browser>}
 */
export async function openBrowser(name) {
  if (name === "webkit") return openWebKit();
  const { default: puppeteer } = await import("puppeteer-core");
  const browser = await puppeteer.launch({
    headless: true,
    protocolTimeout: SCRIPT_TIME,
    ...(name === "chromium"
      ? { executablePath: executable("chromium"), args: CHROMIUM_FLAGS }
      : {
          browser: "firefox",
          executablePath: executable("firefox"),
          extraPrefsFirefox: {
            ...FIREFOX_PREFERENCES,
            "privacy.resistFingerprinting": name === "firefox-resist",
          },
        }),
  });
  const page = await browser.newPage();
  return {
    name,
    version: await browser.version(),
    process: browser.process()?.pid,
    open: async (url) => void (await page.goto(url, { waitUntil: "load" })),
    evaluate: async (work, ...args) => parse(await page.evaluate(callOf(work, args))),
    close: () => browser.close(),
  };
}

/** @param {"chromium" | "firefox"} kind */
function executable(kind) {
  const [variable, ...paths] = EXECUTABLES[kind];
  return [process.env[variable], ...paths].find((path) => path && existsSync(path));
}

/**
 * Returns an expression that calls a function. Its outcome is JSON for every protocol.
 *
 * @param {string | Function} work
 * @param {unknown[]} args
 */
export function callOf(work, args) {
  const list = args.map((argument) => JSON.stringify(argument) ?? "undefined").join(", ");
  // Without this, a page that never answers would block all tests.
  const late = `new Promise((_, reject) => setTimeout(() => reject(new Error("no answer from the page within ${ANSWER_TIME / 1000} seconds")), ${ANSWER_TIME}))`;
  return `(async () => JSON.stringify({ value: await Promise.race([(${work})(${list}), ${late}]) }))()`;
}

/** @param {any} text */
export function parse(text) {
  return JSON.parse(text).value;
}
