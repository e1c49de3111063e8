// The index and the lists of the full build, compared with the command line.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { COMMAND_LINE, run } from "./support/native.mjs";
import { servePages } from "./support/pages.mjs";
import { IMAGES, filesBelow } from "./support/places.mjs";

const ZERO = "0".repeat(64);
const NEAR = `${"0".repeat(62)}0f`;
const FAR = "f".repeat(64);

const { OwnprintError, loadCore } = await import("ownprint/core");
const full = await loadCore({ full: true });
const images = filesBelow(IMAGES).map((file) => path.join(IMAGES, file));

/** @type {string} */
let folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "ownprint-searching-"));
});
after(() => rm(folder, { recursive: true }));

describe("an index", () => {
  test("entries are found until they are removed", () => {
    const index = full.index();
    assert.deepEqual(
      [ZERO, NEAR, FAR].map((hex) => index.insert(hex, `text of ${hex.slice(-2)}`)),
      [0, 1, 2],
    );
    assert.deepEqual(index.within(ZERO), [
      { entry: 0, distance: 0, payload: "text of 00" },
      { entry: 1, distance: 4, payload: "text of 0f" },
    ]);
    assert.deepEqual(index.within(ZERO, 3), [{ entry: 0, distance: 0, payload: "text of 00" }]);
    assert.deepEqual(index.nearest(FAR, 2), [
      { entry: 2, distance: 0, payload: "text of ff" },
      { entry: 1, distance: 252, payload: "text of 0f" },
    ]);
    assert.deepEqual(index.nearest(FAR, 0), []);
    assert.deepEqual(
      [index.groups(), index.groups(3), index.groups(256)],
      [[[0, 1]], [], [[0, 1, 2]]],
    );
    assert.equal(index.remove(0), "text of 00");
    assert.equal(index.remove(0), undefined);
    assert.deepEqual(
      index.within(ZERO).map(({ entry }) => entry),
      [1],
    );
    assert.deepEqual([index.size, index.algorithm], [2, "pdq"]);
    index.dispose();
  });

  test("any text round-trips", () => {
    const index = full.index("phash");
    const payloads = [
      "",
      "\0",
      '"\\\n\u2028\u007f',
      "Bär 🐻\u{10ffff}",
      "\ufeffעברית",
      "x".repeat(100_000),
    ];
    for (const payload of payloads) index.insert("00000000000000ff", payload);
    const loaded = full.loadIndex(index.save());
    for (const one of [index, loaded]) {
      assert.deepEqual(
        one.within("00000000000000ff", 0).map(({ payload }) => payload),
        payloads,
      );
      assert.deepEqual(
        payloads.map((_, entry) => one.remove(entry)),
        payloads,
      );
      one.dispose();
    }
    // A lone surrogate is not valid Unicode.
    index.dispose();
    const other = full.index("phash");
    other.insert("00000000000000ff", "a\ud800b");
    assert.equal(other.remove(0), "a\ufffdb");
    other.dispose();
  });

  test("hashes of another length and unknown names are rejected", () => {
    const index = full.index();
    assert.throws(() => index.insert("00"), isError("not-comparable"));
    assert.throws(() => index.within("g".repeat(64)), isError("invalid-hash"));
    assert.throws(() => index.nearest("00", 1), isError("not-comparable"));
    assert.throws(() => full.index(/** @type {any} */ ("sift")), isError("unknown-algorithm"));
    assert.throws(() => full.index("phash:128"), isError("not-comparable"));
    assert.equal(index.size, 0);
    index.dispose();
  });

  test("values of a wrong type are refused, and the core can be used again", () => {
    const index = full.index();
    index.insert(ZERO, "kept");
    /** @type {any} */
    const any = index;
    for (const call of [
      () => any.insert(undefined),
      () => any.insert(ZERO, 5),
      () => any.within(5),
      () => any.nearest(ZERO),
      () => any.insertList(undefined),
      () => any.insertList(null),
      () => any.insertList(new Blob([`pdq ${ZERO}\n`])),
      () => /** @type {any} */ (full).readList(new Blob([])),
      () => /** @type {any} */ (full).loadIndex(new Blob([])),
      () => any.remove("0"),
      () => index.within(ZERO, -1),
      () => index.within(ZERO, 0.5),
      () => index.nearest(ZERO, 2 ** 32),
      () => index.groups(NaN),
      () => index.remove(-1),
    ]) {
      assert.throws(call, { code: "invalid-argument" }, String(call));
    }
    assert.deepEqual(index.within(ZERO, 2 ** 32 - 1), [{ entry: 0, distance: 0, payload: "kept" }]);
    index.dispose();
  });

  test("results equal a linear scan, also if the index uses its table", () => {
    const count = 20_000;
    const [index, hashes] = [full.index("phash"), randomHashes(count)];
    for (const [entry, hex] of hashes.entries())
      assert.equal(index.insert(hex, String(entry)), entry);
    for (const query of [...hashes.slice(0, 5), "0123456789abcdef"]) {
      const all = hashes
        .map((hex, entry) => ({
          entry,
          distance: full.distance(hex, query),
          payload: String(entry),
        }))
        .sort((a, b) => a.distance - b.distance || a.entry - b.entry);
      for (const radius of [0, 10, 18]) {
        assert.deepEqual(
          index.within(query, radius),
          all.filter(({ distance }) => distance <= radius),
        );
      }
      assert.deepEqual(index.nearest(query, 20), all.slice(0, 20));
    }
    index.dispose();
  });
});

