/** `<ownprint-chooser>` in the pages of others: strict policy, hostile styles, events, access. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { inBrowsers } from "../../../bindings/wasm/tests/support/browsers.mjs";
import { startServer } from "./server/server.mjs";
import {
  FILES,
  accessibilityProblems,
  image,
  openSite,
  screenshot,
  serveSite,
  video,
} from "./site.mjs";

/** Everything that a page around can say about elements it does not know. */
const HOSTILE = `
  html { font-size: 62.5%; direction: rtl; }
  body, body * {
    font: italic 9px cursive !important; color: #fcfcfc !important; letter-spacing: 1em !important;
    text-transform: uppercase !important; line-height: 0.5 !important; visibility: hidden;
    cursor: none !important; text-align: right !important; white-space: nowrap !important;
  }
  * { display: block !important; padding: 40px !important; border: 9px solid red !important; }
  button, input, p, h2 { opacity: 0 !important; width: 3px !important; position: fixed !important; }
  body, ownprint-chooser { visibility: visible !important; padding: 0 !important; }
`;
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src blob:; " +
  "media-src blob:; img-src data:; base-uri 'none'; form-action 'none'";

const host = (attributes, { style = "host", lang = "en" } = {}) => `<!doctype html>
  <html lang="${lang}"><head><meta charset="utf-8"><title>Host</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="icon" href="data:,"><link rel="stylesheet" href="/${style}.css">
  <script type="module" src="/sub/folder/ownprint-chooser.js"></script></head>
  <body><main><h1>Host</h1><ownprint-chooser ${attributes}></ownprint-chooser></main>
  </body></html>`;

/** The folder may be anywhere: here it is /sub/folder/ of the host's site. */
const pages = {
  "/plain.html": [{ "content-security-policy": POLICY }, host("")],
  "/hostile.html": [{ "content-security-policy": POLICY }, host("", { style: "hostile" })],
  "/arabic.html": [
    { "content-security-policy": POLICY },
    host('endpoint="memory:"', { lang: "ar" }),
  ],
  "/wrong.html": [{ "content-security-policy": POLICY }, host('endpoint="http://x.example"')],
  "/host.css": [{ "content-type": "text/css" }, ""],
  "/hostile.css": [{ "content-type": "text/css" }, HOSTILE],
};

let site;
before(async () => {
  site = await openSite({ pages, folder: "/sub/folder/" });
});
after(() => site?.close());

async function open(path, options = {}) {
  const context = await site.browser.newContext({
    // Colors that change slowly would be compared halfway.
    reducedMotion: "reduce",
    viewport: { width: 1000, height: 800 },
    ...options,
  });
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  await page.goto(new URL(path, site.address).href);
  await page.locator("ownprint-chooser #choose:enabled").waitFor({ state: "attached" });
  return { page, context, problems };
}

async function choose(page, files) {
  await page.locator("ownprint-chooser input[type=file]").setInputFiles(files);
  await page.waitForFunction(() => {
    const root = document.querySelector("ownprint-chooser").shadowRoot;
    const all = [...root.querySelectorAll(".cards > .card")];
    return all.length > 0 && all.every(({ dataset }) => !/wait|work/.test(dataset.state));
  });
}

test("hashes of the core, as an event without file names; cleared with an empty one", async () => {
  const { page, context, problems } = await open("/plain.html");
  await page.evaluate(() => {
    window.results = [];
    document.addEventListener("ownprint-result", ({ detail }) => window.results.push(detail));
  });
  await choose(page, [image("hills.jpg"), video("hevc.mov"), FILES.note]);
  await page.waitForFunction(() => window.results.length > 0);
  const [{ records }] = await page.evaluate(() => window.results);
  const shown = await page.locator("ownprint-chooser .hash").first().textContent();
  assert.equal(records.length, 3);
  assert.equal(records[0].hashes.pdq.hex, shown);
  assert.match(shown, /^[0-9a-f]{64}$/);
  assert.equal(records[1].video.vpdq.length, 2);
  assert.doesNotMatch(JSON.stringify(records), /hills|hevc\.mov|clip/);
  await page.getByRole("button", { name: "Clear everything" }).click();
  assert.deepEqual(await page.evaluate(() => window.results.at(-1)), { records: [] });
  assert.deepEqual(problems, []);
  await context.close();
});

test("a page with hostile styles changes nothing inside, and nothing leaks out", async () => {
  const seen = {};
  for (const path of ["/plain.html", "/hostile.html"]) {
    const { page, context, problems } = await open(path);
    await choose(page, image("hills.jpg"));
    const root = page.locator("ownprint-chooser .root");
    seen[path] = await root.evaluate((root) =>
      [root, ...root.querySelectorAll("*")].map((element) => {
        const style = getComputedStyle(element);
        const looks = ["color", "fontFamily", "fontSize", "fontStyle", "letterSpacing", "opacity"];
        const lays = ["lineHeight", "textTransform", "visibility", "direction", "position"];
        const names = [...looks, ...lays, "cursor", "textAlign", "whiteSpace", "borderTopColor"];
        return names.map((name) => style[name]).join("; ");
      }),
    );
    await page.locator("ownprint-chooser [data-action=copy]").click();
    await screenshot(page, `chooser${path.replace("/", "-").replace(".html", "")}`);
    const outside = await page.evaluate(() => document.adoptedStyleSheets.length);
    assert.equal(outside, 0);
    assert.deepEqual(problems, []);
    await context.close();
  }
  assert.ok(seen["/plain.html"].length > 50);
  assert.deepEqual(seen["/hostile.html"], seen["/plain.html"]);
});

