// What a page of somebody else's looks like: the tests expect the hash on the screen.
import { fingerprint } from "ownprint";

const response = await fetch("/pictures/hills.jpg");
const picture = await response.blob();
const { hashes } = await fingerprint(picture);
// A hash that only the fuller module knows.
const { hashes: rarer } = await fingerprint(picture, { algorithms: ["phash"] });
document.body.textContent = `${hashes.pdq.hex} and ${rarer.phash.hex}`;
