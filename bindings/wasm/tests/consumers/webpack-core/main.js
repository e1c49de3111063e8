import { loadCore } from "ownprint/core";

const files = [undefined, new URL("ownprint/wasm", import.meta.url), new URL("ownprint/wasm-simd", import.meta.url)];
const picture = await (await fetch("/pictures/hills.jpg")).arrayBuffer();
const results = new Set();
for (const wasm of files) {
  const core = await loadCore(wasm === undefined ? {} : { wasm });
  results.add(core.fingerprint(picture).hashes.pdq.hex);
}
document.body.textContent = [...results].join(" and ");
