// The declarations, as a strict consumer's type checker reads them.

import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";

import { makeProject, packPackage } from "./support/consumers.mjs";
import { run } from "./support/native.mjs";
import { PACKAGE } from "./support/places.mjs";

/** @type {Awaited<ReturnType<typeof packPackage>>} */
let packed;
/** @type {string} */
let project;
before(async () => {
  packed = await packPackage();
  project = await makeProject("types", packed);
});
after(() => rm(packed.folder, { recursive: true }));

for (const [module, moduleResolution] of [["esnext", "bundler"], ["node16", "node16"], ["nodenext", "nodenext"]]) {
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
      // The package's own declarations are held to the same.
      skipLibCheck: false,
      noEmit: true,
    };
    await writeFile(path.join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
    await run("node", [path.join(PACKAGE, "node_modules/typescript/bin/tsc"), "--project", project]);
  });
}
