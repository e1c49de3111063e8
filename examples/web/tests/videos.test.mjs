/** Videos, alone and together with images. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { KNOWN_VIDEOS, linesOf } from "./known.mjs";
import {
  FILES,
  card,
  choose,
  cutVideo,
  finished,
  image,
  longReadableVideo,
  longVideo,
  openSite,
  screenshot,
  video,
} from "./site.mjs";

let site;
before(async () => (site = await openSite()));
after(() => site?.close());

/** A test with its own page, in which the browser must report no problem. */
function onPage(name, work, options) {
  test(name, { timeout: 120_000 }, async () => {
    const { page, context, problems } = await site.open({ prepare: countAddresses, ...options });
    try {
      await work(page, context);
      assert.deepEqual(problems, []);
    } finally {
      await context.close();
    }
  });
}

/** Records the addresses that the page gives to data, until it withdraws them. */
const countAddresses = (context) =>
  context.addInitScript(() => {
    const { createObjectURL, revokeObjectURL } = URL;
    window.addresses = new Map();
    URL.createObjectURL = (data) => {
      const address = createObjectURL.call(URL, data);
      window.addresses.set(address, data instanceof File ? data.name : data.type);
      return address;
    };
    URL.revokeObjectURL = (address) => {
      window.addresses.delete(address);
      revokeObjectURL.call(URL, address);
    };
  });

/** The worker ends a moment after the last file, and its address with it. */
const noAddressIsLeft = (page) =>
  page.waitForFunction(
    () => ![...window.addresses.values()].some((type) => type !== "application/json"),
  );
const headline = (page, number) => card(page, number).locator(".headline").innerText();
const press = (page, number, action) =>
  card(page, number).locator(`[data-action=${action}]`).click();
const code = (page, number) => card(page, number).locator(".hash").textContent();
const md5 = ({ buffer }) => createHash("md5").update(buffer).digest("hex");

async function save(page, id) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(id).click()]);
  return readFile(await download.path(), "utf8");
}

const saveJson = async (page) => JSON.parse(await save(page, "#save-json"));

async function compare(page, one, two) {
  const compared = page.locator("#compare");
  if ((await compared.getAttribute("open")) === null) await compared.locator("summary").click();
  await page.locator("#compare-one").selectOption({ label: one });
  await page.locator("#compare-two").selectOption({ label: two });
  await page.evaluate(() => document.querySelector("#compare-result").replaceChildren());
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await page.locator("#compare-result .headline").waitFor();
  return page.locator("#compare-result").innerText();
}

onPage(
  "without a network, a video of each codec has the known fingerprint",
  async (page, context) => {
    await context.setOffline(true);
    const files = Object.keys(KNOWN_VIDEOS).map(video);
    await choose(page, files);
    for (const [at, file] of files.entries()) {
      assert.equal(
        await headline(page, at + 1),
        "A fingerprint of the video and of 2 moments in it",
        file.name,
      );
      assert.equal(await code(page, at + 1), md5(file), file.name);
    }
    assert.match(await page.locator("#requests").innerText(), /0 requests since you chose a file/);
    const rows = await saveJson(page);
    for (const [at, { path, video, digests, warnings, error, decoder }] of rows.entries()) {
      const { name } = files[at];
      assert.deepEqual(linesOf({ video }), KNOWN_VIDEOS[name], name);
      assert.equal(path, `Video ${at + 1}`);
      assert.deepEqual(Object.keys(digests), ["md5", "sha256", "blake3"], name);
      assert.deepEqual([warnings, error, decoder?.name], [[], undefined, "ownprint"], name);
    }
    const compared = await compare(page, "Video 3", "Video 3");
    assert.match(compared, /Very likely the same video\s+First: 2 of 2 moments/);
    assert.match(await page.locator("#requests").innerText(), /0 requests since you chose a file/);
    await screenshot(page, "videos");
  },
);

