// What a page of somebody else's looks like: the tests expect the hash on the screen.
import { fingerprint } from "ownprint";

const response = await fetch("/pictures/hills.jpg");
const { hashes } = await fingerprint(await response.blob());
document.body.textContent = hashes.pdq.hex;
