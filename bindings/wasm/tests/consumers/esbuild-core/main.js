// esbuild leaves the package's own files where they are, so the page brings the module; the loader `file` gives its address.
import { loadCore } from "ownprint/core";
import address from "ownprint/wasm-simd";

const module = await WebAssembly.compileStreaming(fetch(address));
const core = await loadCore({ wasm: module });
const picture = await (await fetch("/pictures/hills.jpg")).arrayBuffer();
document.body.textContent = core.fingerprint(picture).hashes.pdq.hex;
