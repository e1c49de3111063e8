// The npm package blockhash-core: `node blockhash.mjs blockhash:16x16`.

import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import blockhash from "blockhash-core";
import { PNG } from "pngjs";

const size = Number(process.argv[2].split("x")[1]);

// This package fills bytes from the most significant bit, img_hash from the least significant one.
function reversedBits(hex) {
  const reversed = (byte) =>
    [...byte.toString(2).padStart(8, "0")].reverse().join("");
  const bytes = hex.match(/../g).map((digits) => parseInt(reversed(parseInt(digits, 16)), 2));
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

for await (const path of createInterface({ input: process.stdin })) {
  try {
    console.log(reversedBits(blockhash.bmvbhash(PNG.sync.read(readFileSync(path)), size)));
  } catch {
    console.log();
  }
}
