// Videos of any length are read in pieces: the results of small files, little memory, progress by
// frames, and cancellation.

import assert from "node:assert/strict";
import { openAsBlob } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { inBrowsers } from "./support/browsers.mjs";
import { codecs } from "./support/codecs.mjs";
import { aroundHole, writeSparse } from "./support/large-video.mjs";
import { sampleMemory } from "./support/memory.mjs";
import { servePages } from "./support/pages.mjs";
import { REPOSITORY } from "./support/places.mjs";

const MIB = 1024 * 1024;
const HOLE = 2304 * MIB;
/** More than the limit on files in memory. */
const SMALL_HOLE = 600 * MIB;
/** Of the process, with its worker and the modules. A file in memory would add ten times this. */
const ALLOWED_GROWTH = 256 * MIB;
const VIDEOS = path.join(REPOSITORY, "fuzz/corpus/video");

/** @param {string} name */
const read = (name) => readFile(path.join(VIDEOS, name));

describe("video pieces: node", () => {
  /** @type {string} */
  let folder;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "ownprint-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** @param {number} hole */
  const sparse = async (hole) => {
    const file = path.join(folder, `${hole}.mp4`);
    await writeSparse(file, await read("b-frames.mp4"), hole);
    return openAsBlob(file);
  };

  test("a video of more than two gigabytes", async () => {
    const ownprint = await import("ownprint");
    ownprint.addCodecs(...codecs());
    const video = await read("b-frames.mp4");
    const algorithms = /** @type {const} */ (["vpdq"]);
    const expected = await ownprint.fingerprintVideo(video, { algorithms });
    const file = await sparse(HOLE);
    assert.ok(file.size > 2 ** 31);
    const sampling = sampleMemory(process.pid);
    for (const call of [ownprint.fingerprintVideo, ownprint.fingerprint])
      assert.deepEqual(await call(file, { algorithms }), expected);
    const { start, peak } = await sampling.stop();
    assert.ok(peak - start < ALLOWED_GROWTH, `${(peak - start) / MIB} MiB`);
    ownprint.dispose();
  });

  test("digests of a video that is longer than the limit on files in memory", async () => {
    const ownprint = await import("ownprint");
    ownprint.addCodecs(...codecs());
    const file = await sparse(SMALL_HOLE);
    const options = { algorithms: /** @type {const} */ (["vpdq", "blake3"]) };
    const { video, digests, error } = await ownprint.fingerprint(file, options);
    const expected = await ownprint.fingerprint(await read("b-frames.mp4"), options);
    assert.deepEqual([video, error], [expected.video, undefined]);
    assert.deepEqual(digests, await ownprint.digestStream(file, { algorithms: ["blake3"] }));
    // A stream cannot be read at positions: it is held in memory, up to the limit.
    const streamed = await ownprint.fingerprint(file.stream(), options);
    assert.equal(streamed.error?.code, "limit-exceeded");
    assert.deepEqual(streamed.digests, digests);
    ownprint.dispose();
  });

  test("progress counts frames, and the call is cancelled between them", async () => {
    const ownprint = await import("ownprint");
    ownprint.addCodecs(...codecs());
    const video = await read("vp9.webm");
    /** @type {import("ownprint").Progress[]} */
    const reports = [];
    const { video: hashed } = await ownprint.fingerprint(video, {
      onProgress: (progress) => reports.push(progress),
    });
    const [first, last] = [reports[0], reports.at(-1)];
    assert.deepEqual(first, { bytes: video.length, total: video.length });
    assert.ok(hashed?.frames !== undefined && hashed.frames > 1);
    assert.deepEqual(last, { ...first, frames: hashed.frames, totalFrames: hashed.frames });
    const stop = new AbortController();
    const stopped = ownprint.fingerprintVideo(video, {
      secondsPerHash: 0,
      signal: stop.signal,
      onProgress: ({ frames }) => frames !== undefined && stop.abort(new Error("enough")),
    });
    await assert.rejects(stopped, /enough/);
    ownprint.dispose();
  });

  test("the core reads files of its caller, with the module of each codec", async () => {
    const { loadCore } = await import("ownprint/core");
    const core = await loadCore({ codecs: codecs("video", "video-vp9") });
    const options = { algorithms: /** @type {const} */ (["vpdq", "md5"]) };
    for (const name of ["b-frames.mp4", "fragments.mp4", "vp9.webm", "h264.mkv", "hevc.mov"]) {
      const video = await read(name);
      const expected = core.videos.fingerprint(video, options);
      /** @type {[number, number][]} */
      const requests = [];
      const file = {
        size: video.length,
        /** @param {number} start @param {number} end */
        read: async (start, end) => {
          requests.push([start, end]);
          return new Uint8Array(video.subarray(start, end));
        },
      };
      assert.deepEqual(await core.videos.fingerprintFile(file, options), expected, name);
      assert.ok(requests.every(([start, end]) => 0 <= start && start <= end && end <= file.size));
      assert.deepEqual(await core.videos.fingerprintFile(new Blob([video]), options), expected);
      const cut = { ...file, read: async () => new Uint8Array(1) };
      await assert.rejects(core.videos.fingerprintFile(cut, options), { code: "io" });
    }
    core.dispose();
  });
});

/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  server = await servePages();
  const { before: head, after: tail } = aroundHole(await read("b-frames.mp4"), HOLE);
  server.files.set("/made/head", head);
  server.files.set("/made/tail", tail);
  server.files.set("/made/video.mp4", await read("b-frames.mp4"));
});
after(() => server.close());

inBrowsers("video pieces", ["chromium", "firefox"], (held) => {
  test("a video of more than two gigabytes", async () => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    const [whole, large] = await held.browser.evaluate(async (hole) => {
      const [head, tail, whole] = await Promise.all(
        ["/made/head", "/made/tail", "/made/video.mp4"].map(blobOf),
      );
      // The same zeros many times take no memory.
      const zeros = new Blob([new Uint8Array(1 << 25)]);
      const large = new File([head, ...Array(hole / zeros.size).fill(zeros), tail], "large.mp4");
      const client = new ownprint.Ownprint();
      const outcomes = [];
      for (const file of [whole, large])
        outcomes.push(await outcome(() => client.fingerprint(file, { algorithms: ["vpdq"] })));
      client.dispose();
      return outcomes;
    }, HOLE);
    assert.ok(whole.value?.video.vpdq.length > 0, JSON.stringify(whole));
    assert.deepEqual(large, whole);
  });
});
