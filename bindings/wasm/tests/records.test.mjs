// Records through the core: every vector of `records.json`, whole and in chunks. Rust, Kotlin and
// Swift read the same vectors.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { IMAGES, VECTORS } from "./support/places.mjs";

const {
  forms,
  tables,
  tolerant,
  exchange_lines: exchangeLines,
} = JSON.parse(await readFile(path.join(VECTORS, "records.json"), "utf8"));
const { OwnprintError, loadCore } = await import("ownprint/core");
const core = await loadCore({ full: true });

/**
 * Converts the value that the package reads from a valid text to the form of the vectors.
 *
 * @type {Record<string, (text: string) => any>}
 */
const READERS = {
  record: (text) => ({ written: core.writeRecord(core.readRecord(text)) }),
  csv: (text) => ({ records: core.readCsv(text).map((record) => core.writeRecord(record)) }),
  list: (text) => ({ hashes: core.readList(text).map(rowOf) }),
  stopncii: (text) => ({ written: core.writeStopNciiPage(core.readStopNciiPage(text)) }),
};

describe("records", () => {
  test("the vectors have every form, except videos", () => {
    assert.deepEqual(
      Object.keys(forms).sort(),
      [...Object.keys(READERS), "vpdq-json", "vpdq-line"].sort(),
    );
  });

  for (const [form, read] of Object.entries(READERS)) {
    test(`${form}: valid texts are read and written again`, () => {
      assert.ok(forms[form].valid.length >= 2);
      for (const expected of forms[form].valid) {
        for (const [key, value] of Object.entries(read(expected.text))) {
          assert.deepEqual(value, present(expected[key]), `${key} of ${expected.text}`);
        }
      }
    });

    test(`${form}: invalid texts are rejected with a position`, () => {
      assert.ok(forms[form].invalid.length >= 8);
      for (const { text, ...expected } of forms[form].invalid)
        assertRefused(() => read(text), expected, text);
    });
  }

  test("invalid rows are skipped, counted and named", () => {
    assert.ok(tolerant.lists.length >= 4 && tolerant.pages.length >= 2);
    for (const { text, hashes, skipped } of tolerant.lists) {
      const read = core.readListTolerant(text);
      assert.deepEqual(read.hashes.map(rowOf), present(hashes), text);
      assert.deepEqual(read.skipped, skipped, text);
    }
    for (const { text, written, skipped } of tolerant.pages) {
      const read = core.readStopNciiPageTolerant(text);
      assert.equal(core.writeStopNciiPage(read.page), written, text);
      assert.deepEqual(read.skipped, skipped, text);
    }
    assert.throws(() => core.readListTolerant("words"), { code: "invalid-record" });
  });

  test("fields that begin like a formula are escaped on request", () => {
    const record = { path: "=1+1", digests: {}, warnings: [], deterministic: true };
    const row = (/** @type {boolean} */ escapeFormulas) =>
      core.csvTable(["md5"], { escapeFormulas }).row(/** @type {any} */ (record));
    assert.ok(row(false).startsWith("=1+1,"));
    assert.ok(row(true).startsWith("'=1+1,"));
  });

  test("a list in chunks gives the same result, also for an index", () => {
    const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);
    const inPieces = (/** @type {Uint8Array} */ bytes, /** @type {number} */ length) => {
      const reader = core.listReader();
      const hashes = [];
      try {
        for (let start = 0; start < bytes.length; start += length)
          hashes.push(...reader.update(bytes.subarray(start, start + length)));
        return [...hashes, ...reader.finalize()];
      } finally {
        reader.dispose();
      }
    };
    for (const length of [1, 7, 100]) {
      for (const { text, hashes } of forms.list.valid)
        assert.deepEqual(inPieces(bytesOf(text), length).map(rowOf), present(hashes), text);
      for (const { text, ...expected } of forms.list.invalid)
        assertRefused(() => inPieces(bytesOf(text), length), expected, text);
    }
    const index = core.index();
    const list = bytesOf(forms.list.valid[0].text);
    const stream = index.listReader();
    for (const byte of list) stream.update(Uint8Array.of(byte));
    assert.equal(index.size, 0);
    assert.equal(stream.finalize(), forms.list.valid[0].hashes.length);
    assert.throws(() => stream.finalize(), { code: "disposed" });
    const given = index.listReader();
    given.update(list);
    given.dispose();
    given.dispose();
    assert.equal(index.size, forms.list.valid[0].hashes.length);
    index.dispose();
  });

  test("CSV tables have the rows of the command line", () => {
    for (const { algorithms, variants, header, records, rows } of tables) {
      const table = core.csvTable(algorithms, { variants: variants ?? undefined });
      assert.equal(table.header, header);
      assert.deepEqual(
        records.map((/** @type {string} */ text) => table.row(core.readRecord(text))),
        rows,
      );
    }
    assert.throws(() => core.csvTable(/** @type {any} */ (["sift"])), {
      code: "unknown-algorithm",
    });
  });

  test("exchange lines are written for hashes that exchanges accept", () => {
    for (const { algorithm, hex, quality, line } of exchangeLines) {
      assert.equal(core.exchangeLine(algorithm, hex, quality ?? undefined), line ?? undefined);
    }
  });

  test("a fingerprint is a record, with a path or without", async () => {
    const fingerprint = core.fingerprint(await readFile(path.join(IMAGES, "lake.jpg")), {
      algorithms: "all",
      variants: "standard",
      rgbMd5: true,
    });
    assert.deepEqual(core.readRecord(core.writeRecord(fingerprint)), fingerprint);
    const record = { path: "lake.jpg", ...fingerprint };
    assert.deepEqual(core.readRecord(core.writeRecord(record)), record);
  });

  test("values that are not records are rejected", () => {
    /** @type {any} */
    const any = core;
    assert.throws(() => any.writeRecord({ digests: {}, warnings: [{}], deterministic: true }), {
      code: "invalid-record",
    });
    assert.throws(() => any.writeStopNciiPage({ count: 1 }), { code: "invalid-record" });
    for (const call of [
      () => any.readRecord({}),
      () => any.readStopNciiPage(null),
      () => any.readCsv(undefined),
    ]) {
      assert.throws(call, { code: "invalid-argument" });
    }
  });

  test("the error of the default build names the module to load", async () => {
    const base = await loadCore();
    for (const call of [
      () => base.readRecord("{}"),
      () => base.listReader(),
      () => base.csvTable([]),
    ]) {
      assert.throws(call, { name: "OwnprintError", code: "needs-full" });
    }
  });
});

/** @param {() => unknown} read @param {any} expected @param {string} text */
function assertRefused(read, { code, line, column, message }, text) {
  assert.throws(
    read,
    (/** @type {any} */ error) => {
      assert.ok(error instanceof OwnprintError, String(error));
      assert.deepEqual([error.code, error.message], [code, message], text);
      assert.ok(error.message.startsWith(`line ${line}, column ${column}: `), text);
      return true;
    },
    text,
  );
}

/**
 * Converts a listed hash to the member names of the vectors.
 *
 * @param {import("ownprint/core").ListedHash} listed
 */
function rowOf({ hash: hex, ...rest }) {
  return { ...rest, hex };
}

/** Removes members that are null, which the package omits. @param {any} value */
function present(value) {
  if (!Array.isArray(value)) return value;
  return value.map((one) =>
    typeof one === "object"
      ? Object.fromEntries(Object.entries(one).filter(([, it]) => it !== null))
      : one,
  );
}