describe("an index's file", () => {
  test("is loaded, and rejected if it is altered, truncated or followed by other data", () => {
    const index = full.index("phash");
    index.insert("00000000000000ff", "known");
    const bytes = index.save();
    index.dispose();
    const loaded = full.loadIndex(bytes);
    assert.deepEqual(loaded.within("00000000000000fe"), [
      { entry: 0, distance: 1, payload: "known" },
    ]);
    assert.equal(loaded.algorithm, "phash");
    loaded.dispose();
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = bytes.with(at, bytes[at] ^ 1);
      assert.throws(
        () => full.loadIndex(altered),
        isError("invalid-index", "unknown-algorithm"),
        `byte ${at}`,
      );
      assert.throws(
        () => full.loadIndex(bytes.subarray(0, at)),
        isError("invalid-index"),
        `${at} bytes`,
      );
    }
    assert.throws(() => full.loadIndex(Uint8Array.of(...bytes, 0)), isError("invalid-index"));
  });

  for (const algorithm of /** @type {const} */ (["pdq", "phash"])) {
    for (const format of ["jsonl", "csv"]) {
      test(`equals that of the command line byte for byte: ${algorithm} of ${format}`, async () => {
        const list = await listOf(format, ["pdq", "phash", "md5"]);
        const file = path.join(folder, `${algorithm}-${format}.index`);
        await run(COMMAND_LINE, [
          "index",
          "build",
          "--algorithm",
          algorithm,
          "--output",
          file,
          list,
        ]);
        const theirs = await readFile(file);
        const index = full.index(algorithm);
        assert.equal(index.insertList(await readFile(list)), images.length);
        assert.deepEqual(Buffer.from(index.save()), theirs);
        const loaded = full.loadIndex(theirs);
        assert.equal(loaded.size, images.length);
        assert.deepEqual(Buffer.from(loaded.save()), theirs);
        for (const one of [index, loaded]) one.dispose();
      });
    }
  }

  test("equals that of the command line for exchange lines, with positions as payloads", async () => {
    const list = await listOf("threatexchange", ["pdq"]);
    const file = path.join(folder, "exchange.index");
    await run(COMMAND_LINE, ["index", "build", "--output", file, list]);
    const index = full.index();
    const listed = full.readList(await readFile(list));
    assert.ok(listed.length > 1);
    for (const { hash, line } of listed) index.insert(hash, `${list}:${line}`);
    assert.deepEqual(Buffer.from(index.save()), await readFile(file));
    index.dispose();
  });

  test("is read by the command line", async () => {
    const index = full.index();
    index.insertList(`pdq ${ZERO}\npdq ${FAR}\n`);
    const file = path.join(folder, "ours.index");
    await writeFile(file, index.save());
    index.dispose();
    const { algorithm, hashes } = JSON.parse(
      await run(COMMAND_LINE, ["index", "info", "--format", "json", file]),
    );
    assert.deepEqual([algorithm, hashes], ["pdq", 2]);
  });
});

