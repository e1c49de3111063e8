// A page that places the files itself, and one with a module of its own.
import { Ownprint } from "ownprint";
import { loadCore } from "ownprint/core";
import baseline from "ownprint/ownprint.wasm?url";
import fullSimd from "ownprint/ownprint-full-simd.wasm?url";
import pixelsSimd from "ownprint/ownprint-pixels-simd.wasm?url";
import simd from "ownprint/ownprint-simd.wasm?url";
import worker from "ownprint/worker?url";

const image = await (await fetch("/images/hills.jpg")).blob();
const results = new Set();
const rarer = new Set();
for (const wasm of [baseline, simd]) {
  const client = new Ownprint({ wasm, wasmFull: fullSimd, worker });
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
await loadCore({ wasm: pixelsSimd });
document.body.textContent = [...results, ...rarer].join(" and ");
