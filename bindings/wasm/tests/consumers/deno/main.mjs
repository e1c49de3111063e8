import { loadCore } from "ownprint/core";

const bytes = await Deno.readFile(Deno.args[0]);
const core = await loadCore();
console.log(`core ${core.fingerprint(bytes).image.pdq.hash}`);
const full = await loadCore({ full: true });
console.log(
  `full ${full.fingerprint(bytes, { algorithms: ["phash"] }).image.hashes.phash.values[0]}`,
);