describe("a list", () => {
  test("is read in each format of the command line", async () => {
    const expected = [];
    for (const file of images) {
      const { image } = full.fingerprint(await readFile(file), { algorithms: ["pdq", "phash"] });
      for (const [
        algorithm,
        {
          values: [hash],
          quality,
        },
      ] of Object.entries(/** @type {any} */ (image).hashes)) {
        expected.push({ algorithm, hash, ...(quality !== undefined && { quality }), name: file });
      }
    }
    for (const [format, firstLine] of /** @type {[string, number][]} */ ([
      ["jsonl", 1],
      ["csv", 2],
    ])) {
      const listed = full.readList(await readFile(await listOf(format, ["pdq", "phash", "md5"])));
      const lines = expected.map((hash, at) => ({ ...hash, line: firstLine + Math.floor(at / 2) }));
      assert.deepEqual(listed, lines, format);
    }
    const exchanged = expected
      .filter(({ algorithm, quality = 0 }) => algorithm === "pdq" && quality >= 50)
      .map(({ hash }, at) => ({ algorithm: "pdq", hash, line: at + 1 }));
    assert.deepEqual(
      full.readList(await readFile(await listOf("threatexchange", ["pdq"]))),
      exchanged,
    );
    assert.deepEqual(full.readList(""), []);
  });

  test("finds an image by an exchange line", async () => {
    const { image } = full.fingerprint(await readFile(path.join(IMAGES, "lake.jpg")));
    const { hash = "", quality } = image?.pdq ?? {};
    const line = full.exchangeLine("pdq", hash, quality);
    assert.equal(line, `pdq ${hash}`);
    assert.equal(full.exchangeLine("pdq", hash), `pdq ${hash}`);
    assert.deepEqual(
      [50, 49, 0].map((quality) => full.exchangeLine("pdq", hash, quality)),
      [line, undefined, undefined],
    );
    assert.equal(full.exchangeLine("phash", "00000000000000ff"), undefined);
    assert.throws(
      () => full.exchangeLine(/** @type {any} */ ("sift"), "00"),
      isError("unknown-algorithm"),
    );
    assert.throws(() => full.exchangeLine("pdq", "g".repeat(64)), isError("invalid-hash"));
    assert.throws(() => full.exchangeLine("pdq", "00"), isError("not-comparable"));
    for (const quality of [101, -1, 49.5])
      assert.throws(() => full.exchangeLine("pdq", hash, quality), { code: "invalid-argument" });
    const list = `pdq ${FAR}\n${line}\n`;
    for (const form of [list, Buffer.from(list), new TextEncoder().encode(list).buffer]) {
      assert.deepEqual(full.readList(form), [
        { algorithm: "pdq", hash: FAR, line: 1 },
        { algorithm: "pdq", hash, line: 2 },
      ]);
      const index = full.index();
      assert.equal(index.insertList(form), 2);
      assert.deepEqual(
        index.within(hash).map(({ entry }) => entry),
        [1],
      );
      index.dispose();
    }
  });

  test("with an error is rejected with a position and adds nothing", () => {
    const index = full.index();
    for (const [mistake, column] of /** @type {[string, number][]} */ ([
      [`pdq ${"0".repeat(32)}`, 5],
      [`pdq ${"G".repeat(64)}`, 5],
      [`\ufeffpdq ${ZERO}`, 1],
      [`pdq  ${ZERO}`, 5],
    ])) {
      const list = `pdq ${ZERO}\n${mistake}\n`;
      for (const read of [() => index.insertList(list), () => full.readList(list)]) {
        assert.throws(
          read,
          {
            name: "OwnprintError",
            code: "invalid-record",
            message: new RegExp(`^line 2, column ${column}: `),
          },
          mistake,
        );
      }
    }
    assert.equal(index.size, 0);
    index.dispose();
  });
});

