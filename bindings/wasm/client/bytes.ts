/** The bytes that a buffer or a view of one stands for; not a copy. */
export function asBytes(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (data instanceof Uint8Array) {
    return data;
  }
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  return new Uint8Array(data);
}

/** The same of what is certain to be one: a `Blob` would be taken for no bytes at all, and a list of none is a list. */
export function checkedBytes(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(data) && !("byteLength" in Object(data))) {
    throw new TypeError("bytes are an ArrayBuffer or a view of one; those of a file are what its arrayBuffer() gives");
  }
  return asBytes(data);
}

/** The same, or a text in UTF-8. */
export function textOrBytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : checkedBytes(data);
}

/** Overwrites a copy, unless it was sent to a worker: of such there is nothing here. */
export function wipeUnsent(copy: Uint8Array): void {
  if (copy.length > 0) {
    copy.fill(0);
  }
}

/** Hands bytes on, at most so many at a time, until no more are wanted; says whether they are. */
export function pushInPieces(bytes: Uint8Array, atMost: number, push: (piece: Uint8Array) => boolean): boolean {
  let wantsMore = true;
  for (let start = 0; wantsMore && start < bytes.length; start += atMost) {
    wantsMore = push(bytes.subarray(start, start + atMost));
  }
  return wantsMore;
}

/** What a stream makes of a file that is there at once. */
export function wholeThrough<Result>(
  stream: { push(bytes: ArrayBuffer | ArrayBufferView): boolean; finish(): Result; dispose(): void },
  bytes: ArrayBuffer | ArrayBufferView,
): Result {
  try {
    stream.push(bytes);
    return stream.finish();
  } finally {
    stream.dispose();
  }
}
