/** Nothing leaves the device, nothing is kept on it, and the exit is quick. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  ELSEWHERE,
  FILES,
  card,
  choose,
  cutOff,
  finished,
  image,
  loadLanguages,
  openSite,
  screenshot,
  slow,
  still,
  video,
} from "./site.mjs";

let site;
before(async () => (site = await openSite()));
after(() => site?.close());

function onPage(name, work, options) {
  test(name, { timeout: 60_000 }, async () => {
    const opened = await site.open(options);
    try {
      await work(opened);
    } finally {
      await opened.context.close();
    }
  });
}

/** Uses all functions of the page. */
async function useEverything(page) {
  await choose(page, [
    image("hills.jpg"),
    image("window.png"),
    image("blots.webp"),
    image("chessboard.gif"),
    still("420.heic"),
    still("422.avif"),
    still("lossy.jxl"),
  ]);
  await choose(page, [
    FILES.note,
    FILES.otherInside,
    FILES.plain,
    cutOff(),
    ...["h264.mkv", "hevc.mov", "vp9.webm", "vp8.webm", "av1.mp4"].map(video),
    FILES.otherVideo,
    FILES.playedVideo,
  ]);
  await card(page, 1).locator("[data-action=look]").click();
  await page.locator(".hold").waitFor();
  await page.getByLabel("Show file names").check();
  await page.locator("#compare summary").click();
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await page.locator("#compare-result .headline").waitFor();
  await page.locator("#language").selectOption("es");
  await page.locator("#language").selectOption("en");
}

onPage(
  "no request is made once the page is ready, according to the record of the browser",
  async ({ page, requests }) => {
    assert.ok(
      requests.length > 0 &&
        requests.every((url) => url.replace("blob:", "").startsWith(site.address)),
      requests.join(),
    );
    await loadLanguages(page, ["es"]);
    const before = requests.length;
    await useEverything(page);
    assert.deepEqual(
      requests.slice(before).filter((url) => !url.startsWith("blob:")),
      [],
    );
    assert.equal(
      await page.locator("#requests-count").innerText(),
      "0 requests since you chose a file",
    );
  },
);

onPage("all functions work without a network", async ({ page, context, problems }) => {
  await loadLanguages(page, ["es"]);
  await context.setOffline(true);
  await useEverything(page);
  assert.match(await card(page, 1).locator(".hash").textContent(), /^[0-9a-f]{64}$/);
  assert.deepEqual(problems, []);
  await screenshot(page, "offline");
});

onPage(
  "the page cannot send: every API for requests is blocked and counted",
  async ({ page }) => {
    await choose(page, image("hills.jpg"));
    const target = `${site.address}index.html`;
    const outcome = await page.evaluate(async (target) => {
      const tries = {
        fetch: () => fetch(target),
        image: () =>
          new Promise((resolve, reject) => {
            const image = new Image();
            image.addEventListener("load", resolve);
            image.addEventListener("error", () => reject(new Error("stopped")));
            image.src = target;
          }),
        request: () =>
          new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.addEventListener("load", resolve);
            request.addEventListener("error", () => reject(new Error("stopped")));
            request.open("GET", target);
            request.send();
          }),
        socket: () =>
          new Promise((resolve, reject) => {
            const socket = new WebSocket(target.replace("http", "ws"));
            socket.addEventListener("open", resolve);
            socket.addEventListener("error", () => reject(new Error("stopped")));
          }),
        worker: () =>
          new Promise((resolve, reject) => {
            const script = "fetch(new URL(name)).then(() => postMessage(1), () => postMessage(0))";
            const worker = new Worker(URL.createObjectURL(new Blob([script])), { name: target });
            worker.addEventListener("message", ({ data }) =>
              data ? resolve() : reject(new Error("stopped")),
            );
          }),
        code: async () => new Function("return 1")(),
      };
      const outcome = {};
      for (const [name, attempt] of Object.entries(tries)) {
        outcome[name] = await attempt().then(
          () => "went through",
          () => "stopped",
        );
      }
      // Returns true even if the policy blocks it later.
      navigator.sendBeacon(target, "x");
      return outcome;
    }, target);
    for (const [name, end] of Object.entries(outcome)) assert.equal(end, "stopped", name);
    await page.waitForFunction(() =>
      /\d+ attempts to reach the internet were stopped/.test(
        document.querySelector("#requests").innerText,
      ),
    );
    assert.equal(
      await page.locator("#requests-count").innerText(),
      "0 requests since you chose a file",
    );
    await screenshot(page, "stopped");
  },
);

onPage("a request is counted and shown", async ({ page, context }) => {
  await choose(page, image("hills.jpg"));
  // The policy allows only scripts and styles of the page's own origin.
  await page.evaluate(async () => {
    const script = document.createElement("script");
    script.src = document.querySelector("script[src]").src + "?again";
    script.type = "text/plain; not run";
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = `${document.querySelector("link[rel=stylesheet]").href}?again`;
    const done = new Promise((resolve) => style.addEventListener("load", resolve));
    document.head.append(style);
    await done;
  });
  await page.locator("#requests[data-state=some]").waitFor();
  assert.match(
    await page.locator("#requests").innerText(),
    /1 request since you chose a file\s+This should be 0/,
  );
  await page.locator("#now", { hasText: "should be 0" }).waitFor({ state: "attached" });
  await screenshot(page, "a-request");
  await context.close();
});

