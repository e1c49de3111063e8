// Builds the package from the modules in dist/ and the glue in client/generated/: embedded modules,
// capabilities, worker scripts and types.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const generated = (name) => `client/generated/${name}`;
const dist = (name) => `dist/${name}`;
const codecs = (name) => `codecs/${name}`;

/** The codecs of the package `ownprint-codecs`. */
const CODECS = ["heic", "avif", "jxl", "video", "video-hevc", "video-vp9", "video-vp8", "video-av1"];

/** What an import of a module gives where modules are compiled ahead. */
const WASM_TYPES = `/** A module that the platform compiled ahead. */
declare const module: WebAssembly.Module;
export default module;
`;

/** The package of the codecs has no dependency, so each of its scripts contains this function. */
const UNPACK = `const unpack = (base64) => {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
};

`;

/** Returns a module, compressed, in base64: half as many bytes as the module in base64. */
async function packed(module) {
  // The header of gzip must not name a time or a system, or builds would differ.
  const zipped = gzipSync(await readFile(module), { level: 9 });
  zipped[9] = 255;
  return zipped.toString("base64");
}

async function embed(module, name) {
  const comment = `${module}, compressed with gzip, in base64.`;
  await writeGenerated(name, comment, "base64: string", await packed(dist(module)));
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
  const capabilities = await capabilitiesOf("ownprint-full-simd.wasm");
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
console.log("file                              bytes      gzip  integrity");
const worker = await bundle({ entryPoints: ["client/worker.ts"], format: "esm" });
await writeFile(dist("worker.js"), worker);

await writeFile(dist("wasm.d.ts"), WASM_TYPES);
await rm(codecs("dist"), { recursive: true, force: true });
await mkdir(codecs("dist/inline"), { recursive: true });
for (const name of CODECS) {
  await writeCodec(name);
}
await writeFile(codecs("dist/wasm.d.ts"), WASM_TYPES);
for (const license of ["LICENSE-APACHE", "LICENSE-MIT"]) {
  await copyFile(license, codecs(license));
}
await describeFiles("dist");
await describeFiles(codecs("dist"));

/** Writes a codec: its module, a script with the module's address, and one that contains it. */
async function writeCodec(name) {
  const file = `ownprint-${name}.wasm`;
  await rename(dist(file), codecs(`dist/${file}`));
  const comment = `/** The codec \`${name}\` for ownprint. */\n`;
  const write = async (path, wasm, type) => {
    const members = `  name: ${JSON.stringify(name)},\n  wasm: ${wasm},\n`;
    const script = `${comment}const codec = {\n${members}};\nexport default codec;\n`;
    const types = `  readonly name: ${JSON.stringify(name)};\n  readonly wasm: ${type};\n`;
    const declared = `${comment}declare const codec: {\n${types}};\nexport default codec;\n`;
    await writeFile(codecs(`dist/${path}.js`), script);
    await writeFile(codecs(`dist/${path}.d.ts`), declared);
  };
  await write(name, `() => new URL("./${file}", import.meta.url)`, "() => URL");
  const embedded = `./embedded-${name}.js`;
  const imported = `() => import(${JSON.stringify(embedded)}).then(({ bytes }) => bytes())`;
  await write(`inline/${name}`, imported, "() => Promise<ArrayBuffer>");
  const base64 = JSON.stringify(await packed(codecs(`dist/${file}`)));
  await writeFile(
    codecs(`dist/inline/embedded-${name}.js`),
    `${UNPACK}/** Returns the module. */\nexport const bytes = () => unpack(${base64});\n`,
  );
}

/** Prints the files of a folder that are loaded, and writes the integrity of its modules. */
async function describeFiles(folder) {
  /** @type {Record<string, string>} */
  const integrities = {};
  const listed = /\.wasm$|^worker\.js$|^inline(-full)?\.js$/;
  for (const file of (await readdir(folder)).filter((name) => listed.test(name))) {
    const bytes = await readFile(`${folder}/${file}`);
    const size = String(bytes.length).padStart(10);
    const zipped = String(gzipSync(bytes, { level: 9 }).length).padStart(9);
    const integrity = createHash("sha384").update(bytes).digest("base64");
    console.log(`${file.padEnd(28)} ${size} ${zipped}  sha384-${integrity}`);
    if (file.endsWith(".wasm")) integrities[file] = `sha384-${integrity}`;
  }
  await writeFile(`${folder}/integrity.json`, `${JSON.stringify(integrities, undefined, 2)}\n`);
}
