// Every entry point in Node: prints one line each for the image that is passed as an argument.
import { readFile } from "node:fs/promises";
import { openAsBlob } from "node:fs";
import { fileURLToPath } from "node:url";

import * as client from "ownprint";
import { Core, loadCore } from "ownprint/core";

const [image] = process.argv.slice(2);
const bytes = await readFile(image);
const print = (entryPoint, { image }) => console.log(`${entryPoint} ${image.pdq.hash}`);

print("client", await client.fingerprint(bytes));
print("blob", await client.fingerprint(await openAsBlob(image)));
const own = new client.Ownprint({ concurrency: 2 });
for await (const { fingerprint } of own.fingerprintAll([bytes, bytes])) print("batch", fingerprint);
print("core", (await loadCore()).fingerprint(bytes));
print("core-full", (await loadCore({ full: true })).fingerprint(bytes));
for (const name of ["ownprint.wasm", "ownprint-simd.wasm", "ownprint-full-simd.wasm"]) {
  const file = fileURLToPath(import.meta.resolve(`ownprint/${name}`));
  print(name, new Core(await WebAssembly.compile(await readFile(file))).fingerprint(bytes));
}
for (const name of ["worker", "ownprint-pixels-simd.wasm", "package.json"]) {
  await readFile(fileURLToPath(import.meta.resolve(`ownprint/${name}`)));
}
const { image: result } = await client.fingerprint(bytes, { algorithms: ["phash"] });
console.log(`client-full ${result.hashes.phash.values[0]}`);
// Without dispose: idle workers do not keep the process alive.
