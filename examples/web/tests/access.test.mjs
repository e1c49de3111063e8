/**
 * Accessibility: axe, keyboard, announcements, small screens, right to left, dark, reduced motion.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  FILES,
  accessibilityProblems,
  card,
  choose,
  cutOff,
  cutVideo,
  finished,
  image,
  loadLanguages,
  openSite,
  screenshot,
  slow,
  video,
} from "./site.mjs";

let site;
before(async () => (site = await openSite()));
after(() => site?.close());

function onPage(name, work, options) {
  test(name, { timeout: 120_000 }, async () => {
    const opened = await site.open(options);
    try {
      await work(opened);
    } finally {
      await opened.context.close();
    }
  });
}

const LANGUAGES = { en: "ltr", es: "ltr", ar: "rtl" };
const PHONE = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true };

/** Brings cards and the comparison into every state; `look` is called at each step. */
async function everyState(page, look) {
  await look("empty");
  await page.locator("#files").setInputFiles(await slow());
  await page.locator("#files").setInputFiles(image("lake.jpg"));
  await card(page, 2).waitFor();
  await look("working");
  await card(page, 1).locator("[data-action=cancel]").click();
  await finished(page);
  await choose(page, [
    image("hills.jpg"),
    FILES.plain,
    FILES.note,
    FILES.otherInside,
    FILES.huge,
    cutOff(),
    video("hevc.mov"),
    FILES.otherVideo,
    cutVideo(),
  ]);
  await page.locator("#names").check();
  await card(page, 3).locator("summary").click();
  await card(page, 3).locator("[data-action=look]").click();
  await page.locator(".hold canvas").waitFor();
  await page.locator("#compare summary").click();
  await page.locator("#compare-button").click();
  await page.locator("#compare-result .headline").waitFor();
  await look("results");
  await page.locator("#compare-two").selectOption("pasted");
  await page.locator("#compare-button").click();
  await page.locator("#compare-result [data-mood=help]").waitFor();
  await look("pasted");
  await card(page, 9).locator("summary").first().click();
  await card(page, 9).locator(".moments > summary").click();
  await card(page, 9).locator(".moments tbody tr").first().waitFor();
  for (const side of ["one", "two"]) await page.locator(`#compare-${side}`).selectOption("9");
  await page.locator("#compare-button").click();
  await page.locator("#compare-result [data-mood=good]").waitFor();
  await look("videos");
}

for (const [language, direction] of Object.entries(LANGUAGES)) {
  for (const colorScheme of ["light", "dark"]) {
    onPage(
      `axe finds nothing: ${language}, ${colorScheme}`,
      async ({ page, problems }) => {
        assert.equal(await page.locator("html").getAttribute("lang"), language);
        assert.equal(await page.locator("html").getAttribute("dir"), direction);
        await everyState(page, async (state) => {
          assert.deepEqual(await accessibilityProblems(page), [], state);
          await screenshot(page, `${language}-${colorScheme}-${state}`);
        });
        assert.deepEqual(problems, []);
      },
      { language, colorScheme },
    );
  }

  onPage(
    `320 pixels wide, nothing is cut off: ${language}`,
    async ({ page }) => {
      await everyState(page, async (state) => {
        const { wide, visible } = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth,
          visible: document.documentElement.clientWidth,
        }));
        assert.equal(visible, 320);
        assert.ok(wide <= visible, `${state}: ${wide} pixels wide`);
        assert.deepEqual(await accessibilityProblems(page), [], state);
        await screenshot(page, `${language}-320-${state}`);
      });
      const exit = await page.locator("#exit").boundingBox();
      assert.ok(
        exit.y + exit.height <= 640 && exit.width === 320,
        "the way out lies at the lower edge",
      );
      // As people see it, with the bar.
      await page.screenshot({
        path: new URL(`../screenshots/${language}-320-screen.png`, import.meta.url).pathname,
      });
    },
    { language, ...PHONE },
  );
}

onPage(
  "changing the language changes every text, the direction and the title, without a request",
  async ({ page, requests }) => {
    await loadLanguages(page, ["ar", "es"]);
    await choose(page, image("hills.jpg"));
    const before = requests.length;
    const hash = await card(page, 1).locator(".hash").textContent();
    for (const [language, headline] of [
      ["ar", "بصمة جيدة"],
      ["es", "Una buena huella"],
      ["en", "A good fingerprint"],
    ]) {
      await page.getByRole("combobox", { name: /Language|Idioma|اللغة/ }).selectOption(language);
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      assert.equal(await page.locator("html").getAttribute("dir"), LANGUAGES[language]);
      assert.equal(await card(page, 1).locator(".headline").innerText(), headline);
      assert.equal(await card(page, 1).locator(".hash").textContent(), hash);
      const empty = await page
        .locator("[data-text]")
        .evaluateAll((all) => all.filter((it) => !it.textContent).map((it) => it.dataset.text));
      assert.deepEqual(empty, []);
    }
    assert.equal(requests.length, before);
  },
);

onPage(
  "an unknown language gives English; a regional language its base language",
  async ({ page }) => {
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    const other = await site.open({ language: "es-MX" });
    assert.equal(await other.page.locator("html").getAttribute("lang"), "es");
    await other.context.close();
  },
  { language: "fi" },
);

