import { fingerprint } from "ownprint/inline-full";

const response = await fetch("/images/hills.jpg");
const { hashes } = await fingerprint(await response.blob(), { algorithms: ["pdq", "phash"] });
document.body.textContent = `${hashes.pdq.hex} and ${hashes.phash.hex}`;
