// The client in Node: what goes wrong is an error of the call, and never ends the process.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import vm from "node:vm";
import { Worker } from "node:worker_threads";

import {
  capabilities,
  compare,
  dispose,
  distance,
  fingerprint,
  fingerprintAll,
  fingerprintVideo,
  Ownprint,
  OwnprintError,
} from "ownprint";

import { CODECS_OF_PACKAGE, codecs } from "./support/codecs.mjs";
import { run } from "./support/native.mjs";
import { IMAGES, PACKAGE, REPOSITORY } from "./support/places.mjs";

const file = await readFile(path.join(IMAGES, "lake.jpg"));
const { digests } = await fingerprint(file);
dispose();

/** Returns a stream that is never read to its end. */
const endless = () =>
  new ReadableStream({
    async pull(controller) {
      await sleep(1);
      controller.enqueue(new Uint8Array(1000));
    },
  });

/**
 * Returns the number of threads that run workers of the package.
 *
 * @param {() => Promise<unknown>} work
 */
async function threadsAfter(work) {
  /** @type {Set<Worker>} */
  const running = new Set();
  const { emit } = Worker.prototype;
  /** @this {Worker} @param {string} name @param {any[]} values */
  Worker.prototype.emit = function (name, ...values) {
    if (name === "online") running.add(this);
    if (name === "exit") running.delete(this);
    return emit.call(this, name, ...values);
  };
  try {
    await work();
    await sleep(300);
    return running.size;
  } finally {
    Worker.prototype.emit = emit;
  }
}

/** @param {() => unknown} done */
async function until(done, what = "the condition") {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (done()) return;
    await sleep(50);
  }
  assert.fail(`${what}: not within 30 seconds`);
}

describe("errors do not end the process", () => {
  test("inputs that cannot be read", async () => {
    const used = new Response("used");
    await used.text();
    const locked = new Blob(["x"]).stream();
    locked.getReader();
    // In a process of its own, because the test runner catches what would end it.
    const script = `
      import { fingerprint, dispose } from "ownprint";
      const used = new Response("used");
      await used.text();
      const locked = new Blob(["x"]).stream();
      locked.getReader();
      for (const input of [used, locked]) {
        try { await fingerprint(input); } catch (error) { console.log(error.code); }
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      dispose();
      console.log("alive");`;
    const printed = await run("node", ["--input-type=module", "--eval", script], {
      folder: PACKAGE,
    });
    assert.equal(printed.trim(), "io\nio\nalive");
    for (const input of [used, locked])
      await assert.rejects(fingerprint(input), (error) => {
        assert.ok(error instanceof OwnprintError);
        assert.equal(error.code, "io");
        return true;
      });
  });

  test("a function of the caller that throws fails its call only", async () => {
    const mine = new Error("mine");
    const onProgress = () => {
      throw mine;
    };
    await assert.rejects(fingerprint(file, { onProgress }), mine);
    await assert.rejects(fingerprint(new Blob([file]), { onProgress }), mine);
    const all = async () => {
      for await (const _ of fingerprintAll([file, file], { onProgress }));
    };
    await assert.rejects(all(), mine);
    assert.deepEqual((await fingerprint(file)).digests, digests);
    dispose();
  });

  test("options that cannot be sent", async () => {
    const limits = /** @type {any} */ ({ pixels: () => 5 });
    await assert.rejects(fingerprint(file, { limits }), { code: "invalid-argument" });
    assert.deepEqual((await fingerprint(file)).digests, digests);
    dispose();
  });
});

describe("dispose", () => {
  test("ends calls that are being prepared, and leaves no worker", async () => {
    const left = await threadsAfter(async () => {
      for (let round = 0; round < 20; round += 1) {
        const client = new Ownprint({ codecs: codecs() });
        const calls = [
          client.fingerprint(file),
          client.fingerprint(new Blob([file])),
          client.fingerprintVideo(file),
          client.digestStream(endless()),
          client.compare("00", "01", "ahash"),
          client.preload(),
          client.createIndex(),
        ];
        client.dispose();
        for (const [index, result] of (await Promise.allSettled(calls)).entries()) {
          assert.equal(result.status, "rejected", `call ${index}`);
          assert.equal(
            result.status === "rejected" && result.reason.code,
            "cancelled",
            `call ${index}`,
          );
        }
      }
    });
    assert.equal(left, 0);
  });

  test("ends batches", async () => {
    const client = new Ownprint({ concurrency: 2 });
    let seen = 0;
    const all = async () => {
      for await (const { error } of client.fingerprintAll(Array(50).fill(file))) {
        assert.equal(error, undefined);
        seen += 1;
        if (seen === 3) client.dispose();
      }
    };
    await assert.rejects(all(), { code: "cancelled" });
    assert.ok(seen < 50);
    // A batch that began before, but was not iterated yet.
    const early = client.fingerprintAll([file]);
    client.dispose();
    await assert.rejects(early.next(), { code: "cancelled" });
    assert.deepEqual((await client.fingerprint(file)).digests, digests);
    client.dispose();
  });

  test("`using` declarations", async () => {
    const client = new Ownprint();
    assert.deepEqual((await client.fingerprint(file)).digests, digests);
    const running = client.fingerprint(file);
    client[Symbol.dispose]();
    await assert.rejects(running, { code: "cancelled" });
  });
});

