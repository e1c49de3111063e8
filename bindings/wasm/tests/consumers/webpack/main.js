// What a page of somebody else's looks like: the tests expect the hash on the screen.
import { fingerprint } from "ownprint";

const response = await fetch("/images/hills.jpg");
const image = await response.blob();
const { hashes } = await fingerprint(image);
// A hash that only the full build knows.
const { hashes: rarer } = await fingerprint(image, { algorithms: ["phash"] });
document.body.textContent = `${hashes.pdq.hex} and ${rarer.phash.hex}`;