onPage("a video: nothing moves, and the details are folded", async (page) => {
  await choose(page, video("hevc.mov"));
  assert.equal(await page.locator("main :is(img, canvas, video)").count(), 0);
  assert.equal(await card(page, 1).locator("[data-action=look]").count(), 0);
  assert.doesNotMatch(await page.locator("body").innerText(), /hevc/);
  assert.match(await card(page, 1).innerText(), /and the fingerprints of 2 moments in it \(vPDQ\)/);
  const [details, moments] = await card(page, 1).locator("details").all();
  assert.equal(await details.getAttribute("open"), null);
  await details.locator("summary").first().click();
  const shown = await details.innerText();
  for (const expected of [
    /Kind of video\s+MOV, HEVC/,
    /98 × 66 pixels/,
    /Length\s+0:02\.0/,
    /Frames per second\s+12/,
    /Frames\s+24/,
    /Read by\s+this page/,
    /SHA-256\s+[0-9a-f]{64}/,
  ]) {
    assert.match(shown, expected);
  }
  assert.equal(await page.getByRole("table").count(), 0);
  await moments.locator("summary").click();
  assert.deepEqual(await page.getByRole("columnheader").allInnerTexts(), [
    "Time",
    "Quality",
    "Fingerprint (PDQ)",
  ]);
  // The rows are made by the event of opening, which follows the click.
  const rows = page.getByRole("row");
  await rows.nth(2).waitFor();
  assert.equal(await rows.count(), 3);
  const [, , known] = KNOWN_VIDEOS["hevc.mov"][1].split(",");
  const cells = await rows.nth(2).locator("th, td").allInnerTexts();
  assert.deepEqual(cells, ["0:01.0", "100", known]);
  // Keyboards scroll it.
  await moments.locator("summary").focus();
  await page.keyboard.press("Tab");
  assert.equal(
    await page.evaluate(() => document.activeElement.getAttribute("aria-label")),
    "2 moments",
  );
  await page.getByLabel("Show file names").check();
  assert.match(await card(page, 1).innerText(), /hevc\.mov/);
  assert.equal(await page.getByRole("table").count(), 1, "it stays open");
  assert.equal(await rows.count(), 3);
  await screenshot(page, "video-details");
});

onPage("copying: the MD5, and the moments in vPDQ's lines", async (page, context) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const file = video("vp9.webm");
  await choose(page, file);
  const copied = async (name) => {
    await card(page, 1).getByRole("button", { name }).click();
    await card(page, 1).getByRole("button", { name: "Copied" }).first().waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  assert.equal(await copied("Copy MD5"), md5(file));
  await card(page, 1).getByRole("button", { name: "Copy MD5" }).waitFor();
  const lines = await copied("Copy all 2 moments (vPDQ)");
  assert.deepEqual(lines.split("\n"), KNOWN_VIDEOS["vp9.webm"]);
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
  });
  await card(page, 1).getByRole("button", { name: "Copy all 2 moments (vPDQ)" }).click();
  await card(page, 1).getByRole("button", { name: "Selected" }).waitFor();
  const selected = await page.evaluate(() => getSelection().toString());
  for (const line of KNOWN_VIDEOS["vp9.webm"]) assert.ok(selected.includes(line.split(",")[2]));
});

