import { fingerprint } from "ownprint/inline";

const response = await fetch("/pictures/hills.jpg");
const { hashes } = await fingerprint(await response.blob());
document.body.textContent = hashes.pdq.hex;