describe("sets of variants", () => {
  const lake = path.join(IMAGES, "lake.jpg");
  /** Returns the list of the command line for one image. @param {string} format */
  const listed = (format) =>
    run(COMMAND_LINE, [
      "hash",
      "--format",
      format,
      "--algorithms",
      "pdq",
      "--variants",
      "standard",
      lake,
    ]);

  test("a fingerprint has the set of the command line, from bytes and from chunks", async () => {
    const { path: _, ...expected } = full.readRecord(await listed("jsonl"));
    const bytes = await readFile(lake);
    const options = /** @type {const} */ ({ algorithms: ["pdq"], variants: "standard" });
    assert.deepEqual(full.fingerprint(bytes, options), expected);
    const base = await loadCore();
    assert.deepEqual(base.fingerprint(bytes, options), expected);
    const stream = base.stream(options);
    for (let start = 0; start < bytes.length; start += 10_000)
      stream.update(bytes.subarray(start, start + 10_000));
    assert.deepEqual(stream.finalize(), expected);
    const { hashes = [], skipped = [] } = expected.image?.variants ?? {};
    const names = [...hashes, ...skipped].map(({ variant }) => variant);
    const { image } = base.fingerprint(bytes, { algorithms: ["sha256"], variants: names });
    assert.deepEqual(
      image?.variants?.hashes.map(({ hash }) => hash).sort(),
      hashes.map(({ hash }) => hash).sort(),
    );
    const digests = base.stream({ ...options, algorithms: ["md5"], digestsOnly: true });
    digests.update(bytes);
    assert.deepEqual(Object.keys(digests.finalize()).sort(), [
      "deterministic",
      "digests",
      "warnings",
    ]);
    base.dispose();
  });

  test("a comparison names the nearest variant of the original", async () => {
    const { image } = full.fingerprint(await readFile(lake), {
      algorithms: ["pdq"],
      variants: "compact",
    });
    const [pdq, variants] = [image?.pdq, image?.variants];
    assert.ok(pdq !== undefined && variants !== undefined);
    for (const { variant, hash } of variants.hashes) {
      const comparison = full.compare(variants, hash);
      assert.deepEqual(
        [comparison.variant, comparison.distance, comparison.isMatch],
        [variant, 0, true],
      );
    }
    const mirror = String(variants.hashes.find(({ variant }) => variant === "mirror")?.hash);
    const distances = variants.hashes.map(({ hash }) => full.distance(hash, FAR));
    assert.equal(full.compare(variants, FAR).distance, Math.min(...distances));
    assert.equal("variant" in full.compare(pdq.hash, mirror), false);
    assert.ok(full.compare(pdq.hash, mirror).distance > 31);
    assert.throws(() => full.compare({ hashes: [], skipped: [] }, mirror), isError("invalid-hash"));
    assert.throws(() => full.compare(variants, "00"), isError("not-comparable"));
    const { Ownprint } = await import("ownprint");
    const client = new Ownprint();
    const file = await readFile(lake);
    const [original, bare] = [
      await client.fingerprint(file, { variants: "compact" }),
      await client.fingerprint(file),
    ];
    assert.deepEqual(await client.compare(original, mirror), full.compare(variants, mirror));
    assert.equal((await client.compare(original, bare)).variant, "original");
    assert.equal((await client.compare(bare, original)).variant, undefined);
    // The set of the second side is not one of images that are looked up.
    const { queryVariant, variant } = await client.compare(original, original);
    assert.deepEqual([variant, queryVariant], ["original", undefined]);
    client.dispose();
  });

  test("an image that is looked up may have a set, too", async () => {
    const bytes = await readFile(lake);
    const setOf = (/** @type {import("ownprint").VariantSetName} */ variants) =>
      full.fingerprint(bytes, { algorithms: ["pdq"], variants }).image?.variants;
    const [listed, query] = [setOf("compact"), setOf("query")];
    assert.ok(listed !== undefined && query !== undefined);
    assert.equal(query.hashes.length, 8);
    for (const { variant, hash } of query.hashes) {
      const { queryVariant, ...rest } = full.compare(hash, query);
      assert.deepEqual([queryVariant, rest.distance, rest.isMatch], [variant, 0, true]);
      assert.equal("variant" in rest, false);
    }
    // The command line compares the same sets.
    const printed = await run(COMMAND_LINE, [
      ...["compare", "--format", "json", "--variants", "compact", "--query-variants"],
      ...[lake, path.join(IMAGES, "hills.jpg")],
    ], { codes: [0, 1] });
    const other = full.fingerprint(await readFile(path.join(IMAGES, "hills.jpg")), {
      variants: "query",
    }).image?.variants;
    assert.ok(other !== undefined);
    const expected = JSON.parse(printed);
    const compared = full.compare(listed, other);
    assert.deepEqual(
      [compared.distance, compared.variant, compared.queryVariant, compared.isMatch],
      [expected.distance, expected.variant, expected.query_variant, false],
    );
    // A hash of low quality never matches.
    const flat = { ...query, hashes: query.hashes.map((hash) => ({ ...hash, quality: 49 })) };
    const unreliable = full.compare(listed, flat);
    assert.deepEqual([unreliable.distance, unreliable.isMatch], [0, false]);
    assert.throws(() => full.compare(listed, { hashes: [], skipped: [] }), isError("not-comparable"));
    assert.throws(() => full.compare(listed, query, "phash"), isError("invalid-argument"));
    const odd = (/** @type {object} */ change) => ({
      ...query,
      hashes: query.hashes.map((hash) => ({ ...hash, ...change })),
    });
    assert.throws(() => full.compare(listed, odd({ hash: "00" })), isError("not-comparable"));
    assert.throws(() => full.compare(listed, odd({ hash: "00 1" })), isError("not-comparable"));
    assert.throws(() => full.compare(listed, odd({ quality: -1 })), isError("invalid-hash"));
    assert.throws(() => full.compare(listed, odd({ variant: "sepia" })), isError("unknown-variant"));
  });

  test("only the full build has the sets of images that are looked up", async () => {
    const bytes = await readFile(lake);
    const base = await loadCore();
    for (const variants of ["query", "query-wide", ["trim:background"], ["deskew+mirror"]]) {
      const options = /** @type {import("ownprint").ComputeOptions} */ ({ variants });
      assert.throws(() => base.fingerprint(bytes, options), isError("unknown-variant"));
      assert.ok(full.fingerprint(bytes, options).image?.variants);
    }
    const set = full.fingerprint(bytes, { variants: "query" }).image?.variants;
    assert.ok(set !== undefined);
    assert.throws(() => base.compare(set, set), isError("needs-full"));
    base.dispose();
    // A worker loads the full build for them.
    const { Ownprint } = await import("ownprint");
    const client = new Ownprint({ concurrency: 1 });
    const original = await client.fingerprint(bytes, { variants: "standard" });
    const query = await client.fingerprint(bytes, { variants: "query" });
    assert.deepEqual(query.image?.variants, set);
    const comparison = await client.compare(original, query);
    assert.deepEqual(
      [comparison.variant, comparison.queryVariant, comparison.distance],
      ["original", "original", 0],
    );
    assert.equal((await client.compare(String(query.image?.pdq?.hash), query)).distance, 0);
    client.dispose();
    const other = new Ownprint({ concurrency: 1 });
    assert.equal((await other.compare(original, query)).queryVariant, "original");
    other.dispose();
  });

  test("lists and indexes name the variant of a hash", async () => {
    const { image } = full.fingerprint(await readFile(lake), { variants: "standard" });
    for (const format of ["jsonl", "csv"]) {
      const list = await listed(format);
      const hashes = full.readList(list);
      assert.deepEqual(
        hashes.map(({ variant, hash, quality, name }) => ({ variant, hash, quality, name })),
        image?.variants?.hashes.map((hash) => ({ ...hash, name: lake })),
      );
      const index = full.index();
      assert.equal(index.insertList(list), hashes.length);
      for (const { hash, variant } of hashes) {
        const [hit] = index.nearest(hash, 1);
        assert.deepEqual(
          [hit.distance, hit.payload, hit.variant],
          [0, `${lake}#${variant}`, variant],
        );
      }
      const file = path.join(folder, `set-${format}.index`);
      await writeFile(path.join(folder, `set.${format}`), list);
      await run(COMMAND_LINE, [
        "index",
        "build",
        "--output",
        file,
        path.join(folder, `set.${format}`),
      ]);
      assert.deepEqual(
        Buffer.from(index.save()),
        await readFile(file),
        "the command line's index of this list",
      );
      index.dispose();
    }
    const index = full.index();
    for (const payload of ["a#b", "a#", "mirror", "#mirror", "a#mirror", "a#crop:4.0"])
      index.insert(ZERO, payload);
    assert.deepEqual(
      index.within(ZERO).map(({ variant }) => variant),
      [undefined, undefined, undefined, "mirror", "mirror", undefined],
    );
    index.dispose();
  });

  test("CSV tables equal those of the command line", async () => {
    const [header, row] = (await listed("csv")).split(/(?<=\n)/);
    const table = full.csvTable(["pdq"], { variants: "standard" });
    const record = full.readRecord(await listed("jsonl"));
    assert.deepEqual([table.header, table.row(record)], [header, row]);
    assert.deepEqual(full.csvTable(["pdq"], { variants: ["mirror"] }).header, header);
    assert.equal(full.csvTable(["pdq"]).header.includes("variants"), false);
    assert.throws(
      () => full.csvTable(["pdq"], { variants: ["sepia"] }),
      isError("unknown-variant"),
    );
  });
});

