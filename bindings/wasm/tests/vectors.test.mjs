// Every committed vector through the package: in browsers through the worker, in Node through the
// core.
//
// The Rust tests read the same files (conformance/tests/vectors.rs).

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { assertAllEqual } from "./support/compare.mjs";
import { servePages } from "./support/pages.mjs";
import { VECTORS } from "./support/places.mjs";
import { paint } from "./support/native.mjs";

const [{ images }, imagehash, imgHash, digests, hex, { images: edited }] = await Promise.all(
  ["pdq.json", "imagehash.json", "img-hash.json", "digests.json", "hex.json", "variants.json"].map(
    async (name) => JSON.parse(await readFile(path.join(VECTORS, name), "utf8")),
  ),
);
// PNG images are hashed as files. The default build reads no pixmaps, so their pixels are hashed;
// larger images are painted first.
const files = images.filter((/** @type {any} */ { file }) => file?.endsWith(".png"));
const bare = images.filter((/** @type {any} */ image) => !files.includes(image));
const painted = bare.filter((/** @type {any} */ { file }) => !file);
const { loadCore } = await import("ownprint/core");
const full = await loadCore({ full: true });
// Hashes of the full build: pixmaps as files, which only this build reads.
const FAMILIES = [
  { family: "ImageHash", images: imagehash.images },
  {
    family: "img_hash",
    images: imgHash.images.map((/** @type {any} */ { file, hashes }) => ({
      name: file,
      file,
      // The names in these vectors have sizes that stable names omit.
      hashes: Object.fromEntries(
        Object.entries(hashes).map(([name, hex]) => [
          full.compare(hex, hex, /** @type {any} */ (name)).algorithm,
          { hex },
        ]),
      ),
    })),
  },
].map(({ family, images }) => ({
  family,
  images,
  options: {
    algorithms: [
      ...new Set(images.flatMap((/** @type {any} */ { hashes }) => Object.keys(hashes))),
    ],
    rgbMd5: true,
  },
}));
// Each set by its name, or as a list of variants.
const sets = edited.flatMap((/** @type {any} */ { name, variants }) =>
  Object.entries(variants).map(([set, expected]) => {
    const [, width, height] = /(\d+)x(\d+)$/.exec(name)?.map(Number) ?? [];
    return { name, width, height, set: set.includes(",") ? set.split(",") : set, expected };
  }),
);
// A pattern of some length, or a repeated text.
const digested = [...digests.pattern, ...digests.messages];
/** @type {import("ownprint").DigestAlgorithm[]} */
const DIGESTS = ["md5", "sha1", "sha256", "sha512", "blake3"];
/** @type {import("ownprint").ComputeOptions} */
const OPTIONS = {
  algorithms: [...new Set(images.flatMap((/** @type {any} */ { hashes }) => Object.keys(hashes)))],
  rgbMd5: true,
};

/** @type {import("./support/server.mjs").Server} */
let server;
/** @type {string} */
let folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "ownprint-vectors-"));
  const recipes = [...painted, ...imagehash.images, ...edited].map(
    (/** @type {any} */ { recipe }) => recipe,
  );
  await paint([...new Set(recipes)], folder);
  server = await servePages({ folders: { "/painted/": folder } });
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

