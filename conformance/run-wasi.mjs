// Runs a WASI program in Node: node run-wasi.mjs PROGRAM.wasm ARGUMENT... The program can access
// the folders among its arguments.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const [program, ...words] = process.argv.slice(2);
const wasi = new WASI({
  version: 'preview1',
  args: [program, ...words],
  preopens: Object.fromEntries(words.filter(existsSync).map((folder) => [folder, folder])),
});
const { instance } = await WebAssembly.instantiate(await readFile(program), wasi.getImportObject());
process.exitCode = wasi.start(instance);
