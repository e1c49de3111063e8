// Prints the PDQ hashes of files. The codecs are optional: only images in their formats load them.
import { readFile } from "node:fs/promises";
import { Ownprint } from "ownprint";
import avif from "ownprint-codecs/avif";
import heic from "ownprint-codecs/heic";
import jxl from "ownprint-codecs/jxl";

const ownprint = new Ownprint({ codecs: [heic, avif, jxl] });
for (const path of process.argv.slice(2)) {
  const { image } = await ownprint.fingerprint(await readFile(path));
  console.log(image.pdq.hash);
}
await ownprint.dispose();
