// The index of videos of the full build, compared with the module for videos and the command line.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { codecs } from "./support/codecs.mjs";
import { COMMAND_LINE, run } from "./support/native.mjs";
import { REPOSITORY } from "./support/places.mjs";

const VIDEOS = path.join(REPOSITORY, "fuzz/corpus/video");
const NAMES = ["b-frames.mp4", "baseline.mp4", "x264-options-3.mp4", "x264-options-12.mp4"];
/** @type {import("ownprint").VideoThresholds} */
const LOOSE = { queryPercent: 1 };

const { loadCore } = await import("ownprint/core");
const core = await loadCore({ full: true, codecs: codecs("video") });
/** @type {import("ownprint").Fingerprint[]} */
const videos = [];
/** @type {string} */
let folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "ownprint-videos-"));
  for (const name of NAMES) {
    const bytes = await readFile(path.join(VIDEOS, name));
    videos.push(core.videos.fingerprint(bytes, { secondsPerHash: 0 }));
  }
});
after(() => rm(folder, { recursive: true }));

describe("an index of videos", () => {
  test("matches equal those of comparing every video", () => {
    const index = core.videoIndex();
    assert.deepEqual(
      videos.map((video, at) => index.insert(video, NAMES[at])),
      [0, 1, 2, 3],
    );
    assert.deepEqual([index.size, index.quality], [4, 50]);
    let matches = 0;
    for (const thresholds of [{}, LOOSE, { ...LOOSE, distance: 60 }, { comparedPercent: 90 }]) {
      for (const query of videos) {
        const found = index.matches(query, thresholds);
        const expected = videos
          .map((video, at) => ({
            video: at,
            payload: NAMES[at],
            comparison: core.videos.compare(query, video, thresholds),
          }))
          .filter(({ comparison }) => comparison.isMatch);
        matches += found.length;
        assert.deepEqual(found.toSorted((a, b) => a.video - b.video), expected);
      }
    }
    assert.ok(matches > 16, `${matches}`);
    assert.deepEqual(index.groups(LOOSE), [[2, 3]]);
    assert.equal(index.remove(2), NAMES[2]);
    assert.equal(index.remove(2), undefined);
    assert.deepEqual(index.groups(LOOSE), []);
    index.dispose();
    assert.throws(() => index.size, { code: "disposed" });
  });

  test("lists are inserted, and an index is that of the command line", async () => {
    const list = await run(COMMAND_LINE, [
      ...["hash", "--format", "jsonl", "--seconds-per-hash", "0"],
      ...NAMES.map((name) => path.join(VIDEOS, name)),
    ]);
    const index = core.videoIndex();
    assert.equal(index.insertList(list), 4);
    const [records, file] = ["videos.jsonl", "videos.index"].map((it) => path.join(folder, it));
    await writeFile(/** @type {string} */ (records), list);
    await run(COMMAND_LINE, ["index", "build", "-a", "vpdq", "-o", `${file}`, `${records}`]);
    const theirs = await readFile(/** @type {string} */ (file));
    assert.deepEqual(Buffer.from(index.save()), theirs);
    const loaded = core.loadVideoIndex(theirs);
    const [query] = videos;
    assert.ok(query);
    assert.deepEqual(loaded.matches(query), index.matches(query));
    assert.equal(loaded.frames, index.frames);
    index.dispose();
    loaded.dispose();
  });

  test("invalid input is refused", () => {
    const index = core.videoIndex(60);
    const [query] = videos;
    assert.ok(query);
    assert.equal(index.quality, 60);
    assert.throws(() => index.matches(query), { code: "not-comparable" });
    assert.deepEqual(index.matches(query, { quality: 60 }), []);
    assert.throws(() => index.insert(/** @type {any} */ ({ digests: {} })), { code: "not-comparable" });
    assert.throws(() => index.insertList("[1]"), { code: "invalid-record" });
    assert.throws(() => index.matches(query, { quality: 101 }), { code: "invalid-argument" });
    const bytes = index.save();
    assert.throws(() => core.loadIndex(bytes), { code: "invalid-index" });
    assert.throws(() => core.loadVideoIndex(bytes.subarray(1)), { code: "invalid-index" });
    index.dispose();
  });

  test("the default build has no index, and reports a video as unsupported", async () => {
    const base = await loadCore();
    assert.throws(() => base.videoIndex(), { code: "needs-full" });
    const bytes = await readFile(path.join(VIDEOS, "b-frames.mp4"));
    const codes = (/** @type {import("ownprint").Fingerprint} */ { warnings }) =>
      warnings.map(({ code }) => code);
    assert.deepEqual(codes(base.fingerprint(bytes)), ["unsupported-video"]);
    const images = base.fingerprint(bytes, { algorithms: ["pdq", "md5"] });
    assert.deepEqual(codes(images), ["video-not-requested"]);
  });
});
