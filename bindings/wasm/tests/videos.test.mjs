// Videos: their module is loaded only for a video, and the results are those of the command line.
// Other videos are played by the browser on request.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { codecs } from "./support/codecs.mjs";
import { watchMemories } from "./support/instances.mjs";
import { integrityOf } from "./support/integrity.mjs";
import { hashFiles } from "./support/native.mjs";
import { servePages } from "./support/pages.mjs";
import { REPOSITORY, TESTS, VECTORS, filesBelow } from "./support/places.mjs";

const VIDEOS = path.join(REPOSITORY, "fuzz/corpus/video");
const NAMES = filesBelow(VIDEOS);
const UNSUPPORTED = "mpeg-4.mp4";
const DAMAGED = ["b-slices-in-baseline.mp4", "hevc-missing-reference.mov"];
const DECODED = NAMES.filter((name) => name !== UNSUPPORTED && !DAMAGED.includes(name));
const DEFAULT_BUILD = "/dist/ownprint-simd.wasm";
const MODULE = "/codecs/dist/ownprint-video.wasm";
/** @type {import("ownprint").CodecModule[]} */
const CODECS = ["video", "video-hevc", "video-vp9", "video-vp8", "video-av1"];
const MODULES = CODECS.map((name) => `/codecs/dist/ownprint-${name}.wasm`);
const EVERY = 0.5;
// The video was encoded again, and decoders of browsers differ.
const NEAR = 12;
/**
 * @type {{ algorithms: ("vpdq" | import("ownprint").DigestAlgorithm)[], secondsPerHash: number }}
 */
const OPTIONS = { algorithms: ["vpdq", "md5", "blake3"], secondsPerHash: EVERY };

/** @param {string} name */
const read = (name) => readFile(path.join(VIDEOS, name));
/** @type {Map<string, any>} */
let native;
/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  const files = NAMES.map((name) => path.join(VIDEOS, name));
  const records = await hashFiles(files, {
    algorithms: OPTIONS.algorithms,
    options: ["--seconds-per-hash", String(EVERY)],
  });
  native = new Map(
    NAMES.map((name, index) => [name, records.get(/** @type {string} */ (files[index]))]),
  );
  server = await servePages({
    folders: { "/videos/": VIDEOS, "/own-videos/": path.join(TESTS, "videos") },
  });
  const video = await read("b-frames.mp4");
  server.files.set("/made/cut.mp4", video.subarray(0, 1500));
});
after(() => server.close());

test("the set has videos that are decoded, and one that is not", () => {
  assert.ok(DECODED.length >= 3);
  for (const name of DECODED) assert.ok(native.get(name).video.vpdq.length >= 2, name);
  assert.deepEqual(
    native.get(UNSUPPORTED).warnings.map((/** @type {any} */ { code }) => code),
    ["unsupported-video"],
  );
});