onPage("pictures and videos in one batch; the content counts, not the name", async (page) => {
  const [hevc, hills] = [video("hevc.mov"), image("hills.jpg")];
  await choose(page, [
    hills,
    hevc,
    FILES.note,
    { ...hevc, name: "IMG_1.jpg", mimeType: "image/jpeg" },
    { ...hills, name: "clip.mp4", mimeType: "video/mp4" },
    { ...video("vp8.webm"), name: "clip", mimeType: "" },
    { ...FILES.note, name: "broken.mov", mimeType: "video/quicktime" },
  ]);
  const titles = await page.locator(".card h3").allInnerTexts();
  assert.deepEqual(titles, [
    "Picture 1",
    "Video 2",
    "Picture 3",
    "Video 4",
    "Picture 5",
    "Video 6",
    "Video 7",
  ]);
  const moods = page.locator(".card").evaluateAll((cards) => cards.map((it) => it.dataset.mood));
  assert.deepEqual(await moods, ["good", "good", "help", "good", "good", "good", "help"]);
  assert.equal(await code(page, 4), md5(hevc));
  assert.equal(await code(page, 5), await code(page, 1));
  const [header, ...rows] = (await save(page, "#save-csv"))
    .trimEnd()
    .split("\n")
    .map((line) => line.match(/"(?:[^"]|"")*"|[^,]+|(?<=,|^)(?=,|$)/g));
  assert.ok(rows.every((row) => row.length === header.length));
  const column = (name) => rows.map((row) => row[header.indexOf(name)].replaceAll('"', ""));
  const known = [
    "mov hevc 98x66 24 12/1",
    KNOWN_VIDEOS["hevc.mov"].map((line) => line.replace(/\.000$/, "")).join(" "),
  ];
  assert.deepEqual([column("video")[1], column("vpdq")[1]], known);
  assert.deepEqual([column("video")[0], column("vpdq")[0]], ["", ""]);
  assert.equal(column("md5")[1], md5(hevc));
  await screenshot(page, "mixed");
});

onPage("a video that cannot be read: the MD5, and advice without a website", async (page) => {
  await choose(page, FILES.otherVideo);
  assert.equal(await headline(page, 1), "This kind of video cannot be read here");
  assert.equal(await code(page, 1), md5(FILES.otherVideo));
  assert.match(await card(page, 1).innerText(), /MP4 with H\.264[\s\S]*do not use a website/);
  const [{ video, digests, error }] = await saveJson(page);
  assert.equal(video, undefined);
  assert.equal(digests.md5, md5(FILES.otherVideo));
  assert.equal(error.code, "unsupported-video");
  await noAddressIsLeft(page);
  await screenshot(page, "video-unsupported");
});

onPage("a video that only the browser can read: marked as not exact", async (page) => {
  await choose(page, FILES.playedVideo);
  assert.equal(await headline(page, 1), "A fingerprint of the video and of 3 moments in it");
  const shown = await card(page, 1).innerText();
  assert.match(shown, /your browser read it/);
  assert.match(shown, /On another device, the fingerprint may be slightly different/);
  assert.equal(await page.locator("video").count(), 0);
  await noAddressIsLeft(page);
  const [{ decoder, deterministic }] = await saveJson(page);
  assert.deepEqual([decoder, deterministic], [{ name: "platform" }, false]);
  const csv = await save(page, "#save-csv");
  assert.doesNotMatch(csv, /undefined/);
  await screenshot(page, "video-played");
});

onPage("clearing while the browser plays a video: its address is withdrawn", async (page) => {
  await page.evaluate(() => {
    window.played = 0;
    const { createObjectURL } = URL;
    URL.createObjectURL = (data) => {
      window.played += data instanceof File;
      return createObjectURL(data);
    };
  });
  await page.locator("#files").setInputFiles(FILES.playedVideo);
  await page.waitForFunction(() => window.played > 0);
  await page.getByRole("button", { name: "Clear everything" }).click();
  assert.equal(await page.locator(".card").count(), 0);
  await noAddressIsLeft(page);
});

onPage("a damaged video: the MD5, then one attempt at the rest", async (page) => {
  const file = cutVideo();
  await choose(page, [file, video("vp9.webm")]);
  assert.equal(await headline(page, 1), "This video is damaged");
  assert.equal(await code(page, 1), md5(file));
  await press(page, 1, "retry");
  await finished(page);
  assert.equal(await headline(page, 1), "A fingerprint of what is left");
  assert.equal(await card(page, 1).locator("[data-action=retry]").count(), 0);
  await screenshot(page, "video-damaged-anyway");
});

