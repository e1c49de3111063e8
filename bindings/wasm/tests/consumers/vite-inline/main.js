import { fingerprint } from "ownprint/inline";

const response = await fetch("/images/hills.jpg");
const { hashes } = await fingerprint(await response.blob());
document.body.textContent = hashes.pdq.hex;
