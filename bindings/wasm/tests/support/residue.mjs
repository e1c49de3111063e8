// Searches WebAssembly memory for bytes of a file. Runs in Node and in pages.

/**
 * Counts the windows of bytes that occur anywhere in the memory.
 *
 * A window has `length` bytes and starts at a multiple of `step` in one of the rows. The memory is
 * scanned once, with the first six bytes of each window as the key. Windows of few different values,
 * or that start with zeros, are skipped: they occur in every memory.
 *
 * @param {Uint8Array} memory
 * @param {Uint8Array[]} rows
 * @param {{ length?: number, step?: number }} [options]
 */
export function windowsFound(memory, rows, { length = 64, step = 1 } = {}) {
  /** @type {Map<number, { row: Uint8Array, at: number }[]>} */
  const windows = new Map();
  let count = 0;
  for (const row of rows) {
    for (let at = 0; at + length <= row.length; at += step) {
      if (!tells(row.subarray(at, at + length))) continue;
      const key = keyAt(row, at);
      const same = windows.get(key);
      if (same) same.push({ row, at });
      else windows.set(key, [{ row, at }]);
      count += 1;
    }
  }
  // Three bytes of the key exclude most addresses quickly.
  const starts = new Uint8Array(1 << 24);
  for (const list of windows.values()) for (const { row, at } of list) starts[startAt(row, at)] = 1;
  const found = new Set();
  for (let address = 0; address + length <= memory.length; address += 1) {
    if (starts[startAt(memory, address)] === 0) continue;
    for (const window of windows.get(keyAt(memory, address)) ?? []) {
      if (isAt(memory, address, window, length)) found.add(window);
    }
  }
  return { found: found.size, of: count };
}

/** Returns `true` if a window can only come from an image. @param {Uint8Array} window */
function tells(window) {
  return (
    new Set(window.subarray(0, 6)).size >= 4 ||
    (new Set(window).size >= 3 && startAt(window, 0) !== 0)
  );
}

/** @param {Uint8Array} bytes @param {number} at */
function keyAt(bytes, at) {
  return startAt(bytes, at) * (1 << 24) + startAt(bytes, at + 3);
}

/** @param {Uint8Array} bytes @param {number} at */
function startAt(bytes, at) {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
}

/**
 * @param {Uint8Array} memory
 * @param {number} address
 * @param {{ row: Uint8Array, at: number }} window
 * @param {number} length
 */
function isAt(memory, address, { row, at }, length) {
  for (let index = 0; index < length; index += 1) {
    if (memory[address + index] !== row[at + index]) return false;
  }
  return true;
}