inBrowsers("videos", EVERY_BROWSER, (held) => {
  beforeEach(async () => {
    await held.browser.open(`${server.origin}/pages/client.html`);
    server.requests.length = 0;
  });
  const modules = () =>
    server.requests.map(({ path }) => path).filter((path) => path.endsWith(".wasm"));

  test("results equal those of the command line, and each module is loaded once", async () => {
    const urls = NAMES.map((name) => `/videos/${name}`);
    const outcomes = await held.browser.evaluate(
      async (urls, options) => {
        const outcomes = [];
        for (const url of urls) {
          const file = await blobOf(url);
          for (const input of [file, await file.arrayBuffer(), file.stream()]) {
            outcomes.push(await outcome(() => ownprint.fingerprintVideo(input, options)));
          }
        }
        const unknown = await outcome(() =>
          ownprint.fingerprintVideo(new Blob(["no video"]), { algorithms: ["phash"] }),
        );
        if (unknown.error?.code !== "unknown-algorithm") throw new Error(JSON.stringify(unknown));
        return outcomes;
      },
      urls,
      OPTIONS,
    );
    assert.deepEqual(
      outcomes,
      NAMES.flatMap((name) => Array(3).fill({ value: native.get(name) })),
    );
    assert.deepEqual(modules().sort(), [...MODULES].sort(), "videos need no other");
  });

  test("no request is made after preload", async () => {
    const urls = DECODED.map((name) => `/videos/${name}`);
    const [count, outcomes] = await held.browser.evaluate(
      async (urls, options, codecs) => {
        await ownprint.preload(codecs);
        const files = await Promise.all(urls.map(blobOf));
        const count = performance.getEntriesByType("resource").length;
        const outcomes = [];
        for (const file of files)
          outcomes.push(await outcome(() => ownprint.fingerprintVideo(file, options)));
        return [performance.getEntriesByType("resource").length - count, outcomes];
      },
      urls,
      OPTIONS,
      CODECS,
    );
    assert.equal(count, 0);
    assert.deepEqual(
      outcomes,
      DECODED.map((name) => ({ value: native.get(name) })),
    );
    assert.deepEqual(new Set(modules()), new Set([DEFAULT_BUILD, ...MODULES]));
  });

  test("damage, cancellation and a missing module give errors; the next video is hashed", async () => {
    const [cut, part, aborted, none, next, reported] = await held.browser.evaluate(
      async (options) => {
        const [cut, file] = await Promise.all(
          ["/made/cut.mp4", "/videos/b-frames.mp4"].map(blobOf),
        );
        const client = new ownprint.Ownprint();
        const without = new ownprint.Ownprint({ codecs: codecs("avif") });
        const stop = new AbortController();
        const reported = [];
        const outcomes = [
          await outcome(() => client.fingerprintVideo(cut, options)),
          await outcome(() => client.fingerprintVideo(cut, { ...options, acceptDamaged: true })),
          await outcome(() =>
            client.fingerprintVideo(file, {
              ...options,
              signal: stop.signal,
              onProgress: () => stop.abort(new Error("enough")),
            }),
          ),
          await outcome(() => without.fingerprintVideo(file, options)),
          await outcome(() =>
            client.fingerprintVideo(file, {
              ...options,
              onProgress: (progress) => reported.push(progress),
            }),
          ),
          reported,
        ];
        client.dispose();
        without.dispose();
        return outcomes;
      },
      OPTIONS,
    );
    assert.equal(cut.value?.error?.code, "damaged-video", JSON.stringify(cut));
    assert.ok(
      part.value?.error?.code === "damaged-video" || part.value?.video.damaged,
      JSON.stringify(part),
    );
    assert.equal(aborted.error?.message, "enough", JSON.stringify(aborted));
    assert.equal(none.error?.code, "load-failed", JSON.stringify(none));
    assert.deepEqual(next, { value: native.get("b-frames.mp4") });
    const { length } = await read("b-frames.mp4");
    const { frames } = native.get("b-frames.mp4").video;
    assert.deepEqual(reported[0], { bytes: length, total: length });
    assert.deepEqual(reported.at(-1), { ...reported[0], frames, totalFrames: frames });
  });

  test("two videos are compared", async () => {
    const [same, other, bad] = await held.browser.evaluate(async (options) => {
      const [a, b] = await Promise.all(
        ["/videos/b-frames.mp4", "/videos/baseline.mp4"].map(async (url) =>
          ownprint.fingerprintVideo(await blobOf(url), options),
        ),
      );
      return [
        await outcome(() => ownprint.compareVideos(a.video.vpdq.slice(1, 3), a)),
        await outcome(() => ownprint.compareVideos(a, b, { comparedPercent: 10 })),
        await outcome(() => ownprint.compareVideos(a, { hashes: {} })),
      ];
    }, OPTIONS);
    assert.deepEqual(same.value, {
      query: 2,
      queryFound: 2,
      queryPercent: 100,
      compared: 4,
      comparedFound: 2,
      comparedPercent: 50,
      isMatch: true,
    });
    assert.equal(other.value?.isMatch, false, JSON.stringify(other));
    assert.equal(bad.error?.code, "not-comparable");
  });
});

