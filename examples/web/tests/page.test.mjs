/** The page in each of its states. */

import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { after, before, test } from "node:test";

import {
  FILES,
  card,
  choose,
  cutOff,
  finished,
  image,
  openSite,
  screenshot,
  slow,
  still,
  vectors,
} from "./site.mjs";

let site;
before(async () => (site = await openSite()));
after(() => site?.close());

/** A test with its own page, in which the browser must report no problem. */
function onPage(name, work, options) {
  test(name, { timeout: 60_000 }, async () => {
    const { page, context, problems } = await site.open(options);
    try {
      await work(page, context);
      assert.deepEqual(problems, []);
    } finally {
      await context.close();
    }
  });
}

const headline = (page, number) => card(page, number).locator(".headline").innerText();
const press = (page, number, action) =>
  card(page, number).locator(`[data-action=${action}]`).click();
const hash = (page, number) => card(page, number).locator(".hash").textContent();

/** Chooses a slow file, and images that wait for it. */
async function beginSlowly(page, ...names) {
  await page.locator("#files").setInputFiles(await slow());
  await card(page, 1).locator("progress").waitFor();
  await page.locator("#files").setInputFiles(names.map(image));
  await card(page, names.length + 1).waitFor();
}

onPage("empty: safety first, then choosing, and no result", async (page) => {
  await screenshot(page, "empty");
  assert.deepEqual(await page.locator("main h2:visible").allInnerTexts(), [
    "Before you start",
    "Choose pictures",
    "Compare two fingerprints",
    "What a fingerprint can and cannot do",
  ]);
  assert.equal(await page.locator("#results").isVisible(), false);
  assert.match(await page.locator("#requests").innerText(), /Ready/);
});

onPage("the button opens the file picker, for several images", async (page) => {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose pictures" }).click(),
  ]);
  assert.equal(chooser.isMultiple(), true);
  await chooser.setFiles([image("hills.jpg"), image("window.png")]);
  await finished(page);
  assert.equal(await page.locator(".card h3").count(), 2);
  assert.equal(await headline(page, 2), "A good fingerprint");
});

onPage(
  "a good result: a sentence, the hash, folded details, no image and no name",
  async (page) => {
    await choose(page, image("hills.jpg"));
    assert.equal(await headline(page, 1), "A good fingerprint");
    assert.match(await hash(page, 1), /^[0-9a-f]{64}$/);
    assert.equal(await card(page, 1).locator("details").getAttribute("open"), null);
    assert.equal(await page.locator("main :is(img, canvas, video)").count(), 0);
    assert.doesNotMatch(await page.locator("body").innerText(), /hills/);
    await screenshot(page, "good");
    await card(page, 1).locator("summary").click();
    const details = await card(page, 1).locator("details").innerText();
    for (const shown of [
      /of 100/,
      /JPEG/,
      /\d+ × \d+ pixels/,
      /this page/,
      /MD5\s+[0-9a-f]{32}/,
      /SHA-?256\s+[0-9a-f]{64}/,
    ]) {
      assert.match(details, shown);
    }
    await screenshot(page, "details");
  },
);

onPage("a plain image: shows the reason and advice", async (page) => {
  await choose(page, FILES.plain);
  assert.equal(await headline(page, 1), "Too plain to match well");
  assert.match(await card(page, 1).innerText(), /because there is little light and dark shape/);
  await screenshot(page, "plain");
});

onPage("a truncated file: offers one attempt to hash the rest", async (page) => {
  await choose(page, cutOff());
  assert.equal(await headline(page, 1), "Part of this file is missing");
  await screenshot(page, "cut-off");
  assert.equal(await page.locator("#save-json").isDisabled(), true, "there is nothing to save");
  await press(page, 1, "retry");
  await finished(page);
  assert.equal(
    await headline(page, 1),
    "A fingerprint of what is left",
    "which is not a good one, whatever its quality",
  );
  assert.equal(await card(page, 1).locator("[data-action=retry]").count(), 0);
  await screenshot(page, "cut-off-anyway");
});