describe("inputs", () => {
  test("a value in a batch that is no file is the error of that item", async () => {
    const inputs = /** @type {any[]} */ ([file, null, file, "a path", new Blob([file])]);
    const codes = [];
    for await (const { index, fingerprint, error } of fingerprintAll(inputs)) {
      codes[index] = error?.code ?? fingerprint?.digests.md5;
    }
    const { md5 } = digests;
    assert.deepEqual(codes, [md5, "invalid-argument", md5, "invalid-argument", md5]);
    dispose();
  });

  test("a list of files is not a file", async () => {
    for (const list of /** @type {any[]} */ ([[new Blob([file])], [new File([file], "a")]]))
      await assert.rejects(fingerprint(list), { message: /fingerprintAll/ });
  });

  test("buffers of another realm", async () => {
    const context = vm.createContext({ bytes: [...file] });
    const inputs = vm.runInContext(
      `const view = Uint8Array.from(bytes); [view.buffer, view, new DataView(view.buffer)]`,
      context,
    );
    assert.ok(!(inputs[0] instanceof ArrayBuffer));
    for (const input of inputs) assert.deepEqual((await fingerprint(input)).digests, digests);
    const shared = new SharedArrayBuffer(file.length);
    new Uint8Array(shared).set(file);
    const given = /** @type {any} */ (shared);
    assert.deepEqual((await fingerprint(given)).digests, digests);
    dispose();
  });

  test("a file of a simulated browser, which has no stream", async () => {
    const simulated = /** @type {any} */ ({ size: file.length, slice() {} });
    await assert.rejects(fingerprint(simulated), { code: "invalid-argument" });
    /** @type {any} */ (globalThis).FileReader = class {
      readAsArrayBuffer() {
        const reader = /** @type {any} */ (this);
        reader.result = file;
        queueMicrotask(() => reader.onload());
      }
    };
    try {
      assert.deepEqual((await fingerprint(simulated)).digests, digests);
    } finally {
      delete (/** @type {any} */ (globalThis).FileReader);
      dispose();
    }
  });

  test("no algorithm", async () => {
    for (const call of [fingerprint, fingerprintVideo])
      await assert.rejects(call(file, { algorithms: [] }), {
        code: "invalid-argument",
        message: /algorithms is empty/,
      });
  });
});

describe("workers", () => {
  test("idle workers end, and the next call starts another", async () => {
    const client = new Ownprint({ concurrency: 3, idleSeconds: 0.2 });
    const { emit } = Worker.prototype;
    /** @type {Set<Worker>} */
    const running = new Set();
    let peak = 0;
    /** @this {Worker} @param {string} name @param {any[]} values */
    Worker.prototype.emit = function (name, ...values) {
      if (name === "online") running.add(this);
      if (name === "exit") running.delete(this);
      peak = Math.max(peak, running.size);
      return emit.call(this, name, ...values);
    };
    try {
      await Promise.all([1, 2, 3].map(() => client.fingerprint(file)));
      assert.ok(peak > 0);
      await until(() => running.size === 0, "idle workers end");
      assert.deepEqual((await client.fingerprint(file)).digests, digests);
      // After `preload`, one remains.
      await client.preload();
      await Promise.all([1, 2, 3].map(() => client.fingerprint(file)));
      await until(() => running.size === 1, "one worker remains");
      await sleep(300);
      assert.equal(running.size, 1);
      client.dispose();
      await until(() => running.size === 0, "dispose ends it");
    } finally {
      Worker.prototype.emit = emit;
    }
  });

  test("a process that has idle workers ends", async () => {
    const script = `
      import { fingerprint } from "ownprint";
      await fingerprint(new Uint8Array([1, 2, 3]));`;
    const started = Date.now();
    await run("node", ["--input-type=module", "--eval", script], { folder: PACKAGE });
    assert.ok(Date.now() - started < 25_000);
  });

  test("as many as processors, by default", async () => {
    const client = new Ownprint();
    const left = await threadsAfter(async () => {
      for await (const { error } of client.fingerprintAll(Array(40).fill(file)))
        assert.equal(error, undefined);
    });
    client.dispose();
    const { availableParallelism } = await import("node:os");
    assert.equal(left, Math.min(8, availableParallelism()));
  });

  test("where further workers cannot start, the first does the work", async () => {
    let starts = 0;
    const { Client } = await import(path.join(PACKAGE, "dist/client.js"));
    const client = new Client(
      {
        clonesBlobs: false,
        workers: () => 4,
        startWorker() {
          starts += 1;
          if (starts > 1) throw new Error("no network");
          const worker = new Worker(path.join(PACKAGE, "dist/worker-node.js"));
          return {
            send: (/** @type {any} */ message, /** @type {any} */ transfer) =>
              worker.postMessage(message, transfer),
            listen: (/** @type {any} */ take) => worker.on("message", take),
            terminate: () => worker.terminate(),
          };
        },
      },
      {},
    );
    const results = await Promise.all(Array.from({ length: 6 }, () => client.fingerprint(file)));
    for (const result of results) assert.deepEqual(result.digests, digests);
    assert.ok(starts > 1);
    client.dispose();
    await assert.rejects(client.fingerprint(file), { code: "load-failed", message: /no network/ });
  });
});

