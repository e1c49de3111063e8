// The declarations under a strict type checker, and the types of JSON compared with the schema.

import assert from "node:assert/strict";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";

import { makeProject, packPackage } from "./support/consumers.mjs";
import { run } from "./support/native.mjs";
import { PACKAGE, REPOSITORY } from "./support/places.mjs";

/** @type {Awaited<ReturnType<typeof packPackage>>} */
let packed;
/** @type {string} */
let project;
before(async () => {
  packed = await packPackage();
  project = await makeProject("types", packed);
  await writeFile(path.join(project, "schema.ts"), await schemaChecks());
  await writeFile(path.join(project, "readme.ts"), await readmeExamples());
  await cp(path.join(PACKAGE, "codecs"), path.join(project, "node_modules/ownprint-codecs"), {
    recursive: true,
  });
});
after(() => rm(packed.folder, { recursive: true }));

for (const [module, moduleResolution] of [
  ["esnext", "bundler"],
  ["node16", "node16"],
  ["nodenext", "nodenext"],
]) {
  test(`strict, moduleResolution ${moduleResolution}`, async () => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: "es2022",
      lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      // The package's own declarations are checked too.
      skipLibCheck: false,
      noEmit: true,
    };
    await writeFile(
      path.join(project, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["main.ts", "schema.ts", "readme.ts"] }),
    );
    await run("node", [
      path.join(PACKAGE, "node_modules/typescript/bin/tsc"),
      "--project",
      project,
    ]);
  });
}

test("strict, without the types of the DOM, in Node", async () => {
  const compilerOptions = {
    module: "nodenext",
    target: "es2022",
    lib: ["es2022"],
    types: ["node"],
    typeRoots: [path.join(PACKAGE, "node_modules/@types")],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const script = `import { fingerprint } from "ownprint";
import { loadCore } from "ownprint/core";
import heic from "ownprint-codecs/heic";
const core = await loadCore({ codecs: [heic] });
console.log(core.fingerprint(new Uint8Array(1)), await fingerprint(new Uint8Array(1)));
export {};
`;
  await writeFile(path.join(project, "node.mts"), script);
  await writeFile(
    path.join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["node.mts"] }),
  );
  await run("node", [path.join(PACKAGE, "node_modules/typescript/bin/tsc"), "--project", project]);
});

test("the codes are those of the core", async () => {
  const declared = await readFile(path.join(PACKAGE, "dist/errors.d.ts"), "utf8");
  const [, errors = "", warnings = ""] = declared.split(/export type (?:Error|Warning)Code = /);
  const known = (/** @type {string} */ text) =>
    new Set([...(text.split(";")[0] ?? "").matchAll(/"([a-z-]+)"/g)].map(([, code]) => code));
  const frozen = async (/** @type {string} */ file) => {
    const source = await readFile(path.join(REPOSITORY, "crates", file), "utf8");
    const [, test = ""] = source.split("fn codes_are_frozen()");
    return [...test.matchAll(/"([a-z]+(?:-[a-z]+)+|io|cancelled|internal|truncated|damaged)"/g)].map(
      ([, code]) => code,
    );
  };
  for (const crate of ["", "-decode", "-exchange", "-hash", "-pixels", "-search"]) {
    const codes = await frozen(`ownprint${crate}/src/error.rs`);
    assert.ok(codes.length > 1, crate);
    for (const code of codes) assert.ok(known(errors).has(code), `${crate} ${code}`);
  }
  assert.deepEqual(known(warnings), new Set(await frozen("ownprint/src/warning.rs")));
});

/** The examples of the README as one script, each in a block of its own. */
async function readmeExamples() {
  const text = await readFile(path.join(PACKAGE, "README.md"), "utf8");
  /** @type {Set<string>} */
  const imports = new Set();
  const bodies = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, block = ""]) =>
    block.replace(/^import (?:\{ (.*?) \}|(\w+)) from (".*?");\n/gm, (_, names, name, module) => {
      if (name) imports.add(`import ${name} from ${module};`);
      for (const it of names?.split(", ") ?? []) imports.add(`import { ${it} } from ${module};`);
      return "";
    }),
  );
  assert.ok(bodies.length > 10, `${bodies.length} examples`);
  const declared = `declare const file: File;
declare const files: FileList;
declare const bytes: Uint8Array;
declare const [data, first, second]: [Uint8Array, Uint8Array, Uint8Array];
declare const [width, height]: [number, number];
declare const planes: { offset: number; stride: number }[];
declare const [text, line, pdq]: [string, string, string];
declare const signal: AbortSignal;
declare const result: import("ownprint").Fingerprint;
declare const other: import("ownprint").Fingerprint;
declare const core: import("ownprint/core").Core;`;
  const functions = bodies.map(
    (body, index) => `export async function example${index}() {\n${body}\n}`,
  );
  return [...imports, declared, ...functions, ""].join("\n");
}

/** A script that compiles only if the types of JSON have exactly the members of the schema. */
async function schemaChecks() {
  const file = path.join(REPOSITORY, "docs/schema/fingerprint-1.json");
  const { properties, $defs } = JSON.parse(await readFile(file, "utf8"));
  const { hash, variants, video, diagnostic } = $defs;
  /** @type {[type: string, properties: object][]} */
  const checks = [
    ["RecordJson", properties],
    ['NonNullable<RecordJson["digests"]>', properties.digests.properties],
    ['NonNullable<RecordJson["hashes"]>[string]', hash.properties],
    ['NonNullable<RecordJson["variants"]>', variants.properties],
    [
      'NonNullable<RecordJson["variants"]>["hashes"][number]',
      variants.properties.hashes.items.properties,
    ],
    ['NonNullable<RecordJson["video"]>', video.properties],
    ['NonNullable<RecordJson["video"]>["vpdq"][number]', video.properties.vpdq.items.properties],
    ['NonNullable<RecordJson["error"]>', diagnostic.properties],
  ];
  const lines = checks.map(([type, properties], index) => {
    const members = Object.keys(properties).map((name) => `${name}: true`);
    return `export const check${index}: Record<keyof ${type}, true> = { ${members.join(", ")} };`;
  });
  return ['import type { RecordJson } from "ownprint";', ...lines, ""].join("\n");
}