onPage("a video of more than 512 MiB: read in pieces", async (page) => {
  await choose(page, await longReadableVideo());
  assert.equal(await headline(page, 1), "A fingerprint of the video and of 2 moments in it");
  assert.match(await code(page, 1), /^[0-9a-f]{32}$/);
  const [{ video: found }] = await saveJson(page);
  assert.deepEqual(linesOf({ video: found }), KNOWN_VIDEOS["hevc.mov"]);
});

onPage("while a video is read: progress, and cancelling works at once", async (page) => {
  await page.locator("#files").setInputFiles(await longVideo());
  await card(page, 1).locator("progress").waitFor();
  await page.locator("#files").setInputFiles(video("vp9.webm"));
  await page.waitForFunction(() => /[1-9]\d*% read/.test(document.body.innerText));
  await screenshot(page, "video-working");
  await press(page, 1, "cancel");
  assert.equal(await headline(page, 1), "Cancelled");
  await finished(page);
  assert.equal(await headline(page, 2), "A fingerprint of the video and of 2 moments in it");
});

onPage("comparing videos: the same, a part, others, and a picture", async (page) => {
  await choose(page, [
    video("hevc.mov"),
    { ...video("hevc.mov"), name: "copy.mov" },
    cutVideo(),
    video("vp9.webm"),
    video("h264.mkv"),
    image("hills.jpg"),
  ]);
  await press(page, 3, "retry");
  await finished(page);
  const same = await compare(page, "Video 1", "Video 2");
  assert.match(same, /Very likely the same video\s+First: 2 of 2 moments are also in the second/);
  await screenshot(page, "compare-videos");
  const part = await compare(page, "Video 3", "Video 4");
  assert.match(part, /(one is a part of the other|the same video)/);
  assert.match(await compare(page, "Video 1", "Video 5"), /Not a match[\s\S]*0 of 2 moments/);
  const mixed = /A picture and a video cannot be compared\s+Choose two pictures, or two videos/;
  assert.match(await compare(page, "Video 1", "Picture 6"), mixed);
  assert.match(await compare(page, "A picture’s fingerprint from elsewhere", "Video 1"), mixed);
});

test("pictures do not wait for the part for videos", { timeout: 60_000 }, async () => {
  let arrive;
  const held = new Promise((resolve) => (arrive = resolve));
  const prepare = (context) =>
    context.route("**/embedded-video*.js", async (route) => {
      await held;
      await route.continue();
    });
  const { page, context } = await site.open({ prepare, until: "pictures" });
  const panel = page.locator("#requests");
  assert.match(await panel.innerText(), /Ready for pictures\s+The part for videos is still/);
  await screenshot(page, "pictures-first");
  await choose(page, image("hills.jpg"));
  assert.equal(await headline(page, 1), "A good fingerprint");
  assert.match(await panel.innerText(), /0 requests[\s\S]*Please stay connected/);
  await page.locator("#files").setInputFiles([video("hevc.mov"), video("vp9.webm")]);
  await card(page, 2).locator("progress").waitFor();
  await press(page, 2, "cancel");
  assert.equal(await headline(page, 2), "Cancelled", "also while it waits for the network");
  arrive();
  await finished(page);
  assert.equal(await headline(page, 3), "A fingerprint of the video and of 2 moments in it");
  await page.locator("#requests", { hasText: "You can turn off the internet" }).waitFor();
  assert.match(await panel.innerText(), /0 requests/);
  await context.close();
});

test("without the part for videos, pictures work", { timeout: 60_000 }, async () => {
  const prepare = (context) => context.route("**/embedded-video*.js", (route) => route.abort());
  const { page, context } = await site.open({ prepare, until: "no-videos" });
  assert.match(await page.locator("#requests").innerText(), /Ready for pictures, but not for/);
  await choose(page, [
    image("hills.jpg"),
    video("hevc.mov"),
    { ...image("lake.jpg"), name: "lake", mimeType: "" },
  ]);
  assert.equal(await headline(page, 1), "A good fingerprint");
  assert.equal(await headline(page, 2), "This page did not load completely");
  assert.equal(await headline(page, 3), "A good fingerprint");
  await screenshot(page, "no-videos");
  await context.close();
});