describe("preload", () => {
  test("checks addresses and bytes of codecs", async () => {
    for (const wasm of [
      new URL("./nothing.wasm", import.meta.url),
      new URL("./client.test.mjs", import.meta.url),
      "http://127.0.0.1:9/ownprint-heic.wasm",
      new Uint8Array(100),
    ]) {
      const client = new Ownprint({ codecs: [{ name: "heic", wasm }] });
      await assert.rejects(client.preload(), { code: "load-failed" });
      client.dispose();
    }
    const client = new Ownprint({ codecs: codecs("heic") });
    await assert.rejects(client.preload(["jxl"]), { code: "invalid-argument" });
    await client.preload(["heic"]);
    client.dispose();
  });

  test("loads the full build and the client's codecs, each once", async () => {
    let loads = 0;
    const client = new Ownprint({
      concurrency: 2,
      codecs: codecs("avif", "video").map(({ name, wasm }) => ({
        name,
        wasm: () => {
          loads += 1;
          return wasm();
        },
      })),
    });
    await client.preload();
    assert.equal(loads, 2);
    const avif = await readFile(path.join(REPOSITORY, "conformance/vectors/stills/420.avif"));
    const [a, b] = await Promise.all([client.fingerprint(avif), client.fingerprint(avif)]);
    assert.deepEqual([a.image?.format, b.image?.format, loads], ["avif", "avif", 2]);
    client.dispose();
  });

  test("without its codec, a file has digests and a warning", async () => {
    const heic = await readFile(path.join(REPOSITORY, "conformance/vectors/stills/420.heic"));
    const { image, warnings } = await fingerprint(heic);
    assert.deepEqual([image, warnings[0]?.code], [undefined, "unsupported-format"]);
    const { formats } = await capabilities();
    assert.equal(formats.find(({ name }) => name === "heic")?.decoded, false);
    dispose();
  });
});

describe("codecs", () => {
  test("the package has one for each name, also embedded", async () => {
    for (const name of CODECS_OF_PACKAGE) {
      const [file, inline] = await Promise.all(
        ["", "inline/"].map((folder) => import(`../codecs/dist/${folder}${name}.js`)),
      );
      assert.deepEqual([file.default.name, inline.default.name], [name, name]);
      const bytes = await readFile(file.default.wasm());
      assert.ok(bytes.equals(new Uint8Array(await inline.default.wasm())), name);
    }
  });
});

describe("distance", () => {
  const pairs = [
    ["00", "07"],
    ["ff", "FF"],
    ["f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22", "00".repeat(32)],
    ["0123456789abcdef01", "fedcba9876543210fe"],
    ["80000000", "00000000"],
    ["", "00"],
    ["0", "0"],
    ["00", "0000"],
    ["0g", "00"],
    [" 0", "00"],
    ["0x", "00"],
    ["é0", "00"],
    ["００", "00"],
  ];

  test("equals the core's", async () => {
    const { loadCore } = await import("ownprint/core");
    const core = await loadCore();
    const outcome = (/** @type {() => unknown} */ work) => {
      try {
        return work();
      } catch (error) {
        return error instanceof OwnprintError ? error.code : error;
      }
    };
    for (const [a = "", b = ""] of pairs) {
      for (const [x, y] of /** @type {const} */ ([
        [a, b],
        [b, a],
      ]))
        assert.deepEqual(
          outcome(() => distance(x, y)),
          outcome(() => core.distance(x, y)),
          `${x} ${y}`,
        );
    }
    for (let round = 0; round < 2000; round += 1) {
      const [a, b] = [1, 2].map((salt) =>
        Buffer.from(
          Uint8Array.from({ length: 1 + (round % 40) }, (_, at) => (round * salt * 7919 + at * 31) ^ (at * at)),
        ).toString("hex"),
      );
      assert.equal(distance(a ?? "", b ?? ""), core.distance(a ?? "", b ?? ""));
    }
    core.dispose();
    const any = /** @type {any} */ (distance);
    for (const values of [[], [1, 2], [null, "00"], ["00", {}]])
      assert.throws(() => any(...values), { code: "invalid-argument" });
  });

  test("compare has the same", async () => {
    const [a = "", b = ""] = pairs[2] ?? [];
    assert.equal((await compare(a, b)).distance, distance(a, b));
    dispose();
  });
});