onPage("a video: no fingerprint, only file codes with an explanation", async (page) => {
  await choose(page, FILES.video);
  assert.equal(await headline(page, 1), "This is not a picture that can be read");
  assert.equal(await card(page, 1).locator(".hash").count(), 0);
  await card(page, 1).locator("summary").click();
  assert.match(await card(page, 1).locator("details").innerText(), /MD5\s+[0-9a-f]{32}/);
  await screenshot(page, "video");
});

onPage(
  "an image that cannot be decoded: advice how to get a JPEG without a website",
  async (page) => {
    await choose(page, FILES.otherInside);
    assert.equal(
      await headline(page, 1),
      "This picture was saved in a way that cannot be read here",
    );
    assert.match(await card(page, 1).innerText(), /Most Compatible[\s\S]*do not use a website/);
    await screenshot(page, "heic");
  },
);

onPage("an image that is too large: rejected with advice", async (page) => {
  await choose(page, FILES.huge);
  assert.equal(await headline(page, 1), "This picture is too large for this page");
  await screenshot(page, "too-large");
});

onPage("an animated image: shows that only the first frame is hashed", async (page) => {
  await choose(page, FILES.moving);
  assert.match(
    await card(page, 1).innerText(),
    /The picture moves\. The fingerprint is of its first image only\./,
  );
});

onPage("formats of phones: the page decodes HEIC, AVIF and JPEG XL", async (page) => {
  await choose(page, [
    still("444.heic"),
    still("422.avif"),
    still("lossless.jxl"),
    still("lossy.jxl"),
  ]);
  for (const number of [1, 2, 3, 4]) {
    assert.match(await hash(page, number), /^[0-9a-f]{64}$/);
    await card(page, number).locator("summary").click();
    assert.match(await card(page, number).locator("details").innerText(), /Read by\s+this page/);
    const isDifferent = /On another device, the fingerprint may be slightly different/.test(
      await card(page, number).innerText(),
    );
    assert.equal(isDifferent, number === 4, "only for the lossy JPEG XL image");
  }
  await screenshot(page, "what-phones-save");
});

onPage("the fingerprints equal those of the reference implementation", async (page) => {
  const expected = vectors();
  assert.ok(expected.length > 20);
  await choose(
    page,
    expected.map(({ file }) => file),
  );
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("#save-json").click(),
  ]);
  const rows = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.deepEqual(
    rows.map(({ hashes }) => hashes.pdq),
    expected.map(({ pdq }) => pdq),
  );
});

onPage(
  "one photo with and without an EXIF orientation: very likely the same picture",
  async (page) => {
    await choose(page, [image("portrait-way-up.jpg"), image("turned-by-its-camera.jpg")]);
    await card(page, 2).locator("summary").click();
    assert.match(await card(page, 2).locator("details").innerText(), /orientation 6/);
    await page.locator("#compare summary").click();
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.locator("#compare-result", { hasText: "Very likely the same picture" }).waitFor();
  },
);

onPage("a bad file does not stop the others", async (page) => {
  await choose(page, [FILES.huge, image("lake.jpg"), cutOff(), image("blots.webp")]);
  assert.deepEqual(
    await page.locator(".card").evaluateAll((cards) => cards.map((it) => it.dataset.mood)),
    ["help", "good", "help", "good"],
  );
  await screenshot(page, "several");
});

onPage("while hashing: progress and a waiting image; cancel and retry", async (page) => {
  await beginSlowly(page, "hills.jpg");
  assert.match(await card(page, 1).locator(".progress").innerText(), /\d+% read|Almost done/);
  assert.equal(await headline(page, 2), "Waiting for its turn");
  await screenshot(page, "working");
  await press(page, 1, "cancel");
  assert.equal(await headline(page, 1), "Cancelled");
  await screenshot(page, "cancelled");
  await finished(page);
  assert.equal(await headline(page, 2), "A good fingerprint", "the next image is hashed");
  await press(page, 1, "retry");
  await card(page, 1).locator("progress").waitFor();
  assert.equal(await headline(page, 1), "Making the fingerprint");
});

onPage("a file deleted before its turn: shows an error and can be retried", async (page) => {
  const going = await slow();
  await page.locator("#files").setInputFiles(await slow());
  await page.locator("#files").setInputFiles(going);
  await card(page, 2).waitFor();
  await rm(going);
  await press(page, 1, "cancel");
  await finished(page);
  assert.equal(await headline(page, 2), "The file could not be read");
  assert.equal(await card(page, 2).locator("[data-action=retry]").count(), 1);
  await screenshot(page, "went-away");
});

