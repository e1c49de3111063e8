// A page that places the files itself, and one with a module of its own.
import { Ownprint } from "ownprint";
import { loadCore } from "ownprint/core";
import baseline from "ownprint/wasm?url";
import full from "ownprint/wasm-full?url";
import fullSimd from "ownprint/wasm-full-simd?url";
import pixels from "ownprint/wasm-pixels?url";
import pixelsSimd from "ownprint/wasm-pixels-simd?url";
import simd from "ownprint/wasm-simd?url";
import worker from "ownprint/worker?url";

const image = await (await fetch("/images/hills.jpg")).blob();
const results = new Set();
const rarer = new Set();
for (const [wasm, wasmFull] of [
  [baseline, full],
  [simd, fullSimd],
]) {
  const client = new Ownprint({ wasm, wasmFull, worker });
  results.add((await client.fingerprint(image)).image.pdq.hash);
  rarer.add(
    (await client.fingerprint(image, { algorithms: ["phash"] })).image.hashes.phash.values[0],
  );
  client.dispose();
  const core = await loadCore({ wasm });
  results.add(core.fingerprint(await image.arrayBuffer()).image.pdq.hash);
}
const own = await loadCore();
results.add(own.fingerprint(await image.arrayBuffer()).image.pdq.hash);
for (const wasm of [pixels, pixelsSimd]) await loadCore({ wasm });
document.body.textContent = [...results, ...rarer].join(" and ");
