// Every form of input has the same result, invalid inputs are rejected, and the caller's buffers do
// not change.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { hashFiles } from "./support/native.mjs";
import { servePages } from "./support/pages.mjs";
import { IMAGES } from "./support/places.mjs";

const IMAGE = path.join(IMAGES, "lake.jpg");

/** @type {any} */
let expected;
/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  expected = (await hashFiles([IMAGE])).get(IMAGE);
  server = await servePages();
});
after(() => server.close());

inBrowsers("inputs", EVERY_BROWSER, (held) => {
  before(() => held.browser.open(`${server.origin}/pages/client.html`));

  test("every form of input gives the same result", async () => {
    const outcomes = await held.browser.evaluate(async () => {
      const bytes = await bytesOf("/images/lake.jpg");
      const wide = new Uint8Array(bytes.length + 64);
      wide.set(bytes, 32);
      const chunks = (length) =>
        new ReadableStream({
          start(controller) {
            for (let at = 0; at < bytes.length; at += length)
              controller.enqueue(bytes.slice(at, at + length));
            controller.close();
          },
        });
      const inputs = {
        blob: new Blob([bytes]),
        file: new File([bytes], "lake.jpg"),
        "slice of a file": new File([wide], "wide").slice(32, 32 + bytes.length),
        buffer: bytes.slice().buffer,
        "typed array": bytes,
        "part of a buffer": wide.subarray(32, 32 + bytes.length),
        "view of a part": new DataView(wide.buffer, 32, bytes.length),
        response: await fetch("/images/lake.jpg"),
        "response of ours": new Response(bytes),
        "small chunks": chunks(100),
        "uneven chunks": chunks(9973),
        "one chunk": chunks(bytes.length),
      };
      const outcomes = {};
      for (const [name, input] of Object.entries(inputs)) {
        outcomes[name] = await outcome(() => ownprint.fingerprint(input, { algorithms: "all" }));
      }
      return outcomes;
    });
    for (const [name, one] of Object.entries(outcomes))
      assert.deepEqual(one, { value: expected }, name);
  });

  test("the caller's buffer does not change, and can be changed at once", async () => {
    const { changed, result } = await held.browser.evaluate(async () => {
      const bytes = await bytesOf("/images/lake.jpg");
      const copy = bytes.slice();
      await ownprint.fingerprint(bytes);
      const changed = bytes.length !== copy.length || bytes.some((value, at) => value !== copy[at]);
      const work = ownprint.fingerprint(bytes, { algorithms: "all" });
      bytes.fill(0);
      return { changed, result: await outcome(() => work) };
    });
    assert.equal(changed, false);
    assert.deepEqual(
      result,
      { value: expected },
      "later changes of the buffer have no effect",
    );
  });

  test("values that are not files are rejected", async () => {
    const outcomes = await held.browser.evaluate(async () => {
      const broken = new ReadableStream({
        pull(controller) {
          controller.error(new Error("the line is dead"));
        },
      });
      const locked = new Blob(["x"]).stream();
      locked.getReader();
      const inputs = {
        nothing: undefined,
        null: null,
        "a path": "/images/lake.jpg",
        "a number": 7,
        "an object": {},
        "a list": [1, 2, 3],
        "a stream of words": new ReadableStream({
          start(controller) {
            controller.enqueue("words");
            controller.close();
          },
        }),
        "a stream that fails": broken,
        "a locked stream": locked,
        "an answer that there is nothing": await fetch("/nothing"),
      };
      const outcomes = {};
      for (const [name, input] of Object.entries(inputs)) {
        outcomes[name] = await outcome(() =>
          Promise.race([
            ownprint.fingerprint(input),
            new Promise((_, reject) =>
              setTimeout(() => reject(new Error("no answer within ten seconds")), 10_000),
            ),
          ]),
        );
      }
      outcomes["sound, afterwards"] = await outcome(async () =>
        ownprint.fingerprint(await blobOf("/images/lake.jpg"), { algorithms: "all" }),
      );
      return outcomes;
    });
    const { "sound, afterwards": sound, ...refused } = outcomes;
    for (const [name, { value, error }] of Object.entries(refused)) {
      assert.ok(error, `${name} gave ${JSON.stringify(value)}`);
      assert.ok(
        error.isOwnprintError && error.code !== "internal",
        `${name}: ${JSON.stringify(error)}`,
      );
    }
    assert.deepEqual(sound, { value: expected });
  });

  test("invalid options are rejected", async () => {
    const [outcomes, limited] = await held.browser.evaluate(async () => {
      const file = await blobOf("/images/lake.jpg");
      const options = {
        "an unknown algorithm": { algorithms: ["pdq", "md6"] },
        "a name instead of a list": { algorithms: "pdq" },
        "a set of no such name": { variants: "huge" },
        "a variant of no such name": { variants: ["mirror", "sepia"] },
        "a variant named twice": { variants: ["mirror", "mirror"] },
        "no variants at all": { variants: [] },
        "a number of variants": { variants: 16 },
        "an unknown orientation": { orientation: "sideways" },
      };
      const limits = [{ pixels: 100 }, { fileBytes: 100 }];
      const outcomes = {};
      for (const [name, one] of Object.entries(options))
        outcomes[name] = await outcome(() => ownprint.fingerprint(file, one));
      return [
        outcomes,
        await Promise.all(limits.map((one) => ownprint.fingerprint(file, { limits: one }))),
      ];
    });
    for (const [name, { value, error }] of Object.entries(outcomes)) {
      assert.ok(error, `${name} gave ${JSON.stringify(value)}`);
      assert.ok(
        error.isOwnprintError && error.code !== "internal",
        `${name}: ${JSON.stringify(error)}`,
      );
    }
    assert.equal(outcomes["an unknown algorithm"].error.code, "unknown-algorithm");
    const { md5, sha256, blake3 } = expected.digests;
    const defaultDigests = { md5, sha256, blake3 };
    for (const { error, image, digests } of limited) {
      assert.deepEqual(
        [error?.code, image, digests],
        ["limit-exceeded", undefined, defaultDigests],
      );
    }
  });

  test("buffers that are too short for their pixels are rejected", async () => {
    const outcomes = await held.browser.evaluate(async () => {
      const data = new Uint8Array(64 * 64 * 4);
      const pixels = {
        "too few": { data, width: 65, height: 64 },
        "no width": { data, width: 0, height: 64 },
        "less than nothing": { data, width: -64, height: 64 },
        "half a pixel": { data, width: 63.5, height: 64 },
        "no number": { data, width: Number.NaN, height: 64 },
        "beyond all numbers": { data, width: 2 ** 32 + 64, height: 64 },
        "an unknown format": { data, width: 64, height: 64, format: "cmyk" },
        "rows that overlap": { data, width: 64, height: 64, stride: 100 },
      };
      const outcomes = {};
      for (const [name, one] of Object.entries(pixels))
        outcomes[name] = await outcome(() =>
          ownprint.fingerprintPixels(one, { algorithms: ["pdq"] }),
        );
      return outcomes;
    });
    for (const [name, { value, error }] of Object.entries(outcomes)) {
      assert.ok(error, `${name} gave ${JSON.stringify(value)}`);
      assert.ok(
        error.isOwnprintError && error.code !== "internal",
        `${name}: ${JSON.stringify(error)}`,
      );
    }
  });

  test("pixels in every layout give the same hash", async () => {
    const hashes = await held.browser.evaluate(async () => {
      const [width, height] = [100, 80];
      const grey = (at) => (at * at * 7 + at * 31) & 255;
      const make = (channels, fill, stride = width * channels) => {
        const data = new Uint8Array(stride * height);
        for (let y = 0; y < height; y += 1)
          for (let x = 0; x < width; x += 1)
            data.set(fill(grey(y * width + x)), y * stride + x * channels);
        return { data, width, height, ...(stride === width * channels ? {} : { stride }) };
      };
      const inputs = [
        { ...make(3, (v) => [v, v, v]), format: "rgb8" },
        make(4, (v) => [v, v, v, 9]),
        { ...make(4, (v) => [v, v, v, 255]), format: "bgra8" },
        { ...make(1, (v) => [v]), format: "l8" },
        make(4, (v) => [v, v, v, 0], 512),
        new ImageData(new Uint8ClampedArray(make(4, (v) => [v, v, v, 255]).data), width, height),
      ];
      const results = [];
      for (const input of inputs)
        results.push(
          await outcome(() =>
            ownprint.fingerprintPixels(input, { algorithms: "all", rgbMd5: true }),
          ),
        );
      return results;
    });
    const [first, ...others] = hashes;
    assert.ok(first.value?.image.rgbMd5, JSON.stringify(first));
    for (const [index, other] of others.entries())
      assert.deepEqual(other, first, `layout ${index + 1}`);
  });
});