inBrowsers("videos that the browser plays", EVERY_BROWSER, (held, name) => {
  before(() => held.browser.open(`${server.origin}/pages/client.html`));

  // `b-frames.webm` is `b-frames.mp4` encoded as VP8 (libvpx by PyAV, 200 kbit/s).
  test("are similar to the exact hashes, and marked as not deterministic", async (context) => {
    const [played, reported] = await held.browser.evaluate(async (options) => {
      const file = await blobOf("/own-videos/b-frames.webm");
      const reported = [];
      const onProgress = (progress) => reported.push(progress);
      const played = await outcome(() =>
        player().fingerprintVideo(file, { ...options, platformDecode: true, onProgress }),
      );
      return [played, reported];
    }, OPTIONS);
    if (name === "firefox-resist") {
      assert.equal(played.value?.error?.code, "canvas-tampered", JSON.stringify(played));
      return;
    }
    if (name === "webkit" && played.value?.error) {
      // Not every build of WebKit decodes videos; one that does not must report that.
      assert.equal(played.value.error.code, "unsupported-video", JSON.stringify(played));
      return context.diagnostic(played.value.error.message);
    }
    assert.ok(played.value, JSON.stringify(played));
    const { video, decoder, deterministic, warnings, digests, error } = played.value;
    assert.deepEqual(
      [decoder, deterministic, warnings, error],
      [{ name: "platform" }, false, [], undefined],
    );
    assert.deepEqual(Object.keys(digests), ["md5", "blake3"]);
    assert.deepEqual([video.width, video.height], [98, 66]);
    const exacts = native.get("b-frames.mp4").video.vpdq;
    assert.deepEqual(
      video.vpdq.map((/** @type {any} */ it) => it.seconds),
      exacts.map((/** @type {any} */ it) => it.seconds),
    );
    const distances = video.vpdq.map((/** @type {any} */ it, /** @type {number} */ at) =>
      bitsApart(it.hash, exacts[at].hash),
    );
    context.diagnostic(`bits from the exact hashes: ${distances.join(", ")}`);
    assert.ok(exacts.every((/** @type {any} */ it) => it.quality >= 50));
    assert.ok(
      distances.every((/** @type {number} */ it) => it <= NEAR),
      distances.join(", "),
    );
    if (name === "chromium") {
      // Chromium gives the frames' bytes; no canvas is needed.
      const own = await held.browser.evaluate(async (options) => {
        const file = await blobOf("/own-videos/b-frames.webm");
        /** @type {any} */ (globalThis).OffscreenCanvas = undefined;
        return outcome(() => player().fingerprintVideo(file, { ...options, platformDecode: true }));
      }, OPTIONS);
      assert.deepEqual(own.value?.video.vpdq.length, video.vpdq.length, JSON.stringify(own));
      for (const [at, { hash }] of own.value.video.vpdq.entries())
        assert.ok(bitsApart(hash, exacts[at].hash) <= NEAR);
    }
    const last = reported.at(-1);
    assert.ok(
      Math.abs(last.seconds - last.duration) < 1e-9 && Math.abs(last.duration - 2) < 0.2,
      JSON.stringify(last),
    );
  });

  if (name !== "firefox-resist")
    test("every time the same", async (context) => {
      // Chromium reports now and then that it has sought before it shows the new frame.
      const outcomes = await held.browser.evaluate(async (options) => {
        const file = await blobOf("/own-videos/b-frames.webm");
        const outcomes = [];
        for (let times = 0; times < 40; times += 1)
          outcomes.push(
            await outcome(() =>
              player().fingerprintVideo(file, { ...options, platformDecode: true }),
            ),
          );
        return outcomes.map(({ value }) =>
          value?.video?.vpdq.map((/** @type {any} */ it) => it.hash),
        );
      }, OPTIONS);
      context.diagnostic(`${outcomes[0]?.length ?? 0} hashes`);
      assert.deepEqual(outcomes, Array(40).fill(outcomes[0]));
    });

  if (name === "chromium")
    test("no data remains of a frame that is not needed or cannot be copied", async () => {
      // A previous test removed the page's canvas.
      await held.browser.open(`${server.origin}/pages/client.html`);
      const outcomes = await held.browser.evaluate(async (options) => {
        const { watchArrays, isEmpty } = await import(/** @type {any} */ ("/support/arrays.mjs"));
        const file = await blobOf("/own-videos/b-frames.webm");
        const { copyTo } = VideoFrame.prototype;
        // The first call checks the bytes of the module, which are no data of the file.
        const isModule = (/** @type {Uint8Array} */ it) => it[1] === 0x61 && it[2] === 0x73 && it[3] === 0x6d;
        const failed = async (/** @type {VideoFrame} */ frame, /** @type {any} */ data) => {
          await copyTo.call(frame, data);
          throw new Error("no copy");
        };
        /**
         * @type {((stop: AbortController) => object)[]} what each does to the options, and to frames
         */
        const ways = [
          (stop) => {
            VideoFrame.prototype.copyTo = async function (data) {
              const planes = await copyTo.call(this, data);
              stop.abort(new Error("enough"));
              return planes;
            };
            return { signal: stop.signal };
          },
          () => {
            VideoFrame.prototype.copyTo = function (data) {
              return failed(this, data);
            };
            return {};
          },
          () => ({
            onProgress: ({ seconds }) => {
              if (seconds !== undefined) throw new Error("no progress");
            },
          }),
        ];
        const outcomes = [];
        for (const way of ways) {
          const { arrays, stop } = watchArrays();
          const ended = await outcome(() =>
            player().fingerprintVideo(file, {
              ...options,
              ...way(new AbortController()),
              platformDecode: true,
            }),
          );
          stop();
          VideoFrame.prototype.copyTo = copyTo;
          outcomes.push({
            ended: ended.error?.message,
            arrays: arrays.length,
            left: arrays.filter((it) => !isEmpty(it) && !isModule(it)).length,
          });
        }
        return outcomes;
      }, OPTIONS);
      assert.deepEqual(
        outcomes.map(({ ended }) => ended),
        ["enough", undefined, "no progress"],
      );
      for (const { arrays, left } of outcomes)
        assert.deepEqual([arrays > 0, left], [true, 0], JSON.stringify(outcomes));
    });

  test("only if it is allowed, and only for videos that can be played", async () => {
    const outcomes = await held.browser.evaluate(async (options) => {
      const [webm, video] = await Promise.all(
        ["/own-videos/b-frames.webm", "/videos/baseline.mp4"].map(blobOf),
      );
      const stop = new AbortController();
      const platformDecode = true;
      const abort = ({ seconds }) => seconds !== undefined && stop.abort(new Error("enough"));
      return [
        await outcome(() => player().fingerprintVideo(webm, options)),
        await outcome(() => player().fingerprintVideo(video, { ...options, platformDecode })),
        await outcome(() =>
          player().fingerprintVideo(new Blob(["no video at all"]), { ...options, platformDecode }),
        ),
        await outcome(() =>
          player().fingerprintVideo(webm, {
            ...options,
            platformDecode,
            signal: stop.signal,
            onProgress: abort,
          }),
        ),
        await outcome(() =>
          player().fingerprintVideo(webm, { ...options, secondsPerHash: 0, platformDecode }),
        ),
        await outcome(() =>
          player().fingerprintVideo(webm, { algorithms: ["md5"], platformDecode }),
        ),
      ];
    }, OPTIONS);
    const [digested, exact, nothing, aborted, every, md5] = outcomes;
    assert.deepEqual(
      digested.value?.warnings.map((/** @type {any} */ { code }) => code),
      ["unsupported-video"],
    );
    assert.deepEqual(exact, { value: native.get("baseline.mp4") });
    assert.equal(nothing.value?.error?.code, "unsupported-video", JSON.stringify(nothing));
    assert.match(nothing.value.error.message, /MP4 with H\.264/);
    assert.equal(every.error?.code, "invalid-video", JSON.stringify(every));
    assert.deepEqual(
      [md5.value?.video, md5.value?.digests.md5],
      [undefined, digested.value?.digests.md5],
    );
    if (name === "chromium" || name === "firefox")
      assert.equal(aborted.error?.message, "enough", JSON.stringify(aborted));
  });
});

