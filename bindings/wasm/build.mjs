// From the modules in dist/ and the glue in client/generated/ to the package: embedded forms, what the modules say of
// themselves, worker scripts, types.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const generated = (name) => `client/generated/${name}`;
const dist = (name) => `dist/${name}`;

async function embed(module, name) {
  const base64 = (await readFile(dist(module))).toString("base64");
  await writeFile(generated(name), `/** ${module}, as text. */\nexport const base64: string = ${JSON.stringify(base64)};\n`);
}

/** A script with everything it imports inside, for a worker that may import nothing. */
async function bundle(options) {
  const result = await build({ bundle: true, minify: true, target: "es2022", write: false, ...options });
  return result.outputFiles[0].text;
}

/** What a module says it can do. */
async function capabilitiesOf(module) {
  const { glue } = await import("./client/generated/glue-full.js");
  const instance = glue();
  instance.initSync({ module: await readFile(dist(module)) });
  return JSON.parse(instance.capabilities());
}

/** What the full build can do, known to the client before it is loaded, or without it. */
async function describeFull() {
  const capabilities = await capabilitiesOf("ownprint-full.wasm");
  const decoded = capabilities.formats.filter((format) => format.decoded).map(({ name }) => name);
  await writeFile(
    generated("capabilities.ts"),
    `import type { Capabilities } from "../types.js";\n\n/** What the package computes and decodes. */\n` +
      `export const capabilities: Capabilities = ${JSON.stringify(capabilities)};\n`,
  );
  await writeFile(
    generated("decoded.ts"),
    `/** ImageInfo formats that the full build decodes. */\nexport const decodedByFull: readonly string[] = ${JSON.stringify(decoded)};\n`,
  );
}

await embed("ownprint-simd.wasm", "embedded-simd.ts");
await embed("ownprint.wasm", "embedded-baseline.ts");
await embed("ownprint-full-simd.wasm", "embedded-full-simd.ts");
await embed("ownprint-full.wasm", "embedded-full-baseline.ts");
for (const name of ["heic-simd", "heic", "avif", "jxl", "video"]) await embed(`ownprint-${name}.wasm`, `embedded-${name}.ts`);
await describeFull();

// The embedded worker is handed its module: it has no address to look beside.
const script = await bundle({
  entryPoints: ["client/worker.ts"],
  format: "iife",
  define: { "import.meta.url": "undefined" },
});
await writeFile(
  generated("worker-script.ts"),
  `/** The worker's script, as text. */\nexport const workerScript: string = ${JSON.stringify(script)};\n`,
);

execFileSync("node_modules/.bin/tsc", { stdio: "inherit" });
await mkdir(dist("generated"), { recursive: true });
for (const file of ["glue-full.js", "glue-full.d.ts", "glue-decoder.js", "glue-decoder.d.ts", "glue-video.js", "glue-video.d.ts"]) {
  await copyFile(generated(file), dist(`generated/${file}`));
}
await writeFile(dist("worker.js"), await bundle({ entryPoints: ["client/worker.ts"], format: "esm" }));

console.log("file                              bytes      gzip  integrity");
for (const file of (await readdir("dist")).filter((name) => /\.wasm$|^worker\.js$|^inline(-full)?\.js$/.test(name))) {
  const bytes = await readFile(dist(file));
  const size = String(bytes.length).padStart(10);
  const zipped = String(gzipSync(bytes, { level: 9 }).length).padStart(9);
  const integrity = createHash("sha384").update(bytes).digest("base64");
  console.log(`${file.padEnd(28)} ${size} ${zipped}  sha384-${integrity}`);
}
