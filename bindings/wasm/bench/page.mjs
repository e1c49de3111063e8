// The measurements of the page, one per call. Times are in milliseconds.

import * as core from "/dist/core.js";
import * as ownprint from "/dist/index.js";
import * as peer from "/hash-wasm/index.esm.js";
import { codecs } from "/support/codecs.mjs";
import { watchMemories } from "/support/instances.mjs";

import { rgbPixels } from "./pixels.mjs";

const WITH_DIGESTS = { algorithms: ["pdq", "md5", "sha1", "sha256", "blake3"] };
const [WIDTH, HEIGHT] = [4000, 3000];

const client = new ownprint.Ownprint();
const jpeg = await (await fetch("/image.jpg")).blob();
const own = await core.loadCore();
const small = await core.loadCore({ decoders: false });
const rgb = rgbPixels();
/** @type {Record<string, Uint8Array>} */
const data = {};

Object.assign(globalThis, {
  fileInWarmWorker: () => time(() => client.fingerprint(jpeg, WITH_DIGESTS)),

  fileWithDefaults: () => time(() => client.fingerprint(jpeg)),

  pixelsInDefaultBuild: () => time(() => own.fingerprintPixels(rgb, { algorithms: ["pdq"] })),

  async fileInNewWorker() {
    const fresh = new ownprint.Ownprint();
    const milliseconds = await time(() => fresh.fingerprint(jpeg, WITH_DIGESTS));
    fresh.dispose();
    return milliseconds;
  },

  fingerprintOfFile: () => client.fingerprint(jpeg, WITH_DIGESTS),

  /** @param {"rgb8" | "rgba8"} format */
  pixels(format) {
    const pixels = { data: pixelsIn(format), width: WIDTH, height: HEIGHT, format };
    return time(() => small.fingerprintPixels(pixels, { algorithms: ["pdq"] }));
  },

  /** @param {string[]} algorithms */
  ownDigests(algorithms) {
    return time(() => {
      const digester = own.digester(algorithms);
      digester.update(bytes());
      return digester.finalize();
    });
  },

  /** @param {string[]} algorithms one after the other, as that library works */
  peerDigests(algorithms) {
    return time(async () => {
      for (const name of algorithms) await peer[name](bytes());
    });
  },

  /** @param {string[]} algorithms */
  async digestsAgree(algorithms) {
    const digester = own.digester(algorithms);
    digester.update(bytes());
    const ours = digester.finalize();
    for (const name of algorithms)
      if ((await peer[name](bytes())) !== ours[name]) return `${name} differs`;
    return "equal";
  },

  /** Size of the WebAssembly memory, which never shrinks: the end is the peak. */
  async memoryOfFile() {
    const fresh = await core.loadCore();
    const file = new Uint8Array(await jpeg.arrayBuffer());
    const stream = fresh.stream(WITH_DIGESTS);
    for (let at = 0; at < file.length; at += 4 << 20)
      stream.update(file.subarray(at, at + (4 << 20)));
    stream.finalize();
    const peak = fresh.memoryBytes;
    fresh.dispose();
    return { peak, disposed: fresh.memoryBytes };
  },

  /** @param {string} name */
  async stillInWarmWorker(name) {
    const file = await still(name);
    return time(() => client.fingerprint(file, { algorithms: ["pdq"] }));
  },

  /** Bytes of the instance that decodes it: the largest of all that are made. @param {string} name */
  async memoryOfStill(name) {
    const format = /** @type {any} */ (name.slice(name.lastIndexOf(".") + 1));
    const fresh = await core.loadCore({ codecs: codecs(format) });
    const file = new Uint8Array(await (await still(name)).arrayBuffer());
    const { memories, stop } = watchMemories();
    fresh.fingerprint(file, { algorithms: ["pdq"] });
    stop();
    const bytes = Math.max(...memories.map(({ buffer }) => buffer.byteLength));
    fresh.dispose();
    return bytes;
  },

  disposeClient: () => client.dispose(),
});

/** @param {string} name */
async function still(name) {
  return (await fetch(`/stills/${name}`)).blob();
}

/** @param {() => unknown} work */
async function time(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** @param {"rgb8" | "rgba8"} format */
function pixelsIn(format) {
  return (data[format] ??= Uint8Array.from(
    { length: WIDTH * HEIGHT * (format === "rgb8" ? 3 : 4) },
    (_, at) => (at * 31 + (at >> 9) * 7) & 255,
  ));
}

function bytes() {
  return (data.bytes ??= Uint8Array.from(
    { length: 64 << 20 },
    (_, at) => (at * 13 + (at >> 11)) & 255,
  ));
}