describe("an index's memory", () => {
  test("is overwritten and reused after it is freed", async () => {
    const own = await loadCore({ full: true });
    const [list, secret] = [randomHashes(5_000), "a payload that nobody else may read"];
    const fill = () => {
      const index = own.index("phash");
      for (const hex of list) index.insert(hex, secret);
      return index;
    };
    const holds = () => Buffer.from(own.memory?.buffer ?? new ArrayBuffer(0)).includes(secret);
    fill().dispose();
    const held = own.memoryBytes;
    for (let round = 0; round < 20; round += 1) fill().dispose();
    assert.equal(own.memoryBytes, held);
    const last = fill();
    assert.equal(holds(), true);
    last.dispose();
    assert.equal(holds(), false);
    own.dispose();
  });

  test("calls on a freed index fail, and freeing it again has no effect", () => {
    const index = full.index();
    index.dispose();
    index.dispose();
    assert.throws(() => index.size, { code: "disposed", message: /disposed/ });
    assert.throws(() => index.insert(ZERO), { code: "disposed" });
  });

  test(
    "is given back at the end of a block that declares its use",
    { skip: Symbol.dispose === undefined },
    () => {
      const index = full.index();
      index[Symbol.dispose]();
      assert.throws(() => index.size, { code: "disposed" });
    },
  );

  test("disposing of the core invalidates its indexes; new ones can be created", async () => {
    const own = await loadCore({ full: true });
    const index = own.index();
    index.insert(ZERO);
    own.dispose();
    assert.throws(() => index.within(ZERO), isError("cancelled"));
    const next = own.index();
    assert.equal(next.insert(ZERO), 0);
    assert.throws(() => index.size, isError("cancelled"));
    index.dispose();
    assert.equal(next.size, 1);
    own.dispose();
  });
});