for (const viewport of [
  { width: 320, height: 640 },
  { width: 1000, height: 800 },
]) {
  test(`axe finds nothing in the component, ${viewport.width} pixels, right to left`, async () => {
    const { page, context } = await open("/arabic.html", { viewport });
    const root = page.locator("ownprint-chooser .root");
    await page.locator("ownprint-chooser .root[dir=rtl]").waitFor();
    await choose(page, [image("hills.jpg"), FILES.plain, FILES.note]);
    await page.locator("ownprint-chooser #hand-in").click();
    await page.locator("ownprint-chooser .receipt").waitFor();
    assert.equal(await root.getAttribute("lang"), "ar");
    assert.deepEqual(await accessibilityProblems(page), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= viewport.width, `${wide} pixels wide`);
    await screenshot(page, `chooser-arabic-${viewport.width}`);
    await context.close();
  });
}

test("keyboard only: choose, copy, remove; the focus is never lost", async () => {
  const { page, context } = await open("/plain.html");
  const focused = () =>
    page.evaluate(() => {
      const active = document.querySelector("ownprint-chooser").shadowRoot.activeElement;
      return active?.id || active?.dataset.action || active?.tagName;
    });
  const opened = page.waitForEvent("filechooser");
  await page.locator("ownprint-chooser #choose").focus();
  await page.waitForTimeout(300);
  await page.keyboard.press("Enter");
  await (await opened).setFiles(image("hills.jpg"));
  await page.locator("ownprint-chooser .card[data-state=done]").waitFor();
  assert.equal(await focused(), "item-1");
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press("Tab");
  assert.equal(await focused(), "remove");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "choose");
  await context.close();
});

test("the attribute lang changes the language; removing the element empties it", async () => {
  const { page, context, problems } = await open("/plain.html");
  const chooser = page.locator("ownprint-chooser");
  await choose(page, image("hills.jpg"));
  await chooser.evaluate((element) => element.setAttribute("lang", "de"));
  await page.getByRole("button", { name: "Fingerabdruck kopieren" }).waitFor();
  await page.getByText("noch niemand geprüft").waitFor();
  const left = await chooser.evaluate((element) => {
    element.remove();
    return element.shadowRoot.childElementCount;
  });
  assert.equal(left, 0);
  await page.evaluate(() =>
    document.querySelector("main").append(document.createElement("ownprint-chooser")),
  );
  await page.locator("ownprint-chooser #choose:enabled").waitFor();
  assert.equal(await page.locator("ownprint-chooser .card").count(), 0);
  assert.deepEqual(problems, []);
  await context.close();
});

test("an endpoint that is not allowed is reported; fingerprints are made all the same", async () => {
  const { page, context, problems } = await open("/wrong.html");
  await choose(page, image("hills.jpg"));
  assert.equal(await page.locator("ownprint-chooser .hand-in").count(), 0);
  assert.match(problems.join(), /endpoint must be an https: address/);
  await context.close();
});

test("handing in from a page of another origin", async () => {
  const server = await startServer({ origin: new URL(site.address).origin });
  pages["/service.html"] = [
    { "content-security-policy": `${POLICY}; connect-src ${server.endpoint}` },
    host(`endpoint="${server.endpoint}"`),
  ];
  const own = await open("/service.html");
  await choose(own.page, image("hills.jpg"));
  await own.page.locator("ownprint-chooser #hand-in").click();
  await own.page.locator("ownprint-chooser .receipt").waitFor();
  assert.equal(server.store.dump()[0].length, 1);
  assert.deepEqual(own.problems, []);
  await own.context.close();
  await server.close();
});

test("the demo page works as it is shipped", async () => {
  const { page, context, problems } = await open("/sub/folder/chooser-demo.html");
  await choose(page, image("hills.jpg"));
  assert.deepEqual(await accessibilityProblems(page), []);
  await screenshot(page, "chooser-demo");
  assert.deepEqual(problems, []);
  await context.close();
});

inBrowsers("the component", ["firefox"], (held) => {
  test("hashes a picture in the demo page", async () => {
    const { address, close } = await serveSite();
    await held.browser.open(`${address}chooser-demo.html`);
    const { name, mimeType, buffer } = image("hills.jpg");
    const shown = await held.browser.evaluate(
      async ([name, type, content]) => {
        const wait = () => new Promise((later) => setTimeout(later, 100));
        const root = () => document.querySelector("ownprint-chooser").shadowRoot;
        while (!root()?.querySelector("#choose:enabled")) await wait();
        const data = new DataTransfer();
        const bytes = Uint8Array.from(atob(content), (it) => it.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
        const options = { dataTransfer: data, bubbles: true, cancelable: true, composed: true };
        root().querySelector(".drop").dispatchEvent(new DragEvent("drop", options));
        while (!root().querySelector(".card[data-state=done] .hash")) await wait();
        return root().querySelector(".hash").textContent;
      },
      [name, mimeType, buffer.toString("base64")],
    );
    assert.match(shown, /^[0-9a-f]{64}$/);
    close();
  });
});