onPage("waiting images can be cancelled, and removed while others are hashed", async (page) => {
  await beginSlowly(page, "hills.jpg", "lake.jpg");
  await press(page, 3, "cancel");
  assert.equal(await headline(page, 3), "Cancelled");
  await press(page, 3, "remove");
  assert.equal(await page.locator(".card h3").count(), 2);
  await press(page, 1, "cancel");
  await finished(page);
  assert.equal(await headline(page, 2), "A good fingerprint");
});

onPage("pasting an image, and pasting other content", async (page) => {
  const bytes = [...image("window.png").buffer];
  await page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
    document.body.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true }),
    );
  }, bytes);
  await card(page, 1).waitFor();
  await finished(page);
  assert.equal(await headline(page, 1), "A good fingerprint");
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "words");
    document.body.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true }),
    );
  });
  await page.locator("#polite", { hasText: "no picture" }).waitFor({ state: "attached" });
});

onPage("dropping an image, also outside the zone", async (page) => {
  const bytes = [...image("lake.jpg").buffer];
  for (const [number, place] of ["#drop", "footer, main"].entries()) {
    await page.evaluate(
      ({ bytes, place }) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(
          new File([new Uint8Array(bytes)], "lake.jpg", { type: "image/jpeg" }),
        );
        const target = document.querySelector(place);
        for (const type of ["dragover", "drop"]) {
          const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
          target.dispatchEvent(event);
          if (!event.defaultPrevented) throw new Error("the browser would open the image itself");
          if (type === "dragover" && !document.querySelector("#drop[data-over]"))
            throw new Error("the zone does not show it");
        }
      },
      { bytes, place },
    );
    await card(page, number + 1).waitFor();
  }
  await finished(page);
  assert.equal(await hash(page, 1), await hash(page, 2));
  assert.equal(await page.locator("#drop[data-over]").count(), 0);
});

onPage("copy: the hash without the displayed gaps", async (page, context) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await choose(page, image("hills.jpg"));
  await press(page, 1, "copy");
  await card(page, 1).getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await hash(page, 1));
});

onPage("copy if the browser forbids it: the hash is selected", async (page) => {
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
  });
  await choose(page, image("hills.jpg"));
  await press(page, 1, "copy");
  await card(page, 1).getByRole("button", { name: "Selected" }).waitFor();
  assert.equal(
    await page.evaluate(() => getSelection().toString().replace(/\s/g, "")),
    await hash(page, 1),
  );
});

onPage(
  "saving: neutral names, the values of the page, file names only if they are shown",
  async (page) => {
    await choose(page, [image("hills.jpg"), FILES.video, cutOff()]);
    const save = async (id) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator(id).click(),
      ]);
      return {
        name: download.suggestedFilename(),
        content: await readFile(await download.path(), "utf8"),
      };
    };
    const json = await save("#save-json");
    assert.equal(json.name, "list.json");
    const rows = JSON.parse(json.content);
    assert.deepEqual(
      rows.map(({ path }) => path),
      ["Picture 1", "Picture 2"],
      "what failed has nothing to save",
    );
    assert.equal(rows[0].hashes.pdq.hex, await hash(page, 1));
    assert.doesNotMatch(json.content, /hills|clip/);

    const csv = await save("#save-csv");
    assert.equal(csv.name, "list.csv");
    const [header, first, second, ...rest] = csv.content
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    assert.equal(first[header.indexOf("pdq")], await hash(page, 1));
    assert.equal(second[header.indexOf("warnings")], "unsupported-video");
    assert.deepEqual(rest, []);
    assert.ok([first, second].every((row) => row.length === header.length));

    await page.getByLabel("Show file names").check();
    assert.match(await card(page, 1).innerText(), /hills\.jpg/);
    assert.match((await save("#save-csv")).content, /hills\.jpg/);
  },
);

