// The npm package of ownprint: `node ownprint_node.mjs phash:16`.

import { createInterface } from "node:readline";
import { readFile } from "node:fs/promises";
import { fingerprint } from "ownprint";

const algorithm = process.argv[2];
for await (const path of createInterface({ input: process.stdin })) {
  const { image } = await fingerprint(await readFile(path), { algorithms: [algorithm] });
  const found = image && Object.values(image.hashes)[0];
  const quality = found?.quality === undefined ? "" : `,${found.quality}`;
  console.log(found ? `${found.values[0]}${quality}` : "");
}
process.exit();
