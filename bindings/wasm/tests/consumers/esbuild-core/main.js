// esbuild does not copy the package's files; the loader `file` gives their addresses.
import { loadCore } from "ownprint/core";
import full from "ownprint/ownprint-full-simd.wasm";
import base from "ownprint/ownprint-simd.wasm";

const load = async (address) =>
  loadCore({ wasm: await WebAssembly.compileStreaming(fetch(address)) });
const image = await (await fetch("/images/hills.jpg")).arrayBuffer();
const { image: result } = (await load(base)).fingerprint(image);
const { image: rarer } = (await load(full)).fingerprint(image, { algorithms: ["phash"] });
document.body.textContent = `${result.pdq.hash} and ${rarer.hashes.phash.values[0]}`;
