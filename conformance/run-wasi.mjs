// Runs a WASI program in node with the folders named as arguments: node run-wasi.mjs PROGRAM.wasm FOLDER...
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const [program, ...folders] = process.argv.slice(2);
const wasi = new WASI({
  version: 'preview1',
  args: [program, ...folders],
  preopens: Object.fromEntries(folders.map((folder) => [folder, folder])),
});
const { instance } = await WebAssembly.instantiate(await readFile(program), wasi.getImportObject());
process.exitCode = wasi.start(instance);
