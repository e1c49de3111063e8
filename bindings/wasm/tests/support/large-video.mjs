// An MP4 video of any length: its data begin with zeros, and its tables have offsets of 64 bits.

import { Buffer } from "node:buffer";
import { open } from "node:fs/promises";

const CONTAINERS = ["moov", "trak", "mdia", "minf", "stbl"];

/**
 * Returns the parts of a file before and after `hole` zeros.
 *
 * @param {Buffer} video a file of the boxes `ftyp`, others, `mdat` and `moov`
 * @param {number} hole
 */
export function aroundHole(video, hole) {
  const start = video.indexOf("mdat") - 4;
  const end = video.indexOf("moov") - 4;
  const header = Buffer.alloc(16);
  header.writeUInt32BE(1);
  header.write("mdat", 4);
  header.writeBigUInt64BE(BigInt(16 + hole + end - start - 8), 8);
  const before = Buffer.concat([video.subarray(0, start), header]);
  // The header has 8 bytes more than that of the file.
  const movie = withWideOffsets(video.subarray(end), hole + 8);
  return { before, after: Buffer.concat([video.subarray(start + 8, end), movie]) };
}

/**
 * Writes the file without taking space for the zeros.
 *
 * @param {string} path
 * @param {Buffer} video
 * @param {number} hole
 */
export async function writeSparse(path, video, hole) {
  const { before, after } = aroundHole(video, hole);
  const file = await open(path, "w");
  try {
    await file.write(before);
    await file.write(after, 0, after.length, before.length + hole);
  } finally {
    await file.close();
  }
}

/**
 * @param {Buffer} boxes
 * @param {number} shift
 * @returns {Buffer}
 */
function withWideOffsets(boxes, shift) {
  const moved = [];
  for (let at = 0; at < boxes.length; ) {
    const length = boxes.readUInt32BE(at);
    const kind = boxes.toString("latin1", at + 4, at + 8);
    const body = boxes.subarray(at + 8, at + length);
    if (CONTAINERS.includes(kind)) {
      moved.push(boxed(kind, withWideOffsets(body, shift)));
    } else if (kind === "stco") {
      const wide = Buffer.alloc(8 + (body.length - 8) * 2);
      body.copy(wide, 0, 0, 8);
      for (let entry = 0; 8 + entry * 4 < body.length; entry += 1) {
        wide.writeBigUInt64BE(BigInt(body.readUInt32BE(8 + entry * 4) + shift), 8 + entry * 8);
      }
      moved.push(boxed("co64", wide));
    } else {
      moved.push(boxes.subarray(at, at + length));
    }
    at += length;
  }
  return Buffer.concat(moved);
}

/**
 * @param {string} kind
 * @param {Buffer} body
 */
function boxed(kind, body) {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(kind, 4, "latin1");
  return Buffer.concat([header, body]);
}
