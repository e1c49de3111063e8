import { loadCore } from "ownprint/core";

const files = [
  undefined,
  new URL("ownprint/ownprint.wasm", import.meta.url),
  new URL("ownprint/ownprint-simd.wasm", import.meta.url),
];
const image = await (await fetch("/images/hills.jpg")).arrayBuffer();
const results = new Set();
for (const wasm of files) {
  const core = await loadCore(wasm === undefined ? {} : { wasm });
  results.add(core.fingerprint(image).image.pdq.hash);
}
const rarer = new Set();
for (const options of [
  { full: true },
  { wasm: new URL("ownprint/ownprint-full-simd.wasm", import.meta.url) },
]) {
  const core = await loadCore(options);
  results.add(core.fingerprint(image).image.pdq.hash);
  rarer.add(core.fingerprint(image, { algorithms: ["phash"] }).image.hashes.phash.values[0]);
}
document.body.textContent = [...results, ...rarer].join(" and ");