/** @param {string} a @param {string} b */
function bitsApart(a, b) {
  return [...(BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2)].filter((bit) => bit === "1").length;
}

describe("videos: node", () => {
  test("every video through the client, and through the core in chunks of every length", async () => {
    const ownprint = await import("ownprint");
    ownprint.addCodecs(...codecs());
    const { loadCore } = await import("ownprint/core");
    const core = await loadCore({ codecs: codecs(...CODECS) });
    for (const name of NAMES) {
      const video = await read(name);
      assert.deepEqual(core.videos.fingerprint(video, OPTIONS), native.get(name), name);
      for (const length of [1, 63, 64, 1000]) {
        const stream = core.videos.stream(OPTIONS);
        for (let start = 0; start < video.length; start += length)
          stream.update(video.subarray(start, start + length));
        assert.deepEqual(stream.finalize(), native.get(name), `${name} in chunks of ${length}`);
      }
    }
    core.dispose();
    for (const name of NAMES)
      assert.deepEqual(
        await ownprint.fingerprintVideo(await read(name), OPTIONS),
        native.get(name),
      );
    ownprint.dispose();
  });

  test("fingerprint takes videos as it takes images", async () => {
    const ownprint = await import("ownprint");
    ownprint.addCodecs(...codecs());
    for (const name of ["b-frames.mp4", "hevc.mov", "vp9.webm", UNSUPPORTED]) {
      const video = await read(name);
      const expected = await ownprint.fingerprintVideo(video);
      const stream = () => new Blob([video]).stream();
      for (const input of [video, new Blob([video]), stream()])
        assert.deepEqual(await ownprint.fingerprint(input), expected, name);
    }
    const video = await read("b-frames.mp4");
    const several = await ownprint.fingerprint(video, { algorithms: ["pdq", "vpdq", "md5"] });
    assert.deepEqual([several.video?.vpdq.length, Object.keys(several.digests)], [2, ["md5"]]);
    const image = await ownprint.fingerprint(video, { algorithms: ["pdq", "md5"] });
    assert.deepEqual([image.video, image.warnings[0]?.code], [undefined, "video-not-requested"]);
    ownprint.dispose();
    const without = new ownprint.Ownprint({ codecs: [] });
    const { warnings } = await without.fingerprint(video);
    assert.equal(warnings[0]?.code, "unsupported-video");
    without.dispose();
  });

  test("Node plays no videos", async () => {
    const ownprint = await import("ownprint");
    ownprint.addCodecs(...codecs());
    const video = await read(UNSUPPORTED);
    for (const input of [video, new Blob([video])]) {
      const { error, digests } = await ownprint.fingerprintVideo(input, {
        ...OPTIONS,
        platformDecode: true,
      });
      assert.deepEqual([error?.code, digests.md5?.length], ["unsupported-video", 32]);
    }
    ownprint.dispose();
  });

  test("a codec without its module is refused by name, and needs the module for videos too", async () => {
    const { loadCore } = await import("ownprint/core");
    const video = await read("hevc.mov");
    const base = await loadCore({ codecs: codecs("video") });
    const { error, digests, warnings } = base.videos.fingerprint(video, OPTIONS);
    assert.deepEqual([error, Object.keys(digests)], [undefined, ["md5", "blake3"]]);
    assert.equal(warnings[0]?.code, "unsupported-video");
    assert.match(warnings[0]?.message ?? "", /HEVC/);
    base.dispose();
    const alone = await loadCore({ codecs: codecs("video-hevc") });
    assert.throws(() => alone.videos, { code: "load-failed" });
    alone.dispose();
  });

  test("the default is vPDQ and digests; without digests, errors are thrown", async () => {
    const { loadCore } = await import("ownprint/core");
    const core = await loadCore({ codecs: codecs("video") });
    const base = core.videos.fingerprint(await read("b-frames.mp4"));
    assert.equal(base.video?.vpdq.length, 2);
    assert.deepEqual(Object.keys(base.digests), ["md5", "sha256", "blake3"]);
    const unsupported = await read(UNSUPPORTED);
    const { error, digests } = core.videos.fingerprint(unsupported, { algorithms: ["vpdq"] });
    assert.deepEqual([error?.code, digests], ["unsupported-video", {}]);
    assert.throws(
      () => core.videos.fingerprint(unsupported, { algorithms: /** @type {any} */ (["sha3"]) }),
      { code: "unknown-algorithm" },
    );
    assert.equal(
      core.videos.fingerprint(unsupported, { limits: { fileBytes: 1000 } }).error?.code,
      "limit-exceeded",
    );
    assert.throws(() => core.videos.stream({ prune: -1 }), { code: "invalid-argument" });
    const pruned = core.videos.fingerprint(await read("b-frames.mp4"), {
      secondsPerHash: 0,
      prune: 256,
    });
    assert.equal(pruned.video?.vpdq.length, 1);
    core.dispose();
    const bare = await loadCore();
    assert.throws(() => bare.videos, { code: "load-failed" });
    bare.dispose();
  });

  test("the integrity of the video module is checked too", async () => {
    const { Ownprint } = await import("ownprint");
    const { loadCore } = await import("ownprint/core");
    const [base = "", videos = ""] = await Promise.all([DEFAULT_BUILD, MODULE].map(integrityOf));
    const video = await read("b-frames.mp4");
    for (const [integrity, isRight] of /** @type {const} */ ([
      [`${base} ${videos}`, true],
      [base, false],
    ])) {
      const client = new Ownprint({ integrity, codecs: codecs("video") });
      const [hashed, loaded] = await Promise.allSettled([
        client.fingerprintVideo(video, OPTIONS),
        loadCore({ integrity, codecs: codecs("video") }),
      ]);
      client.dispose();
      if (isRight) {
        assert.deepEqual(hashed, { status: "fulfilled", value: native.get("b-frames.mp4") });
        assert.equal(loaded.status, "fulfilled");
      } else {
        for (const outcome of [hashed, loaded])
          assert.equal(/** @type {any} */ (outcome).reason?.code, "integrity-mismatch");
      }
    }
  });

  test("the vectors: layouts of frames, selection of frames, comparison of videos", async () => {
    const { loadCore } = await import("ownprint/core");
    const core = await loadCore({ codecs: codecs("video") });
    const vectors = JSON.parse(await readFile(path.join(VECTORS, "videos.json"), "utf8"));
    assert.ok(vectors.frames.length > 80);
    for (const frame of vectors.frames) {
      const hasher = core.videos.hasher({ framesPerSecond: 1 });
      hasher.update({ ...painted(frame), index: 0, seconds: 0 });
      assert.deepEqual(
        hasher.finalize(),
        [{ frame: 0, hash: frame.hex, quality: frame.quality, seconds: 0 }],
        JSON.stringify(frame),
      );
    }
    const grey = {
      format: /** @type {const} */ ("l8"),
      data: new Uint8Array(24 * 24),
      width: 24,
      height: 24,
    };
    for (const rule of [...vectors.by_frames, ...vectors.by_seconds]) {
      const framesPerSecond = rule.frames_per_second;
      const hasher = core.videos.hasher({
        secondsPerHash: rule.seconds_per_hash,
        ...(framesPerSecond && { framesPerSecond }),
      });
      const times =
        rule.times ?? Array.from({ length: rule.frames }, (_, index) => index / framesPerSecond);
      for (const [index, seconds] of times.entries())
        if (hasher.wants(index, seconds)) hasher.update({ ...grey, index, seconds });
      assert.deepEqual(
        hasher.finalize().map(({ frame }) => frame),
        rule.taken,
        JSON.stringify(rule),
      );
    }
    for (const { query, compared, ...expected } of vectors.comparisons) {
      const found = core.videos.compare(query.map(frameOf), compared.map(frameOf));
      assert.equal(found.isMatch, expected.is_match);
      assert.ok(Math.abs(found.queryPercent - expected.query_percent) < 1e-9);
      assert.ok(Math.abs(found.comparedPercent - expected.compared_percent) < 1e-9);
    }
    core.dispose();
  });

  test("frames of every layout have the hash of the same colours", async () => {
    const { loadCore } = await import("ownprint/core");
    const core = await loadCore({ codecs: codecs("video") });
    const [width, height] = [96, 64];
    const luma = Uint8Array.from(
      { length: width * height },
      (_, at) => (at * 7 + (at >> 5) * 31) & 255,
    );
    const blue = new Uint8Array((width * height) / 4).fill(100);
    const red = new Uint8Array((width * height) / 4).fill(150);
    const both = Uint8Array.from({ length: blue.length * 2 }, (_, at) =>
      at % 2 === 0 ? 100 : 150,
    );
    const [lumas, halves] = [width * height, (width * height) / 4];
    /** @param {any} frame */
    const hash = (frame) => {
      const hasher = core.videos.hasher({ secondsPerHash: 1 });
      hasher.update({ width, height, index: 0, seconds: 0, ...frame });
      const [only, ...others] = hasher.finalize();
      assert.equal(others.length, 0);
      return only?.hash;
    };
    const i420 = {
      format: "i420",
      data: Buffer.concat([luma, blue, red]),
      planes: [
        { offset: 0, stride: width },
        { offset: lumas, stride: width / 2 },
        { offset: lumas + halves, stride: width / 2 },
      ],
    };
    const nv12 = {
      format: "nv12",
      data: Buffer.concat([luma, both]),
      planes: [
        { offset: 0, stride: width },
        { offset: lumas, stride: width },
      ],
    };
    const padded = new Uint8Array((width + 5) * height);
    for (let row = 0; row < height; row += 1)
      padded.set(luma.subarray(row * width, (row + 1) * width), row * (width + 5));
    assert.equal(hash(i420), hash(nv12));
    assert.equal(hash(i420)?.length, 64);
    assert.equal(
      hash({ format: "l8", data: padded, stride: width + 5 }),
      hash({ format: "l8", data: luma }),
    );
    for (const wrong of [
      { ...i420, planes: i420.planes.slice(0, 2) },
      { ...i420, matrix: "bt2020" },
      { ...nv12, data: luma },
      { format: "l9", data: luma },
    ]) {
      assert.throws(() => hash(wrong), { name: "OwnprintError" });
    }
    const hasher = core.videos.hasher({ framesPerSecond: 25, secondsPerHash: 1 });
    assert.deepEqual(
      [0, 1, 24, 25, 26].map((index) => hasher.wants(index, index / 25)),
      [true, false, false, true, false],
    );
    for (const index of [0, 25])
      hasher.update({ format: "l8", data: luma, width, height, index, seconds: 0 });
    assert.deepEqual(
      hasher.finalize().map(({ frame, seconds }) => [frame, seconds]),
      [
        [0, 0],
        [25, 1],
      ],
    );
    assert.throws(() => hasher.wants(0, 0), { code: "disposed" });
    assert.throws(() => core.videos.hasher({ framesPerSecond: 0 }), { code: "invalid-video" });
    core.dispose();
  });

  test("no data of a video remains, whether it was decoded or not", async () => {
    const { loadCore } = await import("ownprint/core");
    const core = await loadCore({ codecs: codecs("video") });
    const { memories, stop } = watchMemories();
    try {
      for (const name of NAMES) {
        const video = await read(name);
        core.videos.fingerprint(video, OPTIONS);
        assert.ok(core.videos.fingerprint(video.subarray(0, 1500), { algorithms: ["vpdq"] }).error);
      }
      const given = core.videos.stream(OPTIONS);
      given.update(await read("b-frames.mp4"));
      assert.ok(
        new Uint8Array(/** @type {WebAssembly.Memory} */ (memories.at(-1)).buffer).some(
          (byte) => byte !== 0,
        ),
      );
      given.dispose();
    } finally {
      stop();
    }
    assert.equal(memories.length, NAMES.length * 2 + 1);
    for (const { buffer } of memories)
      assert.ok(new Uint8Array(buffer).every((byte) => byte === 0));
    core.dispose();
  });
});

