// The declarations under a strict type checker, and the types of JSON compared with the schema.

import { readFile, rm, writeFile } from "node:fs/promises";
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
      JSON.stringify({ compilerOptions, files: ["main.ts", "schema.ts"] }),
    );
    await run("node", [
      path.join(PACKAGE, "node_modules/typescript/bin/tsc"),
      "--project",
      project,
    ]);
  });
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
