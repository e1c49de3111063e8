// Builds the package from the modules in dist/ and the glue in client/generated/: embedded modules,
// capabilities, worker scripts and types.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const generated = (name) => `client/generated/${name}`;
const dist = (name) => `dist/${name}`;

async function embed(module, name) {
  const base64 = (await readFile(dist(module))).toString("base64");
  await writeGenerated(name, `${module} in base64.`, "base64: string", base64);
}

/** Writes a generated module with one constant. */
async function writeGenerated(name, comment, constant, value, imports = "") {
  const text = `/** ${comment} */\nexport const ${constant} = ${JSON.stringify(value)};\n`;
  await writeFile(generated(name), imports + text);
}

/** Returns a script that contains everything it imports. */
async function bundle(options) {
  const result = await build({
    bundle: true,
    minify: true,
    target: "es2022",
    write: false,
    ...options,
  });
  return result.outputFiles[0].text;
}

/** Returns what a module reports about itself. */
async function capabilitiesOf(module) {
  const { glue } = await import("./client/generated/glue-full.js");
  const instance = glue();
  instance.initSync({ module: await readFile(dist(module)) });
  return JSON.parse(instance.capabilities());
}

/** Writes what the client must know of the full build without loading it. */
async function describeFull() {
  const capabilities = await capabilitiesOf("ownprint-full.wasm");
  const { formats, hashes } = capabilities;
  const decoded = formats.filter((format) => format.decoded).map(({ name }) => name);
  const several = hashes.filter((hash) => hash.hashes !== 1).map(({ name }) => name);
  await writeGenerated(
    "capabilities.ts",
    "What the package computes and decodes.",
    "capabilities: Capabilities",
    capabilities,
    'import type { Capabilities } from "../types.js";\n\n',
  );
  await writeGenerated(
    "decoded.ts",
    "Image formats that the full build decodes.",
    "decodedByFull: readonly string[]",
    decoded,
  );
  await writeGenerated(
    "algorithms.ts",
    "Algorithms whose hashes are a list in JSON, without parameters.",
    "algorithmsWithSeveralValues: readonly string[]",
    several,
  );
}

await embed("ownprint-simd.wasm", "embedded-simd.ts");
await embed("ownprint.wasm", "embedded-baseline.ts");
await embed("ownprint-full-simd.wasm", "embedded-full-simd.ts");
await embed("ownprint-full.wasm", "embedded-full-baseline.ts");
const codecs = ["heic-simd", "heic", "avif", "jxl"];
const videoCodecs = ["video", "video-hevc", "video-vp9", "video-vp8", "video-av1"];
for (const name of [...codecs, ...videoCodecs]) {
  await embed(`ownprint-${name}.wasm`, `embedded-${name}.ts`);
}
await describeFull();

// The embedded worker receives its module; it has no address of its own.
const script = await bundle({
  entryPoints: ["client/worker.ts"],
  format: "iife",
  define: { "import.meta.url": "undefined" },
});
await writeGenerated("worker-script.ts", "The worker's script.", "workerScript: string", script);

execFileSync("node_modules/.bin/tsc", { stdio: "inherit" });
await mkdir(dist("generated"), { recursive: true });
for (const glue of ["glue-full", "glue-decoder", "glue-video"]) {
  for (const file of [`${glue}.js`, `${glue}.d.ts`]) {
    await copyFile(generated(file), dist(`generated/${file}`));
  }
}
const worker = await bundle({ entryPoints: ["client/worker.ts"], format: "esm" });
await writeFile(dist("worker.js"), worker);

/** @type {Record<string, string>} */
const integrities = {};
console.log("file                              bytes      gzip  integrity");
const listed = /\.wasm$|^worker\.js$|^inline(-full)?\.js$/;
for (const file of (await readdir("dist")).filter((name) => listed.test(name))) {
  const bytes = await readFile(dist(file));
  const size = String(bytes.length).padStart(10);
  const zipped = String(gzipSync(bytes, { level: 9 }).length).padStart(9);
  const integrity = createHash("sha384").update(bytes).digest("base64");
  console.log(`${file.padEnd(28)} ${size} ${zipped}  sha384-${integrity}`);
  if (file.endsWith(".wasm")) integrities[file] = `sha384-${integrity}`;
}
await writeFile(dist("integrity.json"), `${JSON.stringify(integrities, undefined, 2)}\n`);
