// The projects of `frameworks` that install nothing. `cargo xtask test frameworks` tries all.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import ts from "typescript";

import { PROJECTS } from "./frameworks/projects.mjs";
import { tryProjects } from "./frameworks/run.mjs";
import { missingBrowser } from "./support/browsers.mjs";
import { PACKAGE } from "./support/places.mjs";

test("projects without dependencies", { skip: missingBrowser("chromium") }, async () => {
  const outcomes = await tryProjects(PROJECTS.filter(({ quick }) => quick));
  assert.ok(outcomes.length > 3);
  assert.deepEqual(
    outcomes.filter(({ failure }) => failure !== undefined),
    [],
  );
});

// Vite 5 blanks strings before it looks for the addresses of modules. It ends a regular expression at
// a slash within a class, and begins a string at a quote within it.
test("the worker's script has no regular expression that Vite 5 misreads", async () => {
  const script = await readFile(path.join(PACKAGE, "dist/worker.js"), "utf8");
  const source = ts.createSourceFile("worker.js", script, ts.ScriptTarget.Latest);
  /** @type {string[]} */
  const expressions = [];
  const visit = (/** @type {import("typescript").Node} */ node) => {
    if (ts.isRegularExpressionLiteral(node)) expressions.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  assert.ok(expressions.length > 0);
  assert.deepEqual(
    expressions.filter((it) => /['"`/]/.test(it.slice(1, it.lastIndexOf("/")))),
    [],
  );
});
