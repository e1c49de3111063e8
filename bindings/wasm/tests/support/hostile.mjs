// Truncated and altered copies of the repository's images, and headers with huge values.

import { readFile } from "node:fs/promises";
import path from "node:path";

import { noise } from "./images.mjs";
import { IMAGES, filesBelow } from "./places.mjs";

const CUTS = [0.01, 0.1, 0.5, 0.9, 0.999];
const CHANGES = [1, 10, 200];

/** @returns {Promise<{ name: string, bytes: Uint8Array }[]>} the same in every run */
export async function hostileFiles() {
  const files = promises();
  for (const [seed, file] of filesBelow(IMAGES).entries()) {
    const whole = await readFile(path.join(IMAGES, file));
    for (const share of CUTS) {
      files.push({
        name: `cut-${share}-${file}`,
        bytes: whole.subarray(0, Math.floor(whole.length * share)),
      });
    }
    for (const count of CHANGES) {
      files.push({
        name: `changed-${count}-${file}`,
        bytes: change(whole, count, seed * 100 + count, whole.length),
      });
      // Changes of headers have more effect.
      files.push({
        name: `header-${count}-${file}`,
        bytes: change(whole, count, seed * 100 + count + 50, 256),
      });
    }
    files.push({
      name: `beginning-then-noise-${file}`,
      bytes: Buffer.concat([whole.subarray(0, 64), noise(5000, seed + 1)]),
    });
  }
  return files;
}

/** @param {Buffer} whole @param {number} count @param {number} seed @param {number} below */
function change(whole, count, seed, below) {
  const bytes = Buffer.from(whole);
  const random = noise(count * 5, seed + 7);
  const numbers = new DataView(random.buffer);
  // Without its first bytes, the file has no known format.
  const first = 12;
  for (let index = 0; index < count; index += 1) {
    bytes[first + (numbers.getUint32(index * 5) % (Math.min(below, bytes.length) - first))] =
      random[index * 5 + 4];
  }
  return bytes;
}

/** Short files with huge sizes, and files of no format. */
function promises() {
  return [
    { name: "empty", bytes: new Uint8Array() },
    { name: "one-byte", bytes: new Uint8Array([0xff]) },
    { name: "zeros", bytes: new Uint8Array(100_000) },
    { name: "noise", bytes: noise(100_000, 3) },
    { name: "huge.ppm", bytes: Buffer.from("P6\n60000 60000\n255\n\0\0\0") },
    { name: "wide.ppm", bytes: Buffer.from("P6\n4294967295 1\n255\n\0\0\0") },
    { name: "words.ppm", bytes: Buffer.from("P6\nthree by four\n255\n") },
    {
      name: "huge.png",
      bytes: Buffer.from(
        "89504e470d0a1a0a0000000d49484452ffffffffffffffff08020000000d0a2db4",
        "hex",
      ),
    },
    {
      name: "huge.gif",
      bytes: Buffer.from(
        "474946383961ffffffff800000000000ffffff2c00000000ffffffff00020144003b",
        "hex",
      ),
    },
    {
      name: "huge.bmp",
      bytes: Buffer.from(
        `424d3a0000000000000036000000280000${"00ff7f0000ff7f0000"}01001800000000`.padEnd(116, "0"),
        "hex",
      ),
    },
    { name: "only-start.jpg", bytes: Buffer.from("ffd8ffe000104a46494600", "hex") },
    {
      name: "only-start.webp",
      bytes: Buffer.from("RIFF\xff\xff\xff\x7fWEBPVP8L\xff\xff\xff\x7f", "latin1"),
    },
    { name: "loop.tiff", bytes: Buffer.from("49492a00080000000000" + "08000000", "hex") },
  ];
}
