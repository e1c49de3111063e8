// The package's objects and the core's JSON: every member of the schema becomes a member of an
// object and comes back, in both directions.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { codecs } from "./support/codecs.mjs";
import { IMAGES, REPOSITORY, VECTORS } from "./support/places.mjs";

const { DigestAlgorithm, HashAlgorithm, loadCore, recordFromJson, recordToJson } =
  await import("ownprint/core");
const core = await loadCore({ full: true, codecs: codecs("video") });
const { properties: members, $defs: schema } = JSON.parse(
  await readFile(path.join(REPOSITORY, "docs/schema/fingerprint-1.json"), "utf8"),
);
const { forms } = JSON.parse(await readFile(path.join(VECTORS, "records.json"), "utf8"));

const HEX = "8c739cdb99cb579246da24d2d84b98cb9f9c06901690e4c3e96b8b6bdf0c55b4";

/** A record with every member of the schema. @type {any} */
const EVERYTHING = {
  path: "a.heic",
  schema: 1,
  format: "heic",
  width: 60,
  height: 80,
  orientation: 6,
  stored_width: 80,
  stored_height: 60,
  orientation_applied: true,
  damaged: true,
  rgb_md5: HEX.slice(0, 32),
  hashes: {
    pdq: { hex: HEX, quality: 98 },
    "pdq-dihedral": { hex: Array(8).fill(HEX), quality: 98 },
    "crop-resistant": { hex: ["00000000000000ff"] },
    "phash:16": { hex: HEX },
  },
  variants: {
    set: "compact",
    hashes: [
      { variant: "original", hex: HEX, quality: 98 },
      { variant: "mirror", hex: HEX, quality: 97 },
    ],
    skipped: [
      { variant: "crop:6.5", reason: "near", to: "mirror", distance: 2 },
      { variant: "border:4:grey", reason: "quality", quality: 49 },
    ],
  },
  video: {
    format: "mp4",
    codec: "h264",
    width: 98,
    height: 66,
    frames: 50,
    frame_rate: "30000/1001",
    damaged: true,
    vpdq: [
      { frame: 0, seconds: 0, hex: HEX, quality: 100 },
      { frame: 12, seconds: 0.5, hex: HEX, quality: 99 },
    ],
  },
  digests: { md5: HEX.slice(0, 32), sha1: HEX.slice(0, 40), sha256: HEX, sha512: HEX + HEX, blake3: HEX },
  warnings: [{ code: "damaged", message: "the file is damaged" }],
  decoder: { name: "platform" },
  deterministic: false,
};

/** The object of that record. @type {any} */
const OBJECT = {
  path: "a.heic",
  image: {
    format: "heic",
    width: 60,
    height: 80,
    orientation: 6,
    storedWidth: 80,
    storedHeight: 60,
    orientationApplied: true,
    damaged: true,
    rgbMd5: HEX.slice(0, 32),
    pdq: { hash: HEX, quality: 98 },
    hashes: {
      pdq: { values: [HEX], quality: 98 },
      "pdq-dihedral": { values: Array(8).fill(HEX), quality: 98 },
      "crop-resistant": { values: ["00000000000000ff"] },
      "phash:16": { values: [HEX] },
    },
    variants: {
      set: "compact",
      hashes: [
        { variant: "original", hash: HEX, quality: 98 },
        { variant: "mirror", hash: HEX, quality: 97 },
      ],
      skipped: EVERYTHING.variants.skipped,
    },
  },
  video: {
    format: "mp4",
    codec: "h264",
    width: 98,
    height: 66,
    frames: 50,
    frameRate: "30000/1001",
    damaged: true,
    vpdq: [
      { frame: 0, seconds: 0, hash: HEX, quality: 100 },
      { frame: 12, seconds: 0.5, hash: HEX, quality: 99 },
    ],
  },
  digests: EVERYTHING.digests,
  warnings: EVERYTHING.warnings,
  decoder: { name: "platform" },
  deterministic: false,
};

/** @param {object} object */
const keys = (object) => Object.keys(object).sort();

