// A file of three gigabytes is digested in constant memory.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { inBrowsers } from "./support/browsers.mjs";
import { sampleMemory } from "./support/memory.mjs";
import { startCommandLine } from "./support/native.mjs";
import { servePages } from "./support/pages.mjs";
import { noise } from "./support/images.mjs";

const MIB = 1024 * 1024;
const CHUNK = noise(64 * MIB, 11);
const CHUNKS = 48;
// A file in memory would add three times this. Reading adds half of it in every browser: chunks
// stay in memory until the engine collects them.
const ALLOWED_GROWTH = 1024 * MIB;

/** @type {Promise<Record<string, string>>} */
let expected;
/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  server = await servePages();
  server.files.set("/chunk", CHUNK);
  expected = digests();
  // Awaited later: the browsers work meanwhile.
  expected.catch(() => {});
});
after(() => server.close());

inBrowsers(`${(CHUNKS * CHUNK.length) / 1024 / MIB} GiB`, ["chromium", "firefox"], (held) => {
  test("is digested in constant memory", async (context) => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    await held.browser.evaluate(async (count) => {
      const chunk = await blobOf("/chunk");
      // The same chunk many times: a large file that needs no space.
      globalThis.largeFile = new File(Array(count).fill(chunk), "video.bin");
    }, CHUNKS);
    const sampling = sampleMemory(held.browser.process);
    const result = await held.browser.evaluate(async () => {
      const client = new ownprint.Ownprint();
      const reported = [];
      const started = performance.now();
      const outcomeOf = await outcome(() =>
        client.fingerprint(globalThis.largeFile, {
          algorithms: ["md5", "sha1", "sha256", "blake3"],
          onProgress: ({ bytes, total }) => reported.push([bytes, total]),
        }),
      );
      const seconds = (performance.now() - started) / 1000;
      client.dispose();
      return {
        ...outcomeOf,
        seconds,
        size: globalThis.largeFile.size,
        reports: reported.length,
        last: reported.at(-1),
      };
    });
    const { start, peak } = await sampling.stop();
    assert.equal(result.size, CHUNKS * CHUNK.length, "the browser's own idea of the file's size");
    assert.deepEqual(result.error, undefined);
    assert.deepEqual(result.value.digests, await expected);
    assert.deepEqual(result.last, [result.size, result.size], "the last progress report");
    context.diagnostic(
      `${(result.size / MIB / result.seconds).toFixed(0)} MiB/s; memory of the processes ${toMib(start)} MiB before, ${toMib(peak)} MiB at most`,
    );
    assert.ok(peak - start < ALLOWED_GROWTH, `memory grew by ${toMib(peak - start)} MiB`);
  });
});

test("the memory of the module does not grow with the length of the file", async () => {
  const { loadCore } = await import("ownprint/core");
  const core = await loadCore();
  const digester = core.digester(["md5", "sha1", "sha256", "blake3"]);
  const held = [];
  for (let at = 0; at < 3 * CHUNK.length; at += 4 * MIB) {
    const start = at % CHUNK.length;
    digester.update(CHUNK.subarray(start, start + 4 * MIB));
    held.push(core.memoryBytes);
  }
  digester.finalize();
  assert.equal(held.at(-1), held[1], "bytes of memory after the last chunk, and after the second");
  assert.ok(held[1] < 16 * MIB, `${toMib(held[1])} MiB for chunks of 4 MiB`);
});

/** The digests of Node, and the command line's BLAKE3. */
async function digests() {
  const { input, printed } = startCommandLine([
    "hash",
    "--algorithms",
    "blake3",
    "--format",
    "jsonl",
    "-",
  ]);
  const hashes = ["md5", "sha1", "sha256"].map((name) => ({ name, hash: createHash(name) }));
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    // In chunks, so that the page server can answer meanwhile.
    for (let at = 0; at < CHUNK.length; at += MIB) {
      const chunk = CHUNK.subarray(at, at + MIB);
      for (const { hash } of hashes) hash.update(chunk);
      if (!input.write(chunk)) await once(input, "drain");
      await sleep(0);
    }
  }
  input.end();
  const { blake3 } = JSON.parse(await printed).digests;
  return {
    ...Object.fromEntries(hashes.map(({ name, hash }) => [name, hash.digest("hex")])),
    blake3,
  };
}

/** @param {number} bytes */
function toMib(bytes) {
  return Math.round(bytes / MIB);
}
