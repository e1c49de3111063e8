// A minimal JPEG encoder with known pixels: every block of 8 by 8 has one grey value.
//
// The image is YCbCr 4:2:0 with neutral chroma. The luma of a block is its DC coefficient, which a
// quantizer of 8 leaves exact.

// Code lengths and values of the DC table: twelve categories, all with 4 bits.
const LENGTHS_OF_FIRST = [0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const CATEGORIES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
// The AC table has only the end of block, with one bit.
const LENGTHS_OF_REST = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/**
 * @param {number} width a multiple of 16, as is the height
 * @param {number} height
 * @param {Uint8Array[]} blocks a row for every 8 rows of pixels, a grey for every 8 pixels
 * @returns {Buffer}
 */
export function encodeBlocks(width, height, blocks) {
  const frame = [
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    3,
    1,
    0x22,
    0,
    2,
    0x11,
    0,
    3,
    0x11,
    0,
  ];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [...Buffer.from("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...Array(64).fill(8)]),
    segment(0xc0, frame),
    segment(0xc4, [0x00, ...LENGTHS_OF_FIRST, ...CATEGORIES]),
    segment(0xc4, [0x10, ...LENGTHS_OF_REST, 0]),
    segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    scan(width / 16, height / 16, blocks),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** @param {number} marker @param {number[]} body */
function segment(marker, body) {
  const length = body.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...body]);
}

/** @param {number} across @param {number} down @param {Uint8Array[]} blocks */
function scan(across, down, blocks) {
  const bits = bitWriter();
  let before = 0;
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      for (const [row, column] of [
        [2 * y, 2 * x],
        [2 * y, 2 * x + 1],
        [2 * y + 1, 2 * x],
        [2 * y + 1, 2 * x + 1],
      ]) {
        // The DC coefficient is eight times the mean; the quantizer divides by eight.
        const value = blocks[row][column] - 128;
        writeDifference(bits, value - before);
        before = value;
      }
      writeDifference(bits, 0);
      writeDifference(bits, 0);
    }
  }
  return bits.finish();
}

/** @param {ReturnType<typeof bitWriter>} bits @param {number} difference */
function writeDifference(bits, difference) {
  const category = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
  bits.write(category, 4);
  bits.write(difference < 0 ? difference + (1 << category) - 1 : difference, category);
  // End of block.
  bits.write(0, 1);
}

function bitWriter() {
  /** @type {number[]} */
  const bytes = [];
  let [held, count] = [0, 0];
  return {
    /** @param {number} value @param {number} length */
    write(value, length) {
      for (let bit = length - 1; bit >= 0; bit -= 1) {
        held = (held << 1) | ((value >> bit) & 1);
        count += 1;
        if (count < 8) continue;
        bytes.push(held);
        // A zero after 0xff distinguishes data from a marker.
        if (held === 0xff) bytes.push(0);
        [held, count] = [0, 0];
      }
    },
    finish() {
      while (count > 0) this.write(1, 1);
      return Buffer.from(bytes);
    },
  };
}
