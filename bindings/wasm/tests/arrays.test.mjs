// No bytes of an image are left in JavaScript's memory: arrays that the package creates or receives
// are overwritten on every path. The tests search all byte arrays that were created meanwhile.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { isEmpty, watchArrays } from "./support/arrays.mjs";
import { canvases, fakeBrowser } from "./support/canvas.mjs";
import { codecs } from "./support/codecs.mjs";
import { PACKAGE, VECTORS } from "./support/places.mjs";
import { noise, rowsOf } from "./support/images.mjs";
import { windowsFound } from "./support/residue.mjs";
import { withTrapIn } from "./support/trap.mjs";

const [WIDTH, HEIGHT] = [64, 600];
const FORMATS = /** @type {const} */ (["heic", "avif", "jxl"]);
/** Bytes that no other array contains. */
const SECRET = noise(5000, 7);

/** @param {string} file of the package */
const inPackage = (file) => import(path.join(PACKAGE, "dist", file));
/** @param {string} format */
const still = (format) =>
  readFile(path.join(VECTORS, "stills", format === "jxl" ? "lossless.jxl" : `420.${format}`));
/** @param {string} format */
const moduleOf = (format) => readFile(path.join(PACKAGE, "codecs/dist", `ownprint-${format}.wasm`));

/**
 * Runs some work and searches the arrays that it created for bytes.
 *
 * @param {Uint8Array[]} sought
 * @param {() => unknown} work
 * @param {Uint8Array} [given] to the work, which is not to overwrite it
 */
async function leftBy(sought, work, given) {
  const { arrays, stop } = watchArrays();
  try {
    await work();
  } finally {
    stop();
  }
  // Many arrays are views of one memory.
  const made = new Set(
    arrays
      .filter(({ length, buffer }) => length > 0 && buffer !== given?.buffer)
      .map(({ buffer }) => buffer),
  );
  const buffers = [...made].map((buffer) => new Uint8Array(buffer));
  const founds = buffers.map((bytes) => windowsFound(bytes, sought, { length: 32 }));
  const found = founds.reduce((total, { found }) => total + found, 0);
  return { found, arrays: buffers.length };
}

test("the search finds bytes that were not overwritten", async () => {
  const { found } = await leftBy([SECRET], () => SECRET.slice(100).subarray(5));
  assert.equal(found, 0, "the secret's own class is not watched");
  const kept = await leftBy([SECRET], () => new Uint8Array(SECRET).slice(100));
  assert.ok(kept.found > 9000, `${kept.found}`);
});

