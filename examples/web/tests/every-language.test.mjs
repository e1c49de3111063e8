/** Every language on the page, with a trial of handing in; how the language is chosen. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, test } from "node:test";

import {
  accessibilityProblems,
  card,
  choose,
  image,
  loadLanguages,
  openSite,
  screenshot,
  still,
} from "./site.mjs";

const CODES = readdirSync(new URL("../src/languages", import.meta.url)).map((name) =>
  name.replace(".json", ""),
);
const PHONE = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true };

let site;
before(async () => (site = await openSite({ endpoint: () => "memory:" })));
after(() => site?.close());

const language = (page) => page.locator("html").getAttribute("lang");

test("every language: no missing message, 320 pixels, axe", { timeout: 120_000 }, async () => {
  const { page, context, problems } = await site.open(PHONE);
  await loadLanguages(page, CODES);
  await choose(page, image("hills.jpg"));
  await page.locator("#hand-in").click();
  await page.locator(".receipt").waitFor();
  await card(page, 1).locator("summary").click();
  for (const summary of await page.locator("main > details > summary, .case > summary").all()) {
    await summary.click();
  }
  for (const code of CODES) {
    await page.locator("#language").selectOption(code);
    await page.locator(`html[lang="${code}"]`).waitFor();
    await page.locator("#compare-button").click();
    await page.locator("#compare-result .headline").waitFor();
    const { shown, empty, wide } = await page.evaluate(() => ({
      shown: document.documentElement.innerText,
      empty: [...document.querySelectorAll("[data-text]")]
        .filter(({ textContent }) => !textContent)
        .map(({ dataset }) => dataset.text),
      wide: document.documentElement.scrollWidth,
    }));
    assert.deepEqual(empty, [], code);
    // A missing message would be its key, and a missing value its name.
    assert.doesNotMatch(shown, /\b[a-z]+\.[a-z-]+\.[a-z]+\b|\{\w+\}/, code);
    assert.ok(wide <= 320, `${code}: ${wide} pixels wide`);
    assert.equal(await page.locator("#language-note").isVisible(), code !== "en", code);
    assert.deepEqual(await accessibilityProblems(page), [], code);
    await screenshot(page, `language-${code}`);
  }
  assert.deepEqual(problems, []);
  await context.close();
});

test("a visit loads one language besides English", async () => {
  const { page, context, requests } = await site.open({ language: "fr-CA" });
  assert.equal(await language(page), "fr");
  const loaded = CODES.filter((code) => requests.some((url) => url.includes(`assets/${code}-`)));
  assert.deepEqual(loaded, ["fr"]);
  await context.close();
});

test("the address comes before the browser; an unknown language in it is ignored", async () => {
  for (const [query, locale, expected] of [
    ["?lang=zh", "de", "zh-Hans"],
    ["?lang=PT-br", "de", "pt"],
    ["?lang=xx", "de", "de"],
    ["?lang=../../x", "fi", "en"],
  ]) {
    const { page, context } = await site.open({ query, language: locale, until: "any" });
    await page.locator(`html[lang="${expected}"] #choose:not(:empty)`).waitFor();
    await context.close();
  }
});

test("after the first file, only languages that are there can be chosen", async () => {
  const { page, context } = await site.open({ language: "es" });
  await choose(page, image("hills.jpg"));
  const options = await page.locator("#language option").evaluateAll((all) =>
    all.filter(({ parentElement }) => !parentElement.disabled).map(({ value }) => value),
  );
  assert.deepEqual(options, ["en", "es"]);
  await page.locator("#language").selectOption("en");
  assert.equal(await language(page), "en");
  assert.equal(
    await page.locator("#language optgroup").getAttribute("label"),
    "After opening the page again",
  );
  await context.close();
});

test("a language that cannot be loaded changes nothing, and this is said", async () => {
  const { page, context } = await site.open();
  await context.route("**/assets/hi-*", (route) => route.abort());
  await page.locator("#language").selectOption("hi");
  await page.locator("#polite", { hasText: "could not be loaded" }).waitFor({ state: "attached" });
  assert.equal(await page.locator("#language").inputValue(), "en");
  assert.equal(await language(page), "en");
  await choose(page, still("420.heic"));
  assert.equal(await card(page, 1).locator(".headline").innerText(), "A good fingerprint");
  await context.close();
});
