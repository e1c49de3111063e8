// The public declarations are those of the committed report, so that a change of the API is a change
// of that file.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { apiReport } from "./support/api-report.mjs";
import { PACKAGE } from "./support/places.mjs";

const COMMITTED = path.join(PACKAGE, "api.txt");

test("the public declarations are those of api.txt", async () => {
  const report = await apiReport();
  if (process.env["OWNPRINT_WRITE_API"]) await writeFile(COMMITTED, report);
  const committed = await readFile(COMMITTED, "utf8");
  assert.equal(report, committed, "run `cargo xtask api`, and review the difference");
});

test("the report has what users import, and what that refers to", async () => {
  const report = await apiReport();
  for (const line of ["## ownprint (Node)", "## ownprint/core", "## ownprint-codecs/inline/heic"])
    assert.ok(report.includes(`\n${line}\n`), line);
  assert.match(report, /^const fingerprint: /m);
  assert.match(report, /^interface Fingerprint \{$/m);
  assert.match(report, /^class Client \{$/m);
  assert.doesNotMatch(report, /#private/);
});