inBrowsers("vectors through the worker", EVERY_BROWSER, (held) => {
  before(() => held.browser.open(`${server.origin}/pages/client.html`));

  test(`${files.length} images as files`, async () => {
    const urls = files.map(({ file }) => `/vectors/${file}`);
    const outcomes = await held.browser.evaluate(
      (list, options) => fingerprintEach(list, options),
      urls,
      OPTIONS,
    );
    assertImages(files, outcomes);
  });

  test(`${bare.length} images as pixels`, async () => {
    const outcomes = await held.browser.evaluate(
      async (list, options) => {
        const outcomes = [];
        for (const { url, width, height } of list) {
          // The pixels are at the end of a pixmap.
          const data = (await bytesOf(url)).slice(-width * height * 3);
          outcomes.push(
            await outcome(() =>
              ownprint.fingerprintPixels({ data, width, height, format: "rgb8" }, options),
            ),
          );
        }
        return outcomes;
      },
      bare.map(({ file, name, width, height }) => ({
        url: file ? `/vectors/${file}` : `/painted/${name}.ppm`,
        width,
        height,
      })),
      OPTIONS,
    );
    assertImages(bare, outcomes);
  });

  test(`${sets.length} sets of variants, of pixels`, async () => {
    const outcomes = await held.browser.evaluate(
      async (list) => {
        const outcomes = [];
        for (const { url, width, height, variants } of list) {
          const data = (await bytesOf(url)).slice(-width * height * 3);
          outcomes.push(
            await outcome(() =>
              ownprint.fingerprintPixels({ data, width, height, format: "rgb8" }, { variants }),
            ),
          );
        }
        return outcomes;
      },
      sets.map(({ name, set, ...size }) => ({
        url: `/painted/${name}.ppm`,
        ...size,
        variants: set,
      })),
    );
    assertSets(outcomes);
  });

  for (const { family, images, options } of FAMILIES) {
    test(`${images.length} images to ${options.algorithms.length} hashes of ${family}`, async () => {
      const urls = images.map(({ file, name }) =>
        file ? `/vectors/${file}` : `/painted/${name}.ppm`,
      );
      const outcomes = await held.browser.evaluate(
        (list, options) => fingerprintEach(list, options),
        urls,
        options,
      );
      assertImages(images, outcomes);
    });
  }

  test(`${digested.length} digests, as files and as streams`, async () => {
    const given = await held.browser.evaluate(
      async (cases, algorithms) => {
        const results = [];
        for (const { length, text, repeat } of cases) {
          const bytes =
            text === undefined
              ? Uint8Array.from({ length }, (_, index) => index % 251)
              : new TextEncoder().encode(text.repeat(repeat));
          const file = new Blob([bytes]);
          // In chunks that no block length of a digest divides.
          const stream = new ReadableStream({
            start(controller) {
              for (let at = 0; at < bytes.length; at += 997)
                controller.enqueue(bytes.slice(at, at + 997));
              controller.close();
            },
          });
          results.push(
            await ownprint.digestStream(file, { algorithms }),
            await ownprint.digestStream(stream, { algorithms }),
          );
        }
        return results;
      },
      digested,
      DIGESTS,
    );
    assertDigests(given, 2);
  });

  test(`${hex.distance.length} distances and ${hex.invalid.length} invalid texts`, async () => {
    const comparisons = await held.browser.evaluate(async (cases) => {
      const results = [];
      for (const { a, b } of cases)
        results.push([await ownprint.distance(a, b), await ownprint.compare(a, b)]);
      return results;
    }, hex.distance);
    assertComparisons(comparisons);
    const texts = hex.invalid.map(({ text }) => text);
    const outcomes = await held.browser.evaluate(async (texts) => {
      const outcomes = [];
      for (const text of texts)
        outcomes.push(await outcome(() => ownprint.compare(text, "0".repeat(64))));
      return outcomes;
    }, texts);
    assertNoHashes(outcomes);
  });
});

describe("vectors in Node: through the core, and for the full build also the worker", () => {
  /** @type {any} */
  let core;
  before(async () => {
    core = await loadCore();
  });
  after(() => core?.dispose());

  test("images as files", async () => {
    const outcomes = [];
    for (const { file } of files)
      outcomes.push({ value: core.fingerprint(await readFile(path.join(VECTORS, file)), OPTIONS) });
    assertImages(files, outcomes);
  });

  test("images as pixels", async () => {
    const outcomes = [];
    for (const { file, name, width, height } of bare) {
      const bytes = await readFile(
        file ? path.join(VECTORS, file) : path.join(folder, `${name}.ppm`),
      );
      const pixels = { data: bytes.subarray(-width * height * 3), width, height, format: "rgb8" };
      outcomes.push({ value: core.fingerprintPixels(pixels, OPTIONS) });
    }
    assertImages(bare, outcomes);
  });

  for (const [module, options] of /** @type {const} */ ([
    ["base", {}],
    ["full", { full: true }],
    ["pixels", { decoders: false }],
  ])) {
    test(`sets of variants, of pixels: the ${module} module`, async () => {
      const own = await loadCore(options);
      const known = module === "full" ? sets : setsWithoutQueries();
      const outcomes = [];
      for (const { name, width, height, set } of known) {
        const data = (await readFile(path.join(folder, `${name}.ppm`))).subarray(
          -width * height * 3,
        );
        outcomes.push({
          value: own.fingerprintPixels({ data, width, height, format: "rgb8" }, { variants: set }),
        });
      }
      own.dispose();
      assertSets(outcomes, known);
    });
  }

  for (const { family, images, options } of FAMILIES) {
    test(`${images.length} images to ${options.algorithms.length} hashes of ${family}`, async () => {
      const { Ownprint } = await import("ownprint");
      const client = new Ownprint();
      const [ofCore, ofWorker] = [/** @type {any[]} */ ([]), /** @type {any[]} */ ([])];
      for (const { file, name } of images) {
        const bytes = await readFile(
          file ? path.join(VECTORS, file) : path.join(folder, `${name}.ppm`),
        );
        ofCore.push({ value: full.fingerprint(bytes, options) });
        ofWorker.push({ value: await client.fingerprint(bytes, options) });
      }
      client.dispose();
      assertImages(images, ofCore);
      assertImages(images, ofWorker);
    });
  }

  test("digests", () => {
    const given = digested.map((/** @type {any} */ { length, text, repeat }) => {
      const bytes =
        text === undefined
          ? Uint8Array.from({ length }, (_, index) => index % 251)
          : new TextEncoder().encode(text.repeat(repeat));
      const digester = full.digester(DIGESTS);
      for (let at = 0; at < bytes.length; at += 997) digester.update(bytes.subarray(at, at + 997));
      return digester.finalize();
    });
    assertDigests(given, 1);
    assert.throws(() => core.digester(["sha512"]), { code: "unknown-algorithm" });
  });

  test("distances", () => {
    assertComparisons(hex.distance.map(({ a, b }) => [core.distance(a, b), core.compare(a, b)]));
    for (const { text, printed } of hex.valid) assert.equal(core.distance(text, printed), 0, text);
    for (const { text } of hex.invalid)
      assert.throws(() => core.compare(text, "0".repeat(64)), { name: "OwnprintError" }, text);
  });
});

