// Two hundred files, of which twenty are broken: each is reported once, and none stops the others.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { assertAllEqual } from "./support/compare.mjs";
import { servePages } from "./support/pages.mjs";
import { IMAGES, filesBelow } from "./support/places.mjs";

const COUNT = 200;
const BROKEN_EVERY = 10;
const images = filesBelow(IMAGES);

/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  server = await servePages();
});
after(() => server.close());

inBrowsers("batch", EVERY_BROWSER, (held) => {
  test(`${COUNT} files, ${COUNT / BROKEN_EVERY} broken, two workers`, async () => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    const { items, alone, progress } = await held.browser.evaluate(
      async (urls, count, every) => {
        const sources = await Promise.all(urls.map(blobOf));
        // Every tenth file is cut in half.
        const fileOf = (index) => {
          const file = sources[index % sources.length];
          return index % every === 0 ? file.slice(0, Math.floor(file.size / 2)) : file;
        };
        const files = Array.from({ length: count }, (_, index) => fileOf(index));
        const client = new ownprint.Ownprint({ concurrency: 2 });
        const progress = {};
        const options = {
          concurrency: 2,
          onProgress: ({ index, bytes }) => (progress[index] = bytes === files[index].size),
        };
        const items = [];
        for await (const item of client.fingerprintAll(files, options)) {
          const { index, fingerprint, error } = item;
          items.push({ index, fingerprint, error: error && wordsOf(error) });
        }
        // The same files one by one have the same results.
        const alone = [];
        for (const file of files) {
          const { value, error } = await outcome(() => client.fingerprint(file));
          alone.push({ fingerprint: value, error });
        }
        client.dispose();
        return { items, alone, progress };
      },
      images.map((file) => `/images/${file}`),
      COUNT,
      BROKEN_EVERY,
    );
    const indices = items.map(({ index }) => index).sort((a, b) => a - b);
    assert.deepEqual(
      indices,
      Array.from({ length: COUNT }, (_, index) => index),
      "each index exactly once",
    );
    const failed = items.filter(({ error, fingerprint }) => error || fingerprint.error);
    assert.equal(failed.length, COUNT / BROKEN_EVERY, "errors");
    assert.ok(
      failed.every(
        ({ index, error, fingerprint }) =>
          index % BROKEN_EVERY === 0 && !error && fingerprint.digests.md5,
      ),
    );
    assertAllEqual(
      items.map(({ index, fingerprint, error }) => ({
        name: `file ${index}`,
        actual: { fingerprint, error },
        expected: alone[index],
      })),
    );
    assert.equal(
      Object.values(progress).filter(Boolean).length,
      COUNT,
      "files that were reported as read to the end",
    );
  });

  test("files are taken from any iterable, only as they are needed", async () => {
    const { taken, ahead, indices } = await held.browser.evaluate(async (url) => {
      const file = await blobOf(url);
      let taken = 0;
      let done = 0;
      let ahead = 0;
      async function* files() {
        for (let index = 0; index < 30; index += 1) {
          taken += 1;
          ahead = Math.max(ahead, taken - done);
          yield index % 3 === 0
            ? file
            : index % 3 === 1
              ? new Response(file)
              : await file.arrayBuffer();
        }
      }
      const client = new ownprint.Ownprint({ concurrency: 2 });
      const indices = [];
      for await (const { index, error } of client.fingerprintAll(files(), { concurrency: 2 })) {
        if (error) throw error;
        done += 1;
        indices.push(index);
      }
      client.dispose();
      return { taken, ahead, indices: indices.sort((a, b) => a - b) };
    }, "/images/lake.jpg");
    assert.equal(taken, 30);
    assert.deepEqual(
      indices,
      Array.from({ length: 30 }, (_, index) => index),
    );
    assert.ok(ahead <= 8, `${ahead} files were taken before they were needed`);
  });

  test("leaving the loop early cancels the work, and the client can be used again", async () => {
    const outcomes = await held.browser.evaluate(async (url) => {
      const file = await blobOf(url);
      const client = new ownprint.Ownprint({ concurrency: 2 });
      for await (const _ of client.fingerprintAll(Array(100).fill(file))) break;
      const next = await outcome(() => client.fingerprint(file));
      client.dispose();
      const again = await outcome(() => client.fingerprint(file));
      client.dispose();
      return [next, again];
    }, "/images/lake.jpg");
    assert.ok(
      outcomes.every(({ value }) => value),
      JSON.stringify(outcomes),
    );
    assert.deepEqual(outcomes[0], outcomes[1], "after dispose the client starts anew");
  });
});