onPage(
  "nothing is stored, and the title and the address are neutral",
  async ({ page, context }) => {
    await loadLanguages(page, ["es"]);
    const [title, address] = [await page.title(), page.url()];
    await useEverything(page);
    const stored = await page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      cookies: document.cookie,
      state: history.state,
      entries: history.length,
      name: window.name,
    }));
    assert.deepEqual(stored, {
      local: 0,
      session: 0,
      databases: 0,
      caches: 0,
      workers: 0,
      cookies: "",
      state: null,
      entries: stored.entries,
      name: "",
    });
    assert.ok(stored.entries <= 2, "the page adds no history entry");
    assert.deepEqual(await context.cookies(), []);
    assert.deepEqual([await page.title(), page.url()], [title, address]);
    assert.equal(title, "Pictures");
  },
);

onPage("external links show their target and send no referrer", async ({ page }) => {
  const links = await page
    .locator("main a")
    .evaluateAll((links) =>
      links.map(({ rel, target, innerText }) => ({ rel, target, innerText })),
    );
  assert.equal(links.length, 2);
  for (const { rel, target, innerText } of links) {
    assert.deepEqual({ rel, target }, { rel: "noreferrer noopener", target: "_blank" });
    assert.match(innerText, /another website/);
  }
  assert.equal(await page.locator("meta[name=referrer]").getAttribute("content"), "no-referrer");
});

/** Answers the exit's address late, and records the page meanwhile. */
async function watchExit(page, context) {
  const seen = {};
  // The page reports by itself: during navigation the browser does not answer the driver.
  page.on("console", (message) => {
    if (message.text().startsWith("seen ")) seen.page = JSON.parse(message.text().slice(5));
  });
  await page.evaluate(() => {
    const look = () => ({
      text: document.body.innerText,
      elements: document.body.childElementCount,
      hidden: document.documentElement.hidden,
      title: document.title,
    });
    setInterval(() => console.info(`seen ${JSON.stringify(look())}`), 50);
  });
  await context.route(`${ELSEWHERE}**`, async (route) => {
    seen.referrer = route.request().headers().referer;
    await new Promise((later) => setTimeout(later, 500));
    await route.fulfill({ contentType: "text/html", body: "<title>Weather</title>" });
  });
  return seen;
}

const BLANK = { referrer: undefined, page: { text: "", elements: 0, hidden: true, title: "" } };

onPage(
  "leaving by the button: blank first, then another page, and no way back",
  async ({ page, context, problems }) => {
    const seen = await watchExit(page, context);
    await choose(page, image("hills.jpg"));
    await page.locator("#files").setInputFiles(await slow());
    const entries = await page.evaluate(() => history.length);
    await page.getByRole("link", { name: "Leave this page" }).click();
    await page.waitForURL(ELSEWHERE);
    assert.deepEqual(seen, BLANK);
    assert.equal(
      await page.evaluate(() => history.length),
      entries,
      "the page was replaced in the history",
    );
    assert.deepEqual(problems, []);
  },
);

onPage("leaving by Shift three times, which is announced", async ({ page, context }) => {
  const seen = await watchExit(page, context);
  await choose(page, image("hills.jpg"));
  const presses = () => page.locator("#exit").getAttribute("data-presses");
  await page.keyboard.press("Shift");
  await page.locator("#now", { hasText: "2 more times" }).waitFor({ state: "attached" });
  assert.equal(await presses(), "1");
  await page.keyboard.press("Shift");
  await page.locator("#now", { hasText: "1 more time" }).waitFor({ state: "attached" });
  await screenshot(page, "exit-two-presses");
  await page.keyboard.press("Shift");
  await page.waitForURL(ELSEWHERE);
  assert.deepEqual(seen, BLANK);
});

onPage(
  "no exit by Escape, capital letters, Shift and Tab, or three slow presses",
  async ({ page }) => {
    await page.locator("#compare summary").click();
    await page.locator("#compare-one-text").fill("");
    for (const key of [
      "Escape",
      "Escape",
      "Escape",
      "Shift+A",
      "Shift+B",
      "Shift+C",
      "Shift+Tab",
      "Shift+Tab",
      "Shift+Tab",
    ]) {
      await page.keyboard.press(key);
    }
    await page.keyboard.press("Shift");
    await page.keyboard.press("x");
    await page.keyboard.press("Shift");
    await page.keyboard.press("Shift");
    assert.equal(page.url(), site.address);
    await page
      .locator("#now", { hasText: "still on this page" })
      .waitFor({ state: "attached", timeout: 8000 });
    await page.keyboard.press("Shift");
    await page.waitForTimeout(300);
    assert.equal(page.url(), site.address);
    assert.equal(await page.locator("#exit").getAttribute("data-presses"), "1");
  },
);

onPage("leaving without a network blanks the page", async ({ page, context }) => {
  await choose(page, image("hills.jpg"));
  const hash = await card(page, 1).locator(".hash").textContent();
  await context.setOffline(true);
  await page.getByRole("link", { name: "Leave this page" }).click();
  await page.waitForTimeout(500);
  assert.ok(!(await page.content()).includes(hash));
});
