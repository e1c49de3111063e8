// Images with known pixels in several formats: noise, so that all rows differ.

import { crc32, deflateSync } from "node:zlib";

import { encodeBlocks } from "./jpeg.mjs";

/**
 * @typedef {object} Image
 * @property {string} name
 * @property {Buffer} file The encoded image.
 * @property {Uint8Array[]} rows The decoded RGB rows.
 */

/**
 * Returns noise as PPM, BMP, PNG (once without compression) and JPEG.
 *
 * @param {number} width
 * @param {number} height both multiples of 16
 * @returns {Image[]}
 */
export function noiseImages(width, height) {
  const coloured = rowsOf(width, height, 1, 3);
  const blocks = rowsOf(width / 8, height / 8, 2, 1);
  const grey = Array.from({ length: height }, (_, y) =>
    Uint8Array.from(
      { length: width * 3 },
      (_, index) => blocks[Math.floor(y / 8)][Math.floor(index / 24)],
    ),
  );
  return [
    { name: "ppm", file: encodePpm(width, height, coloured), rows: coloured },
    { name: "bmp", file: encodeBmp(width, height, coloured), rows: coloured },
    { name: "png", file: encodePng(width, height, coloured), rows: coloured },
    // The file contains the rows uncompressed.
    { name: "stored-png", file: encodePng(width, height, coloured, 0), rows: coloured },
    { name: "jpeg", file: encodeBlocks(width, height, blocks), rows: grey },
  ];
}

/**
 * Returns random bytes, the same in every run.
 *
 * @param {number} length
 * @param {number} seed
 */
export function noise(length, seed) {
  const bytes = new Uint8Array(length);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let index = 0; index < length; index += 1) {
    // Marsaglia's xorshift.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state >>> 11;
  }
  return bytes;
}

/** @param {number} width @param {number} height @param {number} seed @param {number} channels */
export function rowsOf(width, height, seed, channels) {
  const bytes = noise(width * height * channels, seed);
  return Array.from({ length: height }, (_, y) =>
    bytes.slice(y * width * channels, (y + 1) * width * channels),
  );
}

/**
 * Returns a pixmap whose last pixels fill the last block of a digest.
 *
 * @param {number} width @param {number} height @param {Uint8Array[]} rows
 */
export function encodePpm(width, height, rows) {
  const size = `\n${width} ${height}\n255\n`;
  const length = "P6\n#".length + size.length + width * height * 3;
  return Buffer.concat([
    Buffer.from(`P6\n#${"-".repeat((64 - (length % 64)) % 64)}${size}`),
    ...rows,
  ]);
}

/** @param {number} width @param {number} height @param {Uint8Array[]} rows */
function encodeBmp(width, height, rows) {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const header = Buffer.alloc(54);
  header.write("BM");
  header.writeUInt32LE(54 + stride * height, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  const stored = rows.toReversed?.() ?? [...rows].reverse();
  const lines = stored.map((row) => {
    const line = Buffer.alloc(stride);
    for (let at = 0; at < row.length; at += 3) line.set([row[at + 2], row[at + 1], row[at]], at);
    return line;
  });
  return Buffer.concat([header, ...lines]);
}

/** @param {number} width @param {number} height @param {Uint8Array[]} rows @param {number} [level] of compression */
export function encodePng(width, height, rows, level = 6) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const data = deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.from([0]), row])), {
    level,
  });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** @param {string} name @param {Buffer} data */
function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
