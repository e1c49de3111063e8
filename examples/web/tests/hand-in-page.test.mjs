/** Handing in on the page: a service that works, fails, is gone, or lies; by keyboard; access. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startServer } from "./server/server.mjs";
import {
  FILES,
  accessibilityProblems,
  choose,
  image,
  openSite,
  screenshot,
  video,
} from "./site.mjs";

const PHONE = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true };

let site;
let server;
/** What the page is built to hand in to; each test may name another service. */
let endpoint;
before(async () => {
  site = await openSite({ endpoint: () => endpoint });
});
after(() => site?.close());

function onPage(name, work, { service = startReference, ...options } = {}) {
  test(name, { timeout: 20_000 }, async () => {
    server = await service();
    endpoint = server.endpoint;
    const opened = await site.open(options);
    // A wrong step should end soon, and say where.
    opened.page.setDefaultTimeout(10_000);
    try {
      await work(opened);
    } finally {
      await opened.context.close();
      await server.close();
    }
  });
}

const startReference = () =>
  startServer({ origin: new URL(site.address).origin, maxRequests: 1000 });

const submit = (page) => page.locator("#hand-in").click();
const receipt = (page) => page.locator(".receipt");
const headline = (page, place) => page.locator(`${place} .headline`);
const ERROR = ".hand-in > .outcome [data-mood=help]";
const CASE = ".case .outcome";

async function handedIn(page) {
  await submit(page);
  await receipt(page).first().waitFor();
  return (await receipt(page).first().locator("dd").allInnerTexts()).map((it) =>
    it.replaceAll(" ", ""),
  );
}

async function lookUp(page, number, pin) {
  await page.locator("#case-number").fill(number);
  await page.locator("#case-pin").fill(pin);
  await page.locator("#case-check").click();
}

onPage(
  "hashes are handed in, looked up and withdrawn; nothing else is sent",
  async ({ page, context, problems }) => {
    const sent = [];
    context.on("request", (request) => {
      if (request.url().startsWith(endpoint)) sent.push(request);
    });
    assert.match(await page.locator(".hand-in").innerText(), /nothing to hand in yet/);
    assert.ok(await page.locator("#hand-in").isDisabled());
    await choose(page, [image("hills.jpg"), video("hevc.mov"), FILES.plain, FILES.note]);
    const text = await page.locator(".hand-in").innerText();
    assert.match(text, /fingerprints of 2 files are ready/);
    assert.match(text, /2 files are left out/);
    assert.match(text, new RegExp(`sent, to ${new URL(endpoint).host}`));
    assert.deepEqual(sent, [], "nothing was sent before the button was pressed");
    const [number, pin] = await handedIn(page);
    assert.match(number, /^[0-9]{12}$/);
    assert.match(pin, /^[0-9]{8}$/);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Handed in");
    await screenshot(page, "handed-in");

    const bodies = sent.map((request) => request.postDataJSON()).filter(Boolean);
    assert.equal(bodies.length, 1);
    const [{ key, pin: sentPin, files, ...rest }] = bodies;
    assert.deepEqual([rest, sentPin, key.length], [{}, pin, 32]);
    assert.deepEqual(
      files.map((file) => Object.keys(file)),
      [
        ["kind", "pdq", "variants"],
        ["kind", "md5", "vpdq"],
      ],
    );
    const all = JSON.stringify(bodies);
    for (const name of ["hills", "hevc", "plain", "clip"]) assert.ok(!all.includes(name), name);
    for (const request of sent) {
      const { referer = "", cookie = "" } = request.headers();
      assert.deepEqual([referer, cookie], ["", ""]);
      assert.ok(!request.url().includes(number) && !request.url().includes(pin));
    }
    assert.match(
      await page.locator("#requests").innerText(),
      /0 requests since you chose a file, besides handing in/,
    );

    server.store.share(number);
    await page.locator(".case summary").click();
    await page.locator("#case-check").click();
    await headline(page, CASE).getByText("given your fingerprints to websites").waitFor();
    await page.locator("#case-withdraw").click();
    await page.locator("[data-action=no]").click();
    assert.equal(server.store.dump()[0].length, 1);
    await page.locator("#case-withdraw").click();
    await page.locator("[data-action=yes]").click();
    await headline(page, CASE).getByText("The case was withdrawn").waitFor();
    assert.equal(server.store.dump()[0].length, 0);
    await screenshot(page, "withdrawn");
    assert.deepEqual(problems, []);
  },
);

