import { fingerprint } from "ownprint/inline";

const response = await fetch("/images/hills.jpg");
const { image: result } = await fingerprint(await response.blob());
document.body.textContent = result.pdq.hash;
