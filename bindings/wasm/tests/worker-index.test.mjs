// The client's index, in Node and in every browser: its results equal those of the synchronous
// index.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { openAsBlob } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { servePages } from "./support/pages.mjs";
import { PACKAGE } from "./support/places.mjs";

const ZERO = "0".repeat(64);
const NEAR = `${"0".repeat(62)}0f`;
const FAR = "f".repeat(64);
/** Longer than the chunks in which a file is read, so that reading can be cancelled. */
const LONG = `pdq ${ZERO}\n`.repeat(150_000);

const { Ownprint, OwnprintError } = await import("ownprint");
const { loadCore } = await import("ownprint/core");
const core = await loadCore({ full: true });

describe("the client's index: node", () => {
  /** @type {import("ownprint").Ownprint} */
  let client;
  before(() => {
    client = new Ownprint();
  });
  after(() => client.dispose());

  test("gives the results of the synchronous index", async () => {
    const [index, same] = [await client.createIndex(), core.index()];
    const list = `pdq ${ZERO}\npdq ${NEAR}\npdq ${FAR}\n`;
    assert.equal(index.algorithm, "pdq");
    assert.deepEqual(
      await Promise.all([index.insertList(list), index.insert(NEAR, 'a "text"\ud800')]),
      [3, 3],
    );
    assert.deepEqual([same.insertList(list), same.insert(NEAR, 'a "text"\ufffd')], [3, 3]);
    assert.deepEqual(await index.within(ZERO), same.within(ZERO));
    assert.deepEqual(await index.within(ZERO, 3), same.within(ZERO, 3));
    assert.deepEqual(await index.nearest(FAR, 2), same.nearest(FAR, 2));
    assert.deepEqual(
      [await index.groups(), await index.groups(256)],
      [same.groups(), same.groups(256)],
    );
    assert.deepEqual(await index.save(), same.save());
    assert.deepEqual(
      [await index.remove(0), await index.remove(0), await index.remove(3)],
      ["", undefined, 'a "text"\ufffd'],
    );
    assert.equal(await index.size(), 2);
    const loaded = await client.loadIndex(await index.save());
    assert.deepEqual(
      [await loaded.size(), await loaded.within(ZERO)],
      [2, [{ entry: 0, distance: 4, payload: "" }]],
    );
    for (const one of [index, loaded, same]) one.dispose();
  });

  test("lists and files are read from every form of input, in chunks", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "ownprint-worker-index-"));
    const file = path.join(folder, "list.txt");
    await writeFile(file, LONG);
    const bytes = new TextEncoder().encode(LONG);
    const chunks = () =>
      new ReadableStream({
        start(source) {
          for (let start = 0; start < bytes.length; start += 1_000_003)
            source.enqueue(bytes.slice(start, start + 1_000_003));
          source.close();
        },
      });
    const index = await client.createIndex();
    let expected = 0;
    for (const list of [
      LONG,
      bytes,
      bytes.buffer,
      new Blob([bytes]),
      await openAsBlob(file),
      new Response(LONG),
      chunks(),
    ]) {
      /** @type {import("ownprint").Progress[]} */
      const reported = [];
      assert.equal(
        await index.insertList(list, { onProgress: (progress) => reported.push(progress) }),
        150_000,
      );
      expected += 150_000;
      assert.equal(await index.size(), expected);
      assert.equal(reported.at(-1)?.bytes, bytes.length);
      // Node chooses the chunk length of a blob.
      assert.ok(reported.length > 1 || !(list instanceof ReadableStream), "it came in one chunk");
      assert.ok(reported.every(({ bytes }, at) => at === 0 || bytes > reported[at - 1].bytes));
    }
    const saved = await index.save();
    for (const source of [saved, new Blob([saved]), new Response(saved)]) {
      const loaded = await client.loadIndex(source);
      assert.equal(await loaded.size(), expected);
      loaded.dispose();
    }
    index.dispose();
    await rm(folder, { recursive: true });
  });

  test("invalid input is rejected with the core's codes and does not change the index", async () => {
    const index = await client.createIndex("phash");
    await index.insert("00000000000000ff", "kept");
    for (const [call, code] of /** @type {[() => Promise<unknown>, string][]} */ ([
      [() => client.createIndex(/** @type {any} */ ("sift")), "unknown-algorithm"],
      [() => client.createIndex("phash:128"), "not-comparable"],
      [() => client.loadIndex(new Uint8Array(9)), "invalid-index"],
      [() => index.insert("00"), "not-comparable"],
      [() => index.within("g".repeat(16)), "invalid-hash"],
      [() => index.insertList(`${LONG}pdq 00\n`), "invalid-record"],
      [() => index.insertList(new Response("", { status: 404 })), "io"],
      [() => index.insertList(failingStream()), "io"],
    ])) {
      await assert.rejects(
        call,
        (error) => error instanceof OwnprintError && error.code === code,
        code,
      );
    }
    await assert.rejects(index.insertList(`${LONG}pdq 00\n`), {
      message: /^line 150001, column 5: /,
    });
    /** @type {any} */
    const any = index;
    for (const call of [
      () => any.insert(undefined),
      () => any.insert("00000000000000ff", 5),
      () => any.insertList(undefined),
      () => any.insertList("list", { signal: AbortSignal.abort({ code: "invalid-argument" }) }),
      () => any.within("00000000000000ff", -1),
      () => any.nearest("00000000000000ff"),
      () => any.remove("0"),
      () => any.groups(0.5),
      () => /** @type {any} */ (client).createIndex(5),
    ]) {
      await assert.rejects(call, { code: "invalid-argument" }, String(call));
    }
    assert.deepEqual(await index.within("00000000000000ff", 64), [
      { entry: 0, distance: 0, payload: "kept" },
    ]);
    index.dispose();
  });

  test("cancelling a list changes neither the index nor parallel calls", async () => {
    const index = await client.createIndex();
    await index.insert(ZERO, "kept");
    const reason = new Error("the person chose another list");
    for (const list of [LONG, endless(), stalled()]) {
      const controller = new AbortController();
      const added = index.insertList(list, {
        signal: controller.signal,
        onProgress: () => controller.abort(reason),
      });
      if (!(typeof list === "string")) setTimeout(() => controller.abort(reason), 200);
      const [outcome, size] = await Promise.allSettled([added, index.size()]);
      assert.deepEqual(outcome, { status: "rejected", reason });
      assert.deepEqual(size, { status: "fulfilled", value: 1 });
    }
    // A pending call is cancelled at once, and the order of the other calls does not change.
    const controller = new AbortController();
    const [first, waiting, last] = [
      index.insertList(LONG),
      index.size({ signal: controller.signal }),
      index.size(),
    ];
    controller.abort(reason);
    await assert.rejects(waiting, (error) => error === reason);
    assert.deepEqual(await Promise.all([first, last]), [150_000, 150_001]);
    await assert.rejects(
      index.within(ZERO, 0, { signal: AbortSignal.abort(reason) }),
      (error) => error === reason,
    );
    await assert.rejects(
      client.createIndex("pdq", { signal: AbortSignal.abort(reason) }),
      (error) => error === reason,
    );
    const starting = new AbortController();
    const created = client.createIndex("pdq", { signal: starting.signal });
    starting.abort(reason);
    await assert.rejects(created, (error) => error === reason);
    index.dispose();
  });

  test("cancelling an image or disposing of another index does not affect it", async () => {
    const [index, other] = [await client.createIndex(), await client.createIndex()];
    await index.insert(ZERO);
    const controller = new AbortController();
    const work = client.digestStream(endless(), { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(work, { name: "AbortError" });
    other.dispose();
    assert.equal(await index.size(), 1);
    index.dispose();
  });

  test("calls fail after it is freed or disposed of", async () => {
    const own = new Ownprint();
    const [freed, gone] = [await own.createIndex(), await own.createIndex()];
    const running = freed.insertList(LONG);
    freed.dispose();
    freed[Symbol.dispose]?.();
    await assert.rejects(running, { name: "OwnprintError", code: "cancelled" });
    await assert.rejects(freed.size(), { code: "disposed", message: /disposed/ });
    const beside = gone.insertList(LONG);
    own.dispose();
    await assert.rejects(beside, { name: "OwnprintError", code: "cancelled" });
    await assert.rejects(gone.size(), {
      name: "OwnprintError",
      code: "cancelled",
      message: /disposed/,
    });
    await assert.rejects(gone.insertList(""), { code: "cancelled" });
    const next = await own.createIndex();
    assert.equal(await next.insert(ZERO), 0);
    own.dispose();
  });

  test("the index is lost if its worker ends", async () => {
    const own = new Ownprint({ worker: new URL("./support/ending-worker.mjs", import.meta.url) });
    const index = await own.createIndex();
    await assert.rejects(index.insert(ZERO), { name: "OwnprintError", code: "load-failed" });
    await assert.rejects(index.size(), {
      name: "OwnprintError",
      code: "cancelled",
      message: /ended/,
    });
    own.dispose();
  });

  test("without a full build, the error names what is needed", async () => {
    const own = new Ownprint({ wasm: new URL("../dist/ownprint-simd.wasm", import.meta.url) });
    await assert.rejects(own.createIndex(), {
      name: "OwnprintError",
      code: "needs-full",
      message: /wasmFull/,
    });
    own.dispose();
    const full = new Ownprint({
      wasm: new URL(`file://${path.join(PACKAGE, "dist/ownprint-full-simd.wasm")}`),
    });
    const index = await full.createIndex("phash");
    assert.equal(index.algorithm, "phash");
    full.dispose();
  });
});