onPage("nothing is handed in twice, and clearing forgets the numbers", async ({ page }) => {
  await choose(page, image("hills.jpg"));
  const [first, pin] = await handedIn(page);
  assert.equal(await page.locator("#case-pin").inputValue(), pin);
  assert.ok(await page.locator("#hand-in").isDisabled());
  await choose(page, image("lake.jpg"));
  assert.match(await page.locator(".hand-in").innerText(), /fingerprints of 1 file are ready/);
  await submit(page);
  await receipt(page).nth(1).waitFor();
  const counts = server.store.dump()[0].map(({ count }) => Number(count));
  assert.deepEqual(counts, [1, 1]);
  assert.ok((await receipt(page).nth(1).innerText()).includes(first.slice(0, 4)));
  await page.locator("#clear").click();
  assert.equal(await receipt(page).count(), 0);
  const left = await page.evaluate(() => [
    document.documentElement.outerHTML,
    ...[...document.querySelectorAll("input")].map(({ value }) => value),
  ]);
  for (const digits of [first, pin, pin.replace(/(....)/, "$1 ")]) {
    assert.ok(!left.join().includes(digits));
  }
});

onPage("a lost answer: the retry makes no second case", async ({ page, context }) => {
  await choose(page, image("hills.jpg"));
  let lost = 0;
  await context.route(`${endpoint}/v1/cases`, async (route) => {
    if (route.request().method() !== "POST" || lost > 0) return route.continue();
    lost += 1;
    // The service stores the case, and the connection ends before its answer arrives.
    await route.fetch();
    return route.abort("connectionreset");
  });
  await submit(page);
  await page.locator(ERROR).waitFor();
  const text = await page.locator(ERROR).innerText();
  assert.match(text, /No answer came/);
  assert.match(text, /may have arrived. If you try again, it is not handed in twice/);
  assert.equal(await page.locator("#hand-in").innerText(), "Try again");
  assert.equal(server.store.dump()[0].length, 1);
  await screenshot(page, "no-answer");
  // Something chosen meanwhile is not part of the attempt that may have arrived.
  await choose(page, image("lake.jpg"));
  const [number] = await handedIn(page);
  const [cases] = server.store.dump();
  assert.deepEqual(
    cases.map((row) => [row.number, Number(row.count)]),
    [[number, 1]],
  );
  assert.match(await page.locator(".hand-in").innerText(), /fingerprints of 1 file are ready/);
});

onPage("wrong numbers, and a lock after five", async ({ page }) => {
  await page.locator(".case summary").click();
  await lookUp(page, "1234 5678 901", "1234 5678");
  await headline(page, CASE).getByText("A digit is missing").waitFor();
  for (let guess = 0; guess < 5; guess += 1) {
    await page.locator(CASE).evaluate((it) => it.replaceChildren());
    // Digits of an Arabic keyboard.
    await lookUp(page, "١٢٣٤ 5678 9012", "1234-5678");
    await headline(page, CASE).getByText("No case has this number and this PIN").waitFor();
  }
  await lookUp(page, "1234 5678 9012", "1234 5678");
  await headline(page, CASE).getByText("Locked for a while").waitFor();
  assert.match(await page.locator(CASE).innerText(), /try again in 15 minutes/);
  await screenshot(page, "locked");
});