onPage(
  "common edits: 16 fingerprints by default, all of them shown, copied and saved",
  async (page, context) => {
    const box = page.getByRole("checkbox", {
      name: "Also recognise common edits: 16 fingerprints instead of one",
    });
    assert.equal(await box.isChecked(), true);
    const about = await page.locator(`#${await box.getAttribute("aria-describedby")}`).innerText();
    assert.match(
      about,
      /^Copies that were cut, mirrored.*tell a little more than one[^.]*\.$/,
      "one sentence",
    );
    await choose(page, image("hills.jpg"));
    await box.uncheck();
    await choose(page, image("lake.jpg"));
    const shown = await Promise.all([1, 2].map((number) => card(page, number).innerText()));
    assert.match(shown[0], /and \d+ more, of common edits/);
    assert.doesNotMatch(shown[1], /common edits/);
    assert.equal(await card(page, 2).locator("[data-action=copy-all]").count(), 0);

    const [json] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("#save-json").click(),
    ]);
    const [{ variants, hashes }, bare] = JSON.parse(await readFile(await json.path(), "utf8"));
    assert.equal(variants.set, "standard");
    assert.ok(
      variants.hashes.length + variants.skipped.length >= 16 && variants.hashes.length > 10,
    );
    assert.deepEqual(
      [variants.hashes[0].variant, variants.hashes[0].hex],
      ["original", hashes.pdq.hex],
    );
    assert.equal("variants" in bare, false);
    const [csv] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("#save-csv").click(),
    ]);
    const [header, ...rows] = (await readFile(await csv.path(), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    const saved = (name) => rows.map((row) => row[header.indexOf(name)]);
    const joined = (member) => variants.hashes.map((hash) => hash[member]).join(" ");
    assert.deepEqual(saved("variants"), [joined("variant"), ""]);
    assert.deepEqual(saved("variants_pdq"), [joined("hex"), ""]);
    assert.deepEqual(saved("variants_quality"), [joined("quality"), ""]);

    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await press(page, 1, "copy-all");
    await card(page, 1).getByRole("button", { name: "Copied" }).waitFor();
    const lines = variants.hashes.map(({ hex }) => hex);
    assert.deepEqual(
      (await page.evaluate(() => navigator.clipboard.readText())).split("\n"),
      lines,
    );
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
    });
    await press(page, 1, "copy-all");
    await card(page, 1).getByRole("button", { name: "Selected" }).waitFor();
    const selected = await page.evaluate(() => getSelection().toString());
    for (const { variant, hex } of variants.hashes)
      assert.ok(selected.includes(variant) && selected.includes(hex), variant);
    await screenshot(page, "common-edits");

    // The fingerprint of a mirrored copy matches a variant, not the original.
    await page.locator("#compare summary").click();
    await page.locator("#compare-two").selectOption({ label: "A fingerprint from elsewhere" });
    await page
      .locator("#compare-two-text")
      .fill(variants.hashes.find(({ variant }) => variant === "mirror").hex);
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page
      .locator("#compare-result", {
        hasText: /Very likely the same picture.*0 of 256.*common edit \(mirror\)/s,
      })
      .waitFor();
  },
);

onPage("a saved name that starts like a formula is escaped", async (page) => {
  await choose(page, { ...FILES.plain, name: '=1+1,"x".png' });
  await page.getByLabel("Show file names").check();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("#save-csv").click(),
  ]);
  assert.match(await readFile(await download.path(), "utf8"), /\n"'=1\+1,""x""\.png",/);
});

onPage(
  "preview: blurred, clear only while pressed, closed when the tab is left",
  async (page) => {
    await choose(page, image("hills.jpg"));
    await press(page, 1, "look");
    const hold = page.locator(".hold");
    const width = () => page.locator(".hold canvas").evaluate((canvas) => canvas.width);
    await hold.scrollIntoViewIfNeeded();
    assert.ok((await width()) <= 10, "blurred at first");
    await screenshot(page, "look-blurred");
    await hold.hover();
    await page.mouse.down();
    assert.ok((await width()) > 100, "clear while pressed");
    await page.mouse.up();
    assert.ok((await width()) <= 10, "blurred again");
    await hold.focus();
    for (const key of ["Space", "Enter"]) {
      await page.keyboard.down(key);
      assert.ok((await width()) > 100, `clear while ${key} is held`);
      await page.keyboard.up(key);
      assert.ok((await width()) <= 10);
    }
    await page.keyboard.down("Space");
    await page.keyboard.press("Tab");
    assert.ok((await width()) <= 10, "blurred when the focus goes");
    await page.keyboard.up("Space");
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    assert.equal(await hold.count(), 0, "the preview is closed");
    await card(page, 1).getByRole("button", { name: "Look at it" }).waitFor();
  },
);

