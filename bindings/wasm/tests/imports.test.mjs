// The TypeScript files import in one direction: there is no cycle, type-only imports included.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { PACKAGE, filesBelow } from "./support/places.mjs";

const CLIENT = path.join(PACKAGE, "client");
const IMPORT = /(?:from|import\()\s*"\.\/([\w/-]+)\.js"/g;

test("there is no import cycle", () => {
  const names = filesBelow(CLIENT).filter(
    (name) => name.endsWith(".ts") && !name.includes("generated"),
  );
  assert.ok(names.length > 30);
  /** @type {Map<string, string[]>} */
  const imports = new Map(
    names.map((name) => {
      const text = readFileSync(path.join(CLIENT, name), "utf8");
      return [name, [...text.matchAll(IMPORT)].map(([, imported]) => `${imported}.ts`)];
    }),
  );
  const finished = new Set();
  /** @param {string} name @param {string[]} before */
  const visit = (name, before) => {
    assert.ok(!before.includes(name), [...before, name].join(" -> "));
    if (finished.has(name)) return;
    for (const imported of imports.get(name) ?? []) visit(imported, [...before, name]);
    finished.add(name);
  };
  for (const name of names) visit(name, []);
});
