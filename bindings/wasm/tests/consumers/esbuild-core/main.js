// esbuild leaves the package's own files where they are, so the page brings the module; the loader `file` gives its address.
import { loadCore } from "ownprint/core";
import full from "ownprint/wasm-full-simd";
import base from "ownprint/wasm-simd";

const load = async (address) => loadCore({ wasm: await WebAssembly.compileStreaming(fetch(address)) });
const image = await (await fetch("/images/hills.jpg")).arrayBuffer();
const { image: result } = (await load(base)).fingerprint(image);
const { image: rarer } = (await load(full)).fingerprint(image, { algorithms: ["phash"] });
document.body.textContent = `${result.pdq.hash} and ${rarer.hashes.phash.values[0]}`;
