// A page of a user: the tests expect the hash on the screen.
import { fingerprint } from "ownprint";

const response = await fetch("/images/hills.jpg");
const image = await response.blob();
const { image: result } = await fingerprint(image);
// A hash of the full build.
const { image: rarer } = await fingerprint(image, { algorithms: ["phash"] });
document.body.textContent = `${result.pdq.hash} and ${rarer.hashes.phash.values[0]}`;
