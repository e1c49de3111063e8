// What a page of somebody else's looks like: the tests expect the hash on the screen.
import { fingerprint } from "ownprint";

const response = await fetch("/images/hills.jpg");
const image = await response.blob();
const { image: result } = await fingerprint(image);
// A hash that only the full build knows.
const { image: rarer } = await fingerprint(image, { algorithms: ["phash"] });
document.body.textContent = `${result.pdq.hash} and ${rarer.hashes.phash.values[0]}`;
