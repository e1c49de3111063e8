// A file of three gigabytes: digested in a stream, right, and without memory that grows with it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { inBrowsers } from "./support/browsers.mjs";
import { startCommandLine } from "./support/native.mjs";
import { servePages } from "./support/pages.mjs";
import { noise } from "./support/pictures.mjs";

const MIB = 1024 * 1024;
const CHUNK = noise(64 * MIB, 11);
const CHUNKS = 48;
// A file that is read as a whole would add thousands; a worker, its module and its buffers add less than this.
const ALLOWED_GROWTH = 400 * MIB;

/** @type {Promise<Record<string, string>>} */
let expected;
/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  server = await servePages();
  server.files.set("/chunk", CHUNK);
  expected = digests();
  // Awaited where it is needed: the browsers work meanwhile.
  expected.catch(() => {});
});
after(() => server.close());

inBrowsers(`${(CHUNKS * CHUNK.length) / 1024 / MIB} GiB`, ["chromium", "firefox"], (held) => {
  test("digested without growing", async (context) => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    await held.browser.evaluate(async (count) => {
      const chunk = await blobOf("/chunk");
      // The same chunk again and again: a large file that takes no room.
      globalThis.largeFile = new File(Array(count).fill(chunk), "film.bin");
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
      return { ...outcomeOf, seconds, size: globalThis.largeFile.size, reports: reported.length, last: reported.at(-1) };
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

/** By node's own implementations, and the command line's BLAKE3. */
async function digests() {
  const { input, printed } = startCommandLine(["hash", "--algorithms", "blake3", "--format", "jsonl", "-"]);
  const hashes = ["md5", "sha1", "sha256"].map((name) => ({ name, hash: createHash(name) }));
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    // In pieces, so that the server of the pages gets its turn.
    for (let at = 0; at < CHUNK.length; at += MIB) {
      const piece = CHUNK.subarray(at, at + MIB);
      for (const { hash } of hashes) hash.update(piece);
      if (!input.write(piece)) await once(input, "drain");
      await sleep(0);
    }
  }
  input.end();
  const { blake3 } = JSON.parse(await printed).digests;
  return { ...Object.fromEntries(hashes.map(({ name, hash }) => [name, hash.digest("hex")])), blake3 };
}

/**
 * Samples what a process and all it started hold in memory.
 *
 * @param {number | undefined} root
 */
function sampleMemory(root) {
  const start = residentBytes(root);
  let peak = 0;
  let isRunning = true;
  const sampling = (async () => {
    while (isRunning) {
      peak = Math.max(peak, await residentBytes(root));
      await sleep(250);
    }
  })();
  return {
    async stop() {
      isRunning = false;
      await sampling;
      return { start: await start, peak };
    },
  };
}

/** @param {number | undefined} root */
async function residentBytes(root) {
  if (root === undefined || process.platform !== "linux") return 0;
  const parents = new Map();
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    // The program's name is in parentheses and may hold anything; the parent is the second field behind it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    parents.set(Number(entry), Number(fields[1]));
  }
  const isOurs = (/** @type {number} */ id) => {
    for (let at = id; at; at = parents.get(at) ?? 0) if (at === root) return true;
    return false;
  };
  let bytes = 0;
  for (const id of [...parents.keys()].filter(isOurs)) {
    // Shares of what several processes have in common, so that it counts once.
    const rollup = await readFile(`/proc/${id}/smaps_rollup`, "utf8").catch(() => "");
    bytes += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  }
  return bytes;
}

/** @param {number} bytes */
function toMib(bytes) {
  return Math.round(bytes / MIB);
}
