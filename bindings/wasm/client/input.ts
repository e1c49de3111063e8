/** Prepares the caller's input for a worker. */

import { blobReader } from "./blob-reader.js";
import { asBytes, wipeUnsent } from "./bytes.js";
import type { FileInput } from "./compute-types.js";
import { OwnprintError, textOf } from "./errors.js";
import type { JobInput } from "./protocol.js";

/** An input that can be sent to a worker. */
export interface Prepared {
  readonly input: JobInput;
  readonly transfer?: readonly ArrayBuffer[];
  readonly nextChunk?: () => Promise<Uint8Array<ArrayBuffer> | undefined>;
  readonly read?: (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>;
  /** Releases what was not used: the rest of a stream, or a copy that was not sent. */
  readonly close?: () => void;
}

/**
 * Prepares an input. A buffer is copied; the caller keeps the original.
 *
 * @param whole whether the file must be readable more than once
 * @param clonesBlobs whether a `Blob` can be sent to a worker
 */
export async function prepare(
  input: FileInput,
  whole: boolean,
  clonesBlobs: boolean,
): Promise<Prepared> {
  if (isBlob(input)) {
    return clonesBlobs
      ? { input: { kind: "blob", blob: input } }
      : { ...streamed(input.stream(), input.size), read: blobReader(input).read };
  }
  if (input instanceof ArrayBuffer || ArrayBuffer.isView(input)) {
    // `slice` would not copy a Node `Buffer`.
    const bytes = new Uint8Array(asBytes(input));
    if (whole) {
      const blob = new Blob([bytes]);
      bytes.fill(0);
      return { input: { kind: "blob", blob } };
    }
    return {
      input: { kind: "bytes", bytes },
      transfer: [bytes.buffer],
      close: () => wipeUnsent(bytes),
    };
  }
  const stream = streamOf(input);
  return whole ? { input: { kind: "blob", blob: await collected(stream) } } : streamed(stream);
}

function streamed(stream: ReadableStream<Uint8Array>, total?: number): Prepared {
  const reader = reading(() => stream.getReader());
  return {
    input: { kind: "chunks", total },
    nextChunk: async () => {
      const { done, value } = await (await reader).read().catch(unreadable);
      return done ? undefined : copyOf(value);
    },
    close: () => void reader.then((it) => it.cancel()).catch(() => undefined),
  };
}

/** Returns a copy: sending a view transfers its whole buffer. */
function copyOf(chunk: unknown): Uint8Array<ArrayBuffer> {
  if (chunk instanceof ArrayBuffer || ArrayBuffer.isView(chunk)) {
    return new Uint8Array(asBytes(chunk));
  }
  throw new TypeError(`the stream returned a ${typeof chunk} instead of bytes`);
}

function collected(stream: ReadableStream<Uint8Array>): Promise<Blob> {
  return reading(() => new Response(stream).blob());
}

function streamOf(input: Response | ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  if (typeof input === "object" && input !== null) {
    if ("getReader" in input) {
      return input;
    }
    if ("body" in input && "ok" in input) {
      return bodyOf(input);
    }
  }
  throw new TypeError(
    "expected a File, Blob, ArrayBuffer, typed array, Response or ReadableStream",
  );
}

function bodyOf(response: Response): ReadableStream<Uint8Array> {
  if (!response.ok) {
    throw new OwnprintError("io", `could not be read: the response has status ${response.status}`);
  }
  return response.body ?? new Blob([]).stream();
}

async function reading<T>(start: () => T | Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(error: unknown): never {
  const detail = textOf(error);
  throw new OwnprintError("io", `could not be read: ${detail}`, { cause: error });
}

/** Checks the members: a file of another window is no instance of this window's `Blob`. */
function isBlob(input: FileInput): input is Blob {
  return (
    typeof input === "object" &&
    input !== null &&
    "slice" in input &&
    "size" in input &&
    "stream" in input
  );
}
