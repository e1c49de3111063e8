import { fingerprint } from "ownprint/inline-full";

const response = await fetch("/images/hills.jpg");
const {
  image: { pdq, hashes },
} = await fingerprint(await response.blob(), { algorithms: ["pdq", "phash"] });
document.body.textContent = `${pdq.hash} and ${hashes.phash.values[0]}`;