describe("arrays: a worker", () => {
  test("a chunk that arrives after the cancellation", async () => {
    const line = await started();
    line.tell({ type: "job", job: fileJob({ kind: "chunks", total: undefined }) });
    await line.hears("more");
    const late = SECRET.slice();
    line.tell({ type: "cancel" });
    line.tell({ type: "chunk", chunk: late });
    const { code } = await line.hears("failed");
    assert.equal(code, "cancelled");
    assert.ok(isEmpty(late));
  });

  test("an incomplete head when the work is cancelled, and a joined head", async () => {
    const line = await started();
    const chunks = [SECRET.slice(0, 300), SECRET.slice(300, 700)];
    const { found } = await leftBy([SECRET], async () => {
      line.tell({ type: "job", job: fileJob({ kind: "chunks", total: undefined }) });
      for (const chunk of chunks) {
        await line.hears("more");
        line.tell({ type: "chunk", chunk });
      }
      await line.hears("more");
      line.tell({ type: "cancel" });
      await line.hears("failed");
    });
    assert.equal(found, 0);
    assert.ok(chunks.every(isEmpty));
  });

  test("a chunk of a file that became shorter", async () => {
    const line = await started();
    const read = SECRET.slice(0, 3000);
    const blob = { size: SECRET.length, slice: () => ({ arrayBuffer: async () => read.buffer }) };
    line.tell({ type: "job", job: fileJob({ kind: "blob", blob }) });
    const { code } = await line.hears("failed");
    assert.equal(code, "io");
    assert.ok(isEmpty(read));
  });

  test("a file that was not read", async () => {
    const line = await started();
    const bytes = SECRET.slice();
    line.tell({ type: "job", job: fileJob({ kind: "bytes", bytes }, { algorithms: ["md6"] }) });
    // The full build may know the algorithm.
    const { code } = await line.hears("failed");
    assert.equal(code, "unknown-algorithm");
    assert.ok(isEmpty(bytes));
  });

  for (const [name, failing] of /** @type {const} */ ([
    ["an image that the browser decoded", undefined],
    ["one that is refused before its pixels are read", { limits: { memory: 1000 } }],
    ["one that cannot be read to its end", { unreadable: 2 }],
  ])) {
    test(name, async () => {
      const rows = rowsOf(WIDTH, HEIGHT, 3, 4);
      const heic = new Blob([await still("heic")]);
      const restore = fakeBrowser({ rows, width: WIDTH, height: HEIGHT }, failing?.unreadable);
      /** @type {any} */
      let answer;
      try {
        const line = await started();
        const { found, arrays } = await leftBy(rows, async () => {
          line.tell({
            type: "job",
            job: {
              ...fileJob({ kind: "blob", blob: heic }, { limits: failing?.limits }),
              platformDecode: true,
            },
          });
          await line.hears("decoder");
          line.tell({ type: "decoder" });
          answer = await line.hears(failing?.unreadable ? "failed" : "done");
        });
        assert.equal(found, 0);
        assert.ok(arrays > (failing?.limits ? 0 : 2));
      } finally {
        restore();
      }
      if (failing === undefined) {
        const { decoder, image } = answer.value;
        assert.deepEqual([decoder, image.width], [{ name: "platform" }, WIDTH]);
      } else {
        const { code, message } = answer.value?.error ?? answer;
        const expected = failing.limits ? /^limit-exceeded the memory/ : /^internal unreadable/;
        assert.match(`${code} ${message}`, expected);
      }
      assert.ok(canvases.length >= (failing?.limits ? 1 : 2));
      // The test pattern of the canvas is not image data.
      for (const { data } of canvases.filter(({ width }) => width === WIDTH))
        assert.ok(isEmpty(data));
    });
  }
});

describe("arrays: the page", () => {
  test("a chunk that arrives after the job was cancelled", async () => {
    const { WorkerHandle } = await inPackage("worker-handle.js");
    /** @type {(message: object) => void} */
    let take = () => {};
    /** @type {any[]} */
    const sent = [];
    const worker = {
      send: (/** @type {any} */ message) => void sent.push(message),
      listen: (/** @type {any} */ it) => (take = it),
      terminate() {},
    };
    const handle = new WorkerHandle({ startWorker: () => worker, clonesBlobs: true }, {}, () => {});
    await turn();
    take({ type: "started" });
    const chunk = SECRET.slice();
    /** @type {(chunk: Uint8Array) => void} */
    let give = () => {};
    const nextChunk = () => new Promise((resolve) => (give = resolve));
    const running = handle.run({ job: fileJob({ kind: "chunks", total: undefined }), nextChunk });
    await turn();
    take({ type: "more" });
    await turn();
    handle.cancel(new Error("enough"));
    give(chunk);
    await turn();
    take({ type: "failed", code: "cancelled", message: "cancelled", memoryBytes: 0 });
    await assert.rejects(running, { message: "enough" });
    assert.deepEqual(
      sent.map(({ type }) => type),
      ["start", "job", "cancel"],
    );
    assert.ok(isEmpty(chunk));
  });

  test("copies that were made for a worker and not sent", async () => {
    const { Ownprint } = await import("ownprint");
    const client = new Ownprint();
    const reason = new Error("enough");
    /** @type {((signal: AbortSignal) => Promise<unknown>)[]} */
    const calls = [
      (signal) => client.fingerprint(SECRET, { signal }),
      (signal) => client.fingerprintVideo(SECRET, { signal }),
      (signal) => client.fingerprint(SECRET, { signal, platformDecode: true }),
      (signal) =>
        client.fingerprintPixels(
          { data: SECRET, width: 50, height: 100, format: "l8" },
          { signal },
        ),
    ];
    for (const [index, call] of calls.entries()) {
      const { found, arrays } = await leftBy(
        [SECRET],
        async () => {
          const stop = new AbortController();
          const called = call(stop.signal);
          stop.abort(reason);
          await assert.rejects(called, reason);
        },
        SECRET,
      );
      assert.equal(found, 0, `call ${index}`);
      assert.ok(arrays > 0);
    }
    client.dispose();
  });
});

