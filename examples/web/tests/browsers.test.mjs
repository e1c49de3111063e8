/** The page in more than one browser: a picture and videos, with the server gone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { inBrowsers } from "../../../bindings/wasm/tests/support/browsers.mjs";
import { KNOWN_VIDEOS } from "./known.mjs";
import { image, serveSite, video } from "./site.mjs";

inBrowsers("the page", ["chromium", "firefox"], (held) => {
  test("fingerprints pictures and videos without a network", async () => {
    const { address, close } = await serveSite();
    await held.browser.open(address);
    await held.browser.evaluate(async () => {
      const isReady = () => document.querySelector("#requests[data-state=ready]") !== null;
      while (!isReady()) await new Promise((later) => setTimeout(later, 100));
    });
    close();
    const names = Object.keys(KNOWN_VIDEOS);
    const files = [image("hills.jpg"), ...names.map(video)].map(({ name, mimeType, buffer }) => ({
      name,
      type: mimeType,
      content: buffer.toString("base64"),
    }));
    const cards = await held.browser.evaluate(async (files) => {
      const data = new DataTransfer();
      for (const { name, type, content } of files) {
        const bytes = Uint8Array.from(atob(content), (it) => it.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
      const cards = () => [...document.querySelectorAll(".cards > .card")];
      const isBusy = ({ dataset }) => ["waiting", "working"].includes(dataset.state);
      while (cards().length < files.length || cards().some(isBusy))
        await new Promise((later) => setTimeout(later, 100));
      for (const folded of document.querySelectorAll(".card details")) folded.open = true;
      await new Promise((later) => setTimeout(later, 200));
      return cards().map((it) => ({
        title: it.querySelector("h3").textContent,
        headline: it.querySelector(".headline").textContent,
        hashes: [...it.querySelectorAll("td code")].map(({ textContent }) => textContent),
      }));
    }, files);
    assert.equal(cards[0].headline, "A good fingerprint");
    for (const [at, name] of names.entries()) {
      assert.deepEqual(cards[at + 1], {
        title: `Video ${at + 2}`,
        headline: "A fingerprint of the video and of 2 moments in it",
        hashes: KNOWN_VIDEOS[name].map((line) => line.split(",")[2]),
      });
    }
  });
});