/** @param {any[]} expected @param {any[]} outcomes */
function assertImages(expected, outcomes) {
  const cases = expected.map(({ name, width, height, rgb_md5, hashes }, index) => {
    const wanted = Object.fromEntries(
      Object.entries(hashes).map(([algorithm, { hex, quality }]) => [
        algorithm,
        { values: [hex].flat(), quality },
      ]),
    );
    const { value, error } = outcomes[index];
    const image = value?.image;
    // Not every vector has the size and the pixels.
    const given = image && {
      width: width && image.width,
      height: height && image.height,
      rgbMd5: rgb_md5 && image.rgbMd5,
      // The vectors hold the reference's hashes; the package may compute more.
      hashes: Object.fromEntries(
        Object.keys(hashes).map((algorithm) => [algorithm, image.hashes[algorithm]]),
      ),
    };
    return {
      name,
      actual: error ?? given,
      expected: { width, height, rgbMd5: rgb_md5, hashes: wanted },
    };
  });
  assertAllEqual(cases);
}

/** Returns the sets without the variants of images that are looked up. */
function setsWithoutQueries() {
  const isKept = (/** @type {string} */ variant) => !/^(trim:background|deskew)/.test(variant);
  const kept = (/** @type {{ variant: string }[]} */ list) =>
    list.filter(({ variant }) => isKept(variant));
  return sets
    .filter(({ set }) => set !== "query")
    .map(({ set, expected, ...image }) => ({
      ...image,
      set: Array.isArray(set) ? set.filter(isKept) : set,
      expected: { ...expected, hashes: kept(expected.hashes), skipped: kept(expected.skipped) },
    }));
}

/** @param {any[]} outcomes */
function assertSets(outcomes, known = sets) {
  assertAllEqual(
    known.map(({ name, set, expected }, index) => {
      const { value, error } = outcomes[index];
      const hashes = expected.hashes.map(({ hex: hash, ...rest }) => ({ ...rest, hash }));
      return {
        name: `${name} ${set}`,
        actual: value?.image?.variants ?? error,
        expected: { ...expected, hashes },
      };
    }),
  );
}

/** @param {any[]} given @param {number} times each length */
function assertDigests(given, times) {
  const expected = digested.flatMap((/** @type {any} */ known) => Array(times).fill(known));
  assertAllEqual(
    expected.map((/** @type {any} */ known, /** @type {number} */ index) => ({
      name: known.text ?? `${known.length} bytes`,
      actual: given[index],
      expected: Object.fromEntries(DIGESTS.map((name) => [name, known[name]])),
    })),
  );
}

/** @param {any[]} comparisons */
function assertComparisons(comparisons) {
  assertAllEqual(
    hex.distance.map((/** @type {any} */ known, /** @type {number} */ index) => {
      const [distance, comparison] = comparisons[index];
      return {
        name: `${known.a} and ${known.b}`,
        actual: [distance, comparison.distance, comparison.isMatch],
        expected: [known.distance, known.distance, known.match],
      };
    }),
  );
}

/** @param {any[]} outcomes */
function assertNoHashes(outcomes) {
  for (const [index, { value, error }] of outcomes.entries()) {
    const { text } = hex.invalid[index];
    assert.ok(error, `${JSON.stringify(text)} was accepted as a hash: ${JSON.stringify(value)}`);
    assert.ok(
      error.isOwnprintError && typeof error.code === "string",
      `${JSON.stringify(text)}: ${JSON.stringify(error)}`,
    );
  }
}