onPage("a service that lies, that does not answer, and that is gone", async ({ page, context }) => {
  await choose(page, image("hills.jpg"));
  let answer;
  await context.route(`${endpoint}/v1/cases`, (route) => answer(route));
  const fulfil = (body) => (route) => {
    const headers = { "access-control-allow-origin": new URL(site.address).origin };
    return route.fulfill({ headers, body });
  };
  const markup = { case: "<img src=x onerror=alert(1)>", state: "received", count: 1 };
  const failures = [
    [fulfil("<script>alert(1)</script>"), "does not understand"],
    [(route) => route.abort("connectionrefused"), "No answer came"],
    [fulfil(JSON.stringify({ ...markup, received_on: "2026-12-01" })), "does not understand"],
  ];
  for (const [next, words] of failures) {
    answer = next;
    await submit(page);
    await page.locator(ERROR).getByText(words).waitFor();
    assert.match(await page.locator(ERROR).innerText(), /It may have arrived/);
  }
  assert.equal(await page.locator(".hand-in img, .hand-in script, .receipt").count(), 0);
  answer = () => undefined;
  await submit(page);
  await page.locator("#hand-in", { hasText: "Cancel" }).click();
  await page.locator(ERROR).getByText("You stopped it").waitFor();
});

onPage("the policy allows the service and nothing else", async ({ page }) => {
  const outcome = await page.evaluate(async (service) => {
    const tried = [];
    for (const address of [service, location.href, service.replace(/\d+$/, "1")]) {
      await fetch(address, { mode: "no-cors" }).then(
        () => tried.push("went through"),
        () => tried.push("stopped"),
      );
    }
    return tried;
  }, endpoint);
  assert.deepEqual(outcome, ["went through", "stopped", "stopped"]);
});

onPage("keyboard only: hand in, keep the numbers, look up, withdraw", async ({ page }) => {
  await choose(page, image("hills.jpg"));
  const focused = () =>
    page.evaluate(
      () => document.activeElement.id || document.activeElement.dataset.action || "",
    );
  await page.locator("#hand-in").focus();
  await page.keyboard.press("Enter");
  await receipt(page).waitFor();
  const reached = [];
  for (let presses = 0; presses < 6; presses += 1) {
    await page.keyboard.press("Tab");
    if (presses === 1) await page.keyboard.press("Enter");
    reached.push(await focused());
  }
  assert.deepEqual(reached, [
    ...["copy-numbers", "", "case-number", "case-pin", "case-check", "case-withdraw"],
  ]);
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "no", "the harmless answer has the focus");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "case-withdraw");
  await headline(page, CASE).getByText("The case was withdrawn").waitFor();
});

for (const [language, colorScheme] of [
  ["en", "light"],
  ["ar", "dark"],
]) {
  onPage(
    `axe finds nothing, and nothing is cut off at 320 pixels: ${language}, ${colorScheme}`,
    async ({ page }) => {
      const look = async (state) => {
        assert.deepEqual(await accessibilityProblems(page), [], state);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= 320, `${state}: ${wide} pixels wide`);
        await screenshot(page, `hand-in-${language}-${state}`);
      };
      await page.locator(".case summary").click();
      await choose(page, [image("hills.jpg"), FILES.plain]);
      await handedIn(page);
      await page.locator("#case-withdraw").click();
      await look("handed-in");
    },
    { language, colorScheme, ...PHONE },
  );
}

onPage(
  "a trial says that it is one, and sends nothing",
  async ({ page, requests }) => {
    assert.match(await page.locator(".hand-in").innerText(), /This is a trial. Nothing is sent/);
    await choose(page, image("hills.jpg"));
    const before = requests.length;
    await handedIn(page);
    assert.deepEqual(
      requests.slice(before).filter((url) => !url.startsWith("blob:")),
      [],
    );
  },
  { service: async () => ({ endpoint: "memory:", close: () => undefined }) },
);