describe("records as objects and as JSON", () => {
  test("the record of this test has exactly the members of the schema", () => {
    const { error: _, ...others } = members;
    assert.deepEqual(keys(EVERYTHING), keys(others));
    assert.deepEqual(keys(EVERYTHING.digests), keys(members.digests.properties));
    assert.deepEqual(keys(EVERYTHING.hashes.pdq), keys(schema.hash.properties));
    const { variants, video } = schema;
    assert.deepEqual(keys(EVERYTHING.variants), keys(variants.properties));
    assert.deepEqual(
      keys(EVERYTHING.variants.hashes[0]),
      keys(variants.properties.hashes.items.properties),
    );
    const [quality, near] = variants.properties.skipped.items.oneOf;
    assert.deepEqual(EVERYTHING.variants.skipped.map(keys), [
      keys(near.properties),
      keys(quality.properties),
    ]);
    assert.deepEqual(keys(EVERYTHING.video), keys(video.properties));
    assert.deepEqual(keys(EVERYTHING.video.vpdq[0]), keys(video.properties.vpdq.items.properties));
    assert.deepEqual(keys(EVERYTHING.warnings[0]), keys(schema.diagnostic.properties));
  });

  test("every member is read and written", () => {
    assert.deepEqual(recordFromJson(EVERYTHING), OBJECT);
    assert.deepEqual(recordToJson(OBJECT), EVERYTHING);
    assert.equal(
      JSON.stringify(recordToJson(OBJECT)),
      JSON.stringify(EVERYTHING),
      "in the order of the schema",
    );
  });

  test("the core accepts it, with the image and with the video", () => {
    for (const { video, ...record } of [OBJECT, { ...OBJECT, image: undefined }]) {
      for (const one of [record, { ...record, video }]) {
        assert.deepEqual(core.readRecord(core.writeRecord(one)), recordFromJson(recordToJson(one)));
      }
    }
  });

  test("a record has an error in addition to digests", () => {
    const code = /** @type {const} */ ("truncated");
    const error = { code, message: "unexpected end of file" };
    const object = { digests: OBJECT.digests, error, warnings: [], deterministic: true };
    const json = { schema: 1, hashes: {}, digests: OBJECT.digests, warnings: [], error };
    assert.deepEqual(recordFromJson(/** @type {any} */ (json)), object);
    assert.deepEqual(recordToJson(object), json);
  });

  test("every vector round-trips", () => {
    for (const { written } of forms.record.valid) {
      assert.equal(JSON.stringify(recordToJson(recordFromJson(JSON.parse(written)))), written);
    }
  });

  test("results of images and videos equal the records of the core", async () => {
    const image = await readFile(path.join(IMAGES, "lake.jpg"));
    const video = await readFile(path.join(REPOSITORY, "fuzz/corpus/video/b-frames.mp4"));
    for (const result of [
      core.fingerprint(image, { algorithms: "all", variants: "wide", rgbMd5: true }),
      core.fingerprint(image, { algorithms: ["md5"] }),
      core.fingerprint(new Uint8Array(100)),
      core.videos.fingerprint(video, { secondsPerHash: 0.5 }),
    ]) {
      assert.deepEqual(core.readRecord(core.writeRecord(result)), result);
      assert.deepEqual(JSON.parse(core.writeRecord(result)), recordToJson(result));
      assert.deepEqual(structuredClone(result), result, "a result can be cloned");
    }
  });

  test("the constants equal the names in the core", () => {
    const { hashes, digests } = core.capabilities();
    assert.deepEqual(
      Object.values(HashAlgorithm),
      hashes.map(({ name }) => name),
    );
    assert.deepEqual(
      Object.values(DigestAlgorithm),
      digests.map(({ name }) => name),
    );
    for (const [constants, names] of [
      [HashAlgorithm, hashes],
      [DigestAlgorithm, digests],
    ]) {
      for (const [key, name] of Object.entries(constants))
        assert.equal(key, name.toUpperCase().replaceAll("-", "_"), String(names));
    }
  });

  test("the algorithms with several values equal those of the core", async () => {
    const several = core
      .capabilities()
      .hashes.filter(({ hashes }) => hashes !== 1)
      .map(({ name }) => name);
    const value = "00".repeat(32);
    for (const name of Object.values(HashAlgorithm)) {
      const hashes = /** @type {any} */ ({ [name]: { values: [value] } });
      const json = recordToJson({
        image: { hashes, damaged: false },
        digests: {},
        warnings: [],
        deterministic: true,
      });
      assert.deepEqual(json.hashes?.[name]?.hex, several.includes(name) ? [value] : value);
    }
  });
});