/** Converts a frame of the vectors to an object of the package. @param {any} frame */
function frameOf({ hex: hash, ...rest }) {
  return { ...rest, hash };
}

/**
 * A frame by the formulas of `conformance/python/video_vectors.py`.
 *
 * @param {any} frame
 * @returns {any}
 */
function painted({ format, width, height, padding, matrix, range }) {
  /** @typedef {(x: number, y: number) => number} Sample */
  /** @type {Sample} */
  const luma = (x, y) => 3 * x + 2 * y + Math.floor(x / 9) * Math.floor(y / 7) * 40;
  /** @type {Sample} */
  const blue = (x, y) => 5 * x + 3 * y + Math.floor((x * y) / 9);
  /** @type {Sample} */
  const red = (x, y) => 2000 + 7 * y - 2 * x;
  const [columns, rows] = [(width + 1) >> 1, (height + 1) >> 1];
  const bytes = format === "rgb8" ? 3 : 4;
  const colours = format === "bgra8" ? [red, blue, luma] : [luma, blue, red];
  /** @type {Sample} */
  const pixel = (x, y) => colours[x % bytes]?.(Math.floor(x / bytes), y) ?? 17;
  /** @type {Record<string, [number, number, Sample][]>} */
  const layouts = {
    i420: [
      [width, height, luma],
      [columns, rows, blue],
      [columns, rows, red],
    ],
    nv12: [
      [width, height, luma],
      [2 * columns, rows, (x, y) => (x % 2 === 0 ? blue : red)(x >> 1, y)],
    ],
    l8: [[width, height, luma]],
  };
  let offset = 0;
  const planes = (layouts[format] ?? [[bytes * width, height, pixel]]).map(
    ([width, height, sample]) => {
      const stride = width + padding;
      const data = Uint8Array.from({ length: stride * height }, (_, at) =>
        at % stride < width ? sample(at % stride, Math.floor(at / stride)) : 238,
      );
      const plane = { offset, stride, data };
      offset += data.length;
      return plane;
    },
  );
  const data = new Uint8Array(Buffer.concat(planes.map(({ data }) => data)));
  const isYuv = format === "i420" || format === "nv12";
  return {
    format,
    width,
    height,
    data,
    ...(isYuv
      ? { planes: planes.map(({ offset, stride }) => ({ offset, stride })), matrix, range }
      : { stride: planes[0]?.stride }),
  };
}
