/** Views and copies of bytes. */

import { invalidArgument } from "./errors.js";

/** Returns a view of the bytes of a buffer or a view; nothing is copied. */
export function asBytes(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (data instanceof Uint8Array) {
    return data;
  }
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  return new Uint8Array(data);
}

/**
 * Returns `true` for a buffer, also of another window or realm, which is no instance of this
 * realm's class.
 */
export function isBuffer(value: unknown): value is ArrayBuffer {
  const tag = Object.prototype.toString.call(value);
  return tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]";
}

/** As {@link asBytes}, but rejects other values: a `Blob` would be treated as an empty buffer. */
export function checkedBytes(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(data) && !isBuffer(data)) {
    throw invalidArgument(
      "expected an ArrayBuffer or a view of one; call arrayBuffer() to read a file",
    );
  }
  return asBytes(data);
}

/** As {@link checkedBytes}, but also accepts text, which is encoded as UTF-8. */
export function textOrBytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : checkedBytes(data);
}

/** Overwrites a copy that was not transferred to a worker; a transferred copy has length 0. */
export function wipeUnsent(copy: Uint8Array): void {
  if (copy.length > 0) {
    copy.fill(0);
  }
}

/**
 * Passes bytes to `update` in chunks of `chunkBytes` until it returns `false`. Returns the last
 * value of `update`.
 */
export function updateInChunks(
  bytes: Uint8Array,
  chunkBytes: number,
  update: (chunk: Uint8Array) => boolean,
): boolean {
  let wantsMore = true;
  for (let start = 0; wantsMore && start < bytes.length; start += chunkBytes) {
    wantsMore = update(bytes.subarray(start, start + chunkBytes));
  }
  return wantsMore;
}

/** Returns the result of a streaming hasher for a file that is in memory. */
export function hashWhole<Result>(
  stream: {
    update(bytes: ArrayBuffer | ArrayBufferView): void;
    finalize(): Result;
    dispose(): void;
  },
  bytes: ArrayBuffer | ArrayBufferView,
): Result {
  try {
    stream.update(bytes);
    return stream.finalize();
  } finally {
    stream.dispose();
  }
}