inBrowsers("the client's index", EVERY_BROWSER, (held) => {
  /** @type {import("./support/server.mjs").Server} */
  let server;
  before(async () => {
    server = await servePages();
    server.files.set("/list.txt", Buffer.from(LONG));
  });
  after(() => server.close());

  for (const page of ["client", "inline-full"]) {
    test(`${page}: reads a file and a stream, is cancelled, saves and loads`, async () => {
      await held.browser.open(`${server.origin}/pages/${page}.html`);
      const found = await held.browser.evaluate(
        async (zero, near) => {
          const client = new ownprint.Ownprint();
          const index = await client.createIndex();
          await index.insert(near, "near");
          const reason = new Error("another list");
          const controller = new AbortController();
          const blob = await blobOf("/list.txt");
          const options = { signal: controller.signal, onProgress: () => controller.abort(reason) };
          const ended = await index.insertList(blob, options).then(
            () => "finished",
            (error) => error === reason,
          );
          const before = await index.size();
          const added = [
            await index.insertList(blob),
            await index.insertList(await fetch("/list.txt")),
          ];
          const loaded = await client.loadIndex(new Blob([await index.save()]));
          const failed = await outcome(() => loaded.insertList(`pdq ${zero}\npdq 00`));
          const hits = await loaded.nearest(near, 1);
          const size = await loaded.size();
          client.dispose();
          const gone = await outcome(() => index.size());
          return { ended, before, added, failed, hits, size, gone };
        },
        ZERO,
        NEAR,
      );
      assert.deepEqual(
        [found.ended, found.before, found.added, found.size],
        [true, 1, [150_000, 150_000], 300_001],
      );
      assert.deepEqual(found.hits, [{ entry: 0, distance: 0, payload: "near" }]);
      assert.equal(found.failed.error?.code, "invalid-record", JSON.stringify(found.failed));
      assert.match(found.failed.error.message, /^line 2, column 5: /);
      assert.deepEqual(
        [found.gone.error?.code, found.gone.error?.isOwnprintError],
        ["cancelled", true],
        JSON.stringify(found.gone),
      );
    });
  }
});

/** A stream without an end. */
function endless() {
  const chunk = new TextEncoder().encode(`pdq ${ZERO}\n`.repeat(1000));
  return new ReadableStream({
    async pull(source) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      source.enqueue(chunk.slice());
    },
  });
}

/** A stream that gives one chunk and never ends. */
function stalled() {
  return new ReadableStream({
    start: (source) => source.enqueue(new TextEncoder().encode(`pdq ${ZERO}\n`)),
  });
}

function failingStream() {
  return new ReadableStream({ pull: (source) => source.error(new Error("the cable was pulled")) });
}
