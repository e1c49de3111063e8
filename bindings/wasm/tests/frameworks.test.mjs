// The projects of `frameworks` that install nothing. `cargo xtask test frameworks` tries all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PROJECTS } from "./frameworks/projects.mjs";
import { tryProjects } from "./frameworks/run.mjs";
import { missingBrowser } from "./support/browsers.mjs";

test("projects without dependencies", { skip: missingBrowser("chromium") }, async () => {
  const outcomes = await tryProjects(PROJECTS.filter(({ quick }) => quick));
  assert.ok(outcomes.length > 3);
  assert.deepEqual(
    outcomes.filter(({ failure }) => failure !== undefined),
    [],
  );
});