onPage(
  "keyboard only: the exit comes first, every control is reachable and visible, without a trap",
  async ({ page }) => {
    await choose(page, image("hills.jpg"));
    await page.locator("#compare summary").click();
    // After a click, Tab continues from there; keyboard users start at the first control.
    await page.locator("#exit").focus();
    await page.keyboard.press("Shift+Tab");
    const reached = [];
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return undefined;
        const { left, right, top, bottom } = element.getBoundingClientRect();
        const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        const style = getComputedStyle(element);
        return {
          name: element.id || element.dataset.action || element.tagName,
          seen:
            top >= 0 &&
            bottom <= innerHeight &&
            (element.contains(middle) || middle?.contains(element)),
          outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
          large: Math.min(right - left, bottom - top) >= 24 || element.tagName === "A",
        };
      });
      if (!focused) break;
      const { name, ...rest } = focused;
      assert.deepEqual(rest, { seen: true, outlined: true, large: true }, name);
      reached.push(name);
    }
    assert.deepEqual(reached.slice(0, 4), ["exit", "language", "edits", "choose"]);
    for (const name of [
      "copy",
      "copy-all",
      "look",
      "remove",
      "SUMMARY",
      "names",
      "save-json",
      "save-csv",
      "clear",
      "compare-one",
      "compare-two",
      "compare-button",
      "A",
    ]) {
      assert.ok(reached.includes(name), `${name}: ${reached.join()}`);
    }
  },
);

onPage(
  "keyboard on a small screen: the bottom bar never covers the focused element",
  async ({ page }) => {
    await choose(page, [image("hills.jpg"), video("hevc.mov")]);
    await page.locator("#exit").focus();
    for (let presses = 0; presses < 30; presses += 1) {
      await page.keyboard.press("Tab");
      const covered = await page.evaluate(() => {
        const element = document.activeElement;
        const bar = document.querySelector("#exit");
        if (element === bar || element === document.body) return "";
        const [one, other] = [element.getBoundingClientRect(), bar.getBoundingClientRect()];
        return one.bottom > other.top ? element.outerHTML.slice(0, 80) : "";
      });
      assert.equal(covered, "");
    }
  },
  { viewport: { width: 320, height: 568 } },
);

onPage(
  "keyboard only: choosing, opening the details, removing; the focus is never lost",
  async ({ page }) => {
    const focused = () =>
      page.evaluate(
        () =>
          document.activeElement.id ||
          document.activeElement.dataset.action ||
          document.activeElement.tagName,
      );
    const opened = page.waitForEvent("filechooser");
    // The driver needs a moment until it listens.
    await page.locator("#choose").focus();
    await page.waitForTimeout(300);
    await page.keyboard.press("Enter");
    const chooser = await opened;
    await chooser.setFiles([image("hills.jpg"), image("lake.jpg")]);
    await finished(page);
    assert.equal(await focused(), "item-1", "at the first new image");
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press("Tab");
    assert.equal(await focused(), "remove");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(
      await card(page, 1)
        .locator("details")
        .evaluate((details) => details.open),
      true,
    );
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Space");
    assert.equal(await focused(), "item-2", "at the next image after removing one");
    await card(page, 2).locator("[data-action=remove]").focus();
    await page.keyboard.press("Enter");
    assert.equal(await focused(), "choose", "back at the start after the last");
  },
);

onPage("keyboard only: cancel and retry keep the focus", async ({ page }) => {
  const focused = () => page.evaluate(() => document.activeElement.dataset.action);
  await page.locator("#files").setInputFiles(await slow());
  await card(page, 1).locator("[data-action=cancel]").focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "retry");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "cancel");
});

onPage("announcements: added files, results, and many results in one sentence", async ({ page }) => {
  await page.evaluate(() => {
    window.said = [];
    const observer = new MutationObserver(() => {
      const sentence = document.querySelector("#polite").textContent;
      if (sentence) window.said.push(sentence);
    });
    observer.observe(document.querySelector("#polite"), {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await choose(page, [image("hills.jpg"), FILES.note, video("hevc.mov")]);
  await page.waitForTimeout(1200);
  const said = (await page.evaluate(() => window.said)).join(" ");
  assert.match(
    said,
    /3 files added\..*Picture 1: A good fingerprint\..*Picture 2: This is not a picture or video/,
  );
  assert.match(said, /Video 3: A fingerprint of the video and of 2 moments in it\./);
  await page.evaluate(() => (window.said = []));
  await choose(page, [image("hills.jpg"), image("lake.jpg"), image("window.png")]);
  await page.waitForTimeout(1200);
  const rest = (await page.evaluate(() => window.said)).join(" ");
  assert.match(rest, /3 files added\..*Finished with 6 files\. Good fingerprints: 5\./);
  assert.doesNotMatch(rest, /Picture 4/);
});

onPage(
  "reduced motion: there are no animations",
  async ({ page }) => {
    await choose(page, image("hills.jpg"));
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll("*")].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          return (
            transitionDuration.split(", ").some((time) => parseFloat(time) > 0) ||
            animationName !== "none"
          );
        }).length,
    );
    assert.equal(moving, 0);
  },
  { reducedMotion: "reduce" },
);

onPage(
  "high contrast: the page remains usable",
  async ({ page }) => {
    await choose(page, [image("hills.jpg"), FILES.plain]);
    await screenshot(page, "forced-colors");
    assert.deepEqual(await accessibilityProblems(page), []);
  },
  { forcedColors: "active" },
);