describe("arrays: optional codecs", () => {
  for (const format of FORMATS) {
    test(`the pixels of a ${format} file`, async () => {
      const { loadCore } = await import("ownprint/core");
      const { ImageDecoder } = await inPackage("image-decoder.js");
      const [file, module] = await Promise.all([still(format), moduleOf(format)]);
      const decoder = new ImageDecoder(new WebAssembly.Module(module), {});
      decoder.update(file);
      const sought = [decoder.decode().pixels.data];
      const { of } = windowsFound(new Uint8Array(), sought, { length: 32 });
      assert.ok(of > 1000, `${of} windows`);
      for (const wasm of [module, withTrapIn(module, /^decodedimage_description/)]) {
        const core = await loadCore({ codecs: [{ name: format, wasm }] });
        const { found } = await leftBy(
          sought,
          () => {
            if (wasm === module) assert.equal(core.fingerprint(file).image?.pdq?.hash.length, 64);
            // The AV1 decoder traps on some damaged files, so its module reports damage.
            else if (format === "avif") assert.equal(core.fingerprint(file).error?.code, "damaged");
            else assert.throws(() => core.fingerprint(file), { name: "OwnprintError" });
          },
          file,
        );
        assert.equal(found, 0, wasm === module ? "decoded" : "decoded, and a trap behind it");
        core.dispose();
      }
    });
  }

  test("heads of files until the format is identified", async () => {
    const { loadCore } = await import("ownprint/core");
    const core = await loadCore({ codecs: codecs("heic") });
    const file = new Uint8Array(await still("heic"));
    const head = [file.slice(0, 120)];
    for (const [first, second, options] of /** @type {const} */ ([
      [file.subarray(0, 40), file.subarray(40), {}],
      [file.subarray(0, 40), file.subarray(40, 60), {}],
      [file.subarray(0, 40), file.subarray(40, 120), { limits: { fileBytes: 50 } }],
    ])) {
      const { found, arrays } = await leftBy(
        head,
        () => {
          const stream = core.stream(options);
          try {
            stream.update(first);
            stream.update(second);
            stream.finalize();
          } catch (error) {
            assert.equal(/** @type {Error} */ (error).name, "OwnprintError");
          } finally {
            stream.dispose();
          }
        },
        file,
      );
      assert.equal(found, 0, `${first.length} and ${second.length} bytes`);
      assert.ok(arrays > 1);
    }
    core.dispose();
  });
});

/** @param {object} input @param {object} [options] */
function fileJob(input, options = {}) {
  return { kind: "file", input, options, digestsOnly: false, platformDecode: false };
}

/** Waits until all ready callbacks have run. */
function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Returns a started worker in this process. */
async function started() {
  const { serve } = await inPackage("serve.js");
  /** @type {any[]} */
  const said = [];
  /** @type {(message: object) => void} */
  let tell = () => {};
  serve(
    {
      send: (/** @type {any} */ message) => void said.push(message),
      listen: (/** @type {any} */ take) => (tell = take),
    },
    readFile,
  );
  /**
   * Returns the next message of a type; skips other messages.
   *
   * @param {string} type
   * @returns {Promise<any>}
   */
  const hears = async (type) => {
    // By time, because a busy machine compiles a module during any number of turns.
    for (const end = Date.now() + 20_000; Date.now() < end; ) {
      for (let message = said.shift(); message !== undefined; message = said.shift()) {
        if (message.type === type) return message;
        if (message.type === "failed" || message.type === "done")
          assert.fail(`${JSON.stringify(message)} instead of ${type}`);
      }
      await turn();
    }
    return assert.fail(`nothing of type ${type} was said`);
  };
  tell({ type: "start", full: false });
  await hears("started");
  return { tell, hears };
}
