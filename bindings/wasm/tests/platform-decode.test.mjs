// The browser's decoder: used only on request, marked in the result, and refused if the canvas is
// tampered with.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { hashFiles } from "./support/native.mjs";
import { servePages } from "./support/pages.mjs";
import { CORPUS, IMAGES, WITHOUT_CORPUS } from "./support/places.mjs";

const AVIF = path.join(CORPUS ?? "", "odd/made/photo.avif");
const JPEG = path.join(IMAGES, "lake.jpg");
// AVIF decoders and color conversions of browsers differ slightly in every pixel.
const NEAR = 10;

/** @type {Map<string, any>} */
let native;
/** @type {import("./support/server.mjs").Server} */
let server;
/** @type {Map<string, string>} by browser */
const hashes = new Map();
before(async () => {
  native = await hashFiles(CORPUS === undefined ? [JPEG] : [AVIF, JPEG]);
  server = await servePages();
});
after(() => server.close());

inBrowsers("platform decode", EVERY_BROWSER, (held, name) => {
  before(() => held.browser.open(`${server.origin}/pages/client.html`));

  test("by default: digests with a warning, or an error", { skip: WITHOUT_CORPUS }, async () => {
    const [digested, hashOnly] = await held.browser.evaluate(async () => {
      const file = await blobOf("/corpus/odd/made/photo.avif");
      const client = new ownprint.Ownprint({ codecs: [] });
      const outcomes = [
        await outcome(() => client.fingerprint(file, { algorithms: "all" })),
        await outcome(() => client.fingerprint(file, { algorithms: ["pdq"] })),
      ];
      client.dispose();
      return outcomes;
    });
    assert.deepEqual(digested.value?.digests, native.get(AVIF).digests);
    assert.equal(digested.value.warnings[0].code, "unsupported-format");
    assert.equal(hashOnly.value?.error?.code, "unsupported-format", JSON.stringify(hashOnly));
  });

  test("on request", { skip: WITHOUT_CORPUS }, async (context) => {
    const outcomes = await held.browser.evaluate(async () => {
      const file = await blobOf("/corpus/odd/made/photo.avif");
      const inputs = [file, await file.arrayBuffer(), new Response(file)];
      const client = new ownprint.Ownprint({ codecs: [] });
      const outcomes = [];
      for (const input of inputs) {
        outcomes.push(
          await outcome(() =>
            client.fingerprint(input, { algorithms: "all", platformDecode: true }),
          ),
        );
      }
      outcomes.push(
        await outcome(() =>
          client.fingerprint(file, { algorithms: ["pdq"], platformDecode: true }),
        ),
      );
      client.dispose();
      return outcomes;
    });
    if (name === "firefox-resist") {
      for (const { error, value } of outcomes) {
        assert.equal(value?.error?.code, "canvas-tampered", JSON.stringify(error ?? value));
        assert.match(value.error.message, /browser/, "in plain words");
      }
      context.diagnostic(outcomes[0].value.error.message);
      return;
    }
    const [first, ...others] = outcomes;
    if (name === "webkit" && first.value?.error) {
      // Not every build of WebKit has an AVIF decoder; one without it must report that.
      assert.equal(first.value.error.code, "unsupported-format", JSON.stringify(first.value));
      context.diagnostic(first.value.error.message);
      return;
    }
    assert.ok(first.value, JSON.stringify(first.error));
    const { decoder, deterministic, image, digests, warnings, error } = first.value;
    const { format, width, height, pdq } = image;
    assert.deepEqual(
      [decoder, deterministic, format, error],
      [{ name: "platform" }, false, "avif", undefined],
    );
    assert.ok(width > 0 && height > 0, `${width}x${height}`);
    assert.deepEqual(
      digests,
      native.get(AVIF).digests,
      "digests are of the file, so they are equal",
    );
    assert.ok(pdq.quality > 50, `a quality of ${pdq.quality}`);
    assert.ok(
      !warnings.some(({ code }) => code === "unsupported-format"),
      JSON.stringify(warnings),
    );
    for (const [index, { value, error }] of others.entries()) {
      assert.deepEqual(value?.image.pdq, pdq, `input ${index + 1}: ${JSON.stringify(error)}`);
    }
    hashes.set(name, pdq.hash);
    context.diagnostic(`${width}x${height}, quality ${pdq.quality}, ${pdq.hash}`);
  });

  test("is not used for formats that the package decodes", async () => {
    for (const [url, file] of [
      ["/images/lake.jpg", JPEG],
      ...(CORPUS === undefined ? [] : [["/corpus/odd/made/photo.avif", AVIF]]),
    ]) {
      const result = await held.browser.evaluate(async (url) => {
        const file = await blobOf(url);
        return outcome(() =>
          ownprint.fingerprint(file, { algorithms: "all", platformDecode: true }),
        );
      }, url);
      assert.deepEqual(result, { value: native.get(file) });
    }
  });

  if (name !== "firefox-resist")
    test("leaves no data in its canvas", async () => {
      const { read, left } = await held.browser.evaluate(async () => {
        const { readBack } = await import(/** @type {any} */ ("/dist/platform-decode.js"));
        const Own = OffscreenCanvas;
        /** @type {OffscreenCanvas[]} */
        const canvases = [];
        globalThis.OffscreenCanvas = class extends Own {
          /** @param {[number, number]} size */
          constructor(...size) {
            super(...size);
            canvases.push(this);
          }
        };
        const image = await createImageBitmap(
          new ImageData(new Uint8ClampedArray(300 * 600 * 4).fill(200), 300, 600),
        );
        const read = readBack(image, 300, 600).some((/** @type {number} */ value) => value !== 0);
        globalThis.OffscreenCanvas = Own;
        const left = canvases.map((it) =>
          it
            .getContext("2d")
            ?.getImageData(0, 0, it.width, it.height)
            .data.some((value) => value !== 0),
        );
        return { read, left };
      });
      assert.ok(read);
      assert.deepEqual(left, [false]);
    });

  test("gives an error for files that are not images", async () => {
    const result = await held.browser.evaluate(() =>
      outcome(() =>
        ownprint.fingerprint(new Blob(["no image at all"]), {
          algorithms: "all",
          platformDecode: true,
        }),
      ),
    );
    assert.equal(result.value?.warnings[0]?.code, "not-an-image", JSON.stringify(result));
  });
});

test(
  "browsers are near each other, and near the module's own decoder",
  { skip: WITHOUT_CORPUS },
  (context) => {
    hashes.set("ownprint", native.get(AVIF).image.pdq.hash);
    const [[first, hash], ...others] = [...hashes];
    for (const [name, other] of others) {
      const distance = bits(BigInt(`0x${hash}`) ^ BigInt(`0x${other}`));
      context.diagnostic(`${first} and ${name}: ${distance} bits`);
      assert.ok(distance <= NEAR, `${first} and ${name} are ${distance} bits apart`);
    }
  },
);

/** @param {bigint} value */
function bits(value) {
  return [...value.toString(2)].filter((bit) => bit === "1").length;
}
