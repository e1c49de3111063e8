/** Reads a job's input in chunks, in the worker. */

import { blobReader, type ReadableFile } from "./blob-reader.js";
import type { FromWorker, JobInput } from "./protocol.js";
import type { VideoFrameInput } from "./video-types.js";

/** Bytes of a file that are in JavaScript's memory at a time. */
const CHUNK_BYTES = 4 << 20;

/** More bytes than are needed to identify a file's format. */
const HEAD_BYTES = 4 << 10;

/** The connection of a job to the client. */
export interface Connection {
  send(message: FromWorker): void;
  /** Returns the next chunk of a streamed input; `undefined` at its end. */
  nextChunk(): Promise<Uint8Array | undefined>;
  /** Returns a part of a streamed input whose length is known. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Returns the next frame of a played video; `undefined` at its end. */
  nextFrame(): Promise<VideoFrameInput | undefined>;
  /** Throws after the caller cancelled. */
  throwIfCancelled(): void;
}

/** Passes chunks to `take` until it returns `false`, and reports progress. */
export async function eachChunk(
  input: JobInput,
  connection: Connection,
  take: (chunk: Uint8Array, isFirst: boolean) => boolean | Promise<boolean>,
): Promise<void> {
  if (input.kind === "blob" && input.blob.size === 0) {
    // A deleted file has size 0; reading it reports the deletion.
    await input.blob.arrayBuffer();
  }
  const total = lengthOf(input);
  let bytes = 0;
  for await (const chunk of chunks(input, connection)) {
    let wantsMore: boolean;
    try {
      connection.throwIfCancelled();
      wantsMore = await take(chunk, bytes === 0);
    } finally {
      bytes += chunk.length;
      // The copy is not needed any more.
      chunk.fill(0);
    }
    connection.send({ type: "progress", bytes, total });
    if (!wantsMore) {
      break;
    }
  }
}

/** Returns a reader of an input that can be read more than once; `undefined` for a stream. */
export function readerOf(
  input: Exclude<JobInput, { kind: "chunks" }>,
  connection: Connection,
): ReadableFile;
export function readerOf(input: JobInput, connection: Connection): ReadableFile | undefined;
export function readerOf(input: JobInput, connection: Connection): ReadableFile | undefined {
  switch (input.kind) {
    case "blob":
      return blobReader(input.blob);
    case "bytes": {
      const { bytes } = input;
      return { size: bytes.length, read: async (start, end) => bytes.slice(start, end) };
    }
    case "chunks":
      return input.total === undefined
        ? undefined
        : { size: input.total, read: (start, end) => connection.read(start, end) };
  }
}

/** Returns the whole input. */
export async function wholeOf(input: JobInput, connection: Connection): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  await eachChunk(input, connection, (chunk) => {
    held.push(chunk.slice());
    return true;
  });
  const whole = new Uint8Array(held.reduce((total, chunk) => total + chunk.length, 0));
  let start = 0;
  for (const chunk of held) {
    whole.set(chunk, start);
    start += chunk.length;
  }
  return whole;
}

function lengthOf(input: JobInput): number | undefined {
  switch (input.kind) {
    case "blob":
      return input.blob.size;
    case "bytes":
      return input.bytes.length;
    case "chunks":
      return input.total;
  }
}

async function* chunks(input: JobInput, connection: Connection): AsyncGenerator<Uint8Array> {
  switch (input.kind) {
    case "bytes":
    case "blob":
      return yield* chunksOf(readerOf(input, connection));
    case "chunks":
      return yield* headFirst(connection);
  }
}

/** Returns the chunks of a stream; the first ones are joined until they identify the format. */
async function* headFirst(connection: Connection): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array();
  try {
    for (
      let chunk = await connection.nextChunk();
      chunk !== undefined;
      chunk = await connection.nextChunk()
    ) {
      if (head !== undefined) {
        chunk = joined(head, chunk);
        head = chunk.length < HEAD_BYTES ? chunk : undefined;
      }
      if (head === undefined) {
        yield chunk;
      }
    }
    if (head !== undefined) {
      yield head;
    }
  } finally {
    // The reading ended early.
    head?.fill(0);
  }
}

/** Joins two chunks and overwrites them. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) {
    return second;
  }
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  first.fill(0);
  second.fill(0);
  return whole;
}

async function* chunksOf(file: ReadableFile): AsyncGenerator<Uint8Array> {
  let start = 0;
  do {
    yield await file.read(start, Math.min(start + CHUNK_BYTES, file.size));
    start += CHUNK_BYTES;
  } while (start < file.size);
}