describe("a module that is not the full build", () => {
  for (const options of [{}, { decoders: false }]) {
    test(`names the module to load in its error: ${JSON.stringify(options)}`, async () => {
      const base = await loadCore(options);
      for (const call of [
        () => base.index("pdq"),
        () => base.loadIndex(new Uint8Array()),
        () => base.readList(""),
        () => base.exchangeLine("pdq", ZERO),
      ]) {
        assert.throws(call, { name: "OwnprintError", code: "needs-full", message: /full: true/ });
      }
      assert.equal(base.distance(ZERO, NEAR), 4, "the core still works");
    });
  }
});

inBrowsers("searching", EVERY_BROWSER, (held) => {
  /** @type {import("./support/server.mjs").Server} */
  let server;
  before(async () => {
    server = await servePages();
  });
  after(() => server.close());

  test("finds, saves and loads in a page", async () => {
    await held.browser.open(`${server.origin}/pages/core.html`);
    const found = await held.browser.evaluate(
      async (zero, near) => {
        const full = await core.loadCore({ full: true });
        const index = full.index();
        index.insertList(`pdq ${near}\n`);
        const loaded = full.loadIndex(index.save());
        const failed = await outcome(() => index.insertList("pdq 00"));
        return { hits: loaded.within(zero), listed: full.readList(`pdq ${near}`), failed };
      },
      ZERO,
      NEAR,
    );
    assert.deepEqual(found.hits, [{ entry: 0, distance: 4, payload: "" }]);
    assert.deepEqual(found.listed, [{ algorithm: "pdq", hash: NEAR, line: 1 }]);
    assert.equal(found.failed.error?.code, "invalid-record", JSON.stringify(found.failed));
  });
});

/** @type {Map<string, Promise<string>>} */
const lists = new Map();

/**
 * Returns a list of the images that the command line writes.
 *
 * @param {string} format
 * @param {string[]} algorithms
 * @returns {Promise<string>} its path
 */
function listOf(format, algorithms) {
  const list = lists.get(format) ?? writeList(format, algorithms);
  lists.set(format, list);
  return list;
}

/** @param {string} format @param {string[]} algorithms */
async function writeList(format, algorithms) {
  const file = path.join(folder, `list.${format}`);
  await writeFile(
    file,
    await run(COMMAND_LINE, [
      "hash",
      "--format",
      format,
      "--algorithms",
      algorithms.join(","),
      ...images,
    ]),
  );
  return file;
}

/**
 * Returns 64-bit hashes, the same in every run.
 *
 * @param {number} count
 */
function randomHashes(count) {
  let state = 1;
  const word = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 16).toString(16).padStart(4, "0");
  };
  return Array.from({ length: count }, () => word() + word() + word() + word());
}

/** @param {string[]} codes */
function isError(...codes) {
  return (/** @type {any} */ error) => {
    assert.ok(error instanceof OwnprintError, String(error));
    assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
    return true;
  };
}