onPage("comparing: equal, different, and a pasted fingerprint", async (page) => {
  await choose(page, [image("hills.jpg"), image("lake.jpg")]);
  await page.locator("#compare summary").click();
  // The previous result stays until the next one is shown.
  const compareAs = async (/** @type {RegExp} */ expected) => {
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page
      .locator("#compare-result")
      .filter({ has: page.locator(".headline"), hasText: expected })
      .waitFor();
  };
  await compareAs(/Not a match\s*\d+ of 256 parts differ/);
  await screenshot(page, "compare-different");
  await page.locator("#compare-two").selectOption({ label: "Picture 1" });
  await compareAs(/The same fingerprint\s*0 of 256/);
  await page.locator("#compare-two").selectOption({ label: "A fingerprint from elsewhere" });
  const first = await hash(page, 1);
  // Flip three bits.
  const near = ((parseInt(first[0], 16) ^ 7).toString(16) + first.slice(1)).toUpperCase();
  await page.locator("#compare-two-text").fill(` ${near} `);
  await compareAs(/Very likely the same picture\s*3 of 256/);
  await screenshot(page, "compare-match");
  await page.locator("#compare-two-text").fill("not one");
  await compareAs(/This is not a fingerprint/);
  await screenshot(page, "compare-not-one");
});

onPage("clear everything: no data remains on the page", async (page) => {
  await choose(page, [image("hills.jpg"), image("lake.jpg")]);
  const first = await hash(page, 1);
  await page.getByRole("button", { name: "Clear everything" }).click();
  assert.equal(await page.locator("#results").isVisible(), false);
  assert.ok(!(await page.content()).includes(first));
  assert.equal(await page.locator("#files").evaluate((input) => input.files.length), 0);
  assert.deepEqual(await page.locator("#compare-one option").allTextContents(), [
    "A fingerprint from elsewhere",
  ]);
  await choose(page, image("lake.jpg"));
  assert.equal(await headline(page, 1), "A good fingerprint", "and it works again from the start");
});

onPage("clearing while images are hashed", async (page) => {
  await beginSlowly(page, "hills.jpg");
  await page.getByRole("button", { name: "Clear everything" }).click();
  await choose(page, image("lake.jpg"));
  assert.equal(await page.locator(".card h3").count(), 1);
  assert.equal(await headline(page, 1), "A good fingerprint");
});

onPage("the page is empty after returning by the history", async (page) => {
  await choose(page, image("hills.jpg"));
  await page.evaluate(() =>
    window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })),
  );
  assert.equal(await page.locator(".card h3").count(), 0);
});

test("nothing can be chosen before the page is complete", { timeout: 60_000 }, async () => {
  let arrive;
  const held = new Promise((resolve) => (arrive = resolve));
  const prepare = (context) =>
    context.route("**/embedded-*.js", async (route) => {
      await held;
      await route.continue();
    });
  const { page, context } = await site.open({ prepare, until: "loading" });
  const button = page.getByRole("button", { name: "Choose pictures" });
  assert.equal(await button.isDisabled(), true);
  assert.match(await page.locator("#requests").innerText(), /Getting ready/);
  await screenshot(page, "loading");
  arrive();
  await page.locator("#requests[data-state=ready]").waitFor();
  assert.equal(await button.isEnabled(), true);
  await choose(page, image("hills.jpg"));
  assert.match(await page.locator("#requests").innerText(), /0 requests/);
  await context.close();
});

test("a page that could not be loaded shows an error", { timeout: 60_000 }, async () => {
  const prepare = (context) => context.route("**/embedded-*.js", (route) => route.abort());
  const { page, context } = await site.open({ prepare, until: "failed" });
  assert.match(
    await page.locator("#requests").innerText(),
    /did not load completely\s+Please check your connection/,
  );
  assert.equal(await page.getByRole("button", { name: "Choose pictures" }).isDisabled(), true);
  await screenshot(page, "not-loaded");
  await context.close();
});
