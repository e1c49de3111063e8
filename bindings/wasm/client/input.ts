/** Prepares the caller's input for a worker. */

import { blobReader } from "./blob-reader.js";
import { asBytes, isBuffer, wipeUnsent } from "./bytes.js";
import type { FileInput } from "./compute-types.js";
import { invalidArgument, OwnprintError, textOf } from "./errors.js";
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
    if (clonesBlobs) {
      return { input: { kind: "blob", blob: input } };
    }
    if ("stream" in input) {
      return { ...streamed(input.stream(), input.size), read: blobReader(input).read };
    }
    return prepare(await readByFileReader(input), whole, clonesBlobs);
  }
  if (isBuffer(input) || ArrayBuffer.isView(input)) {
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
  const reader = readerOf(stream);
  return {
    input: { kind: "chunks", total },
    nextChunk: async () => {
      const { done, value } = await reader.read().catch(unreadable);
      return done ? undefined : copyOf(value);
    },
    close: () => void reader.cancel().catch(() => undefined),
  };
}

/** A locked stream fails here, before a worker waits for it. */
function readerOf(stream: ReadableStream<Uint8Array>): ReadableStreamDefaultReader<Uint8Array> {
  try {
    return stream.getReader();
  } catch (error) {
    return unreadable(error);
  }
}

/** Reads a file of a simulated browser, whose files have no streams. */
function readByFileReader(file: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    if (typeof FileReader === "undefined") {
      throw invalidArgument("this file cannot be read: it has no method stream()");
    }
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(ioError(reader.error));
    reader.readAsArrayBuffer(file);
  });
}

/** Returns a copy: sending a view transfers its whole buffer. */
function copyOf(chunk: unknown): Uint8Array<ArrayBuffer> {
  if (isBuffer(chunk) || ArrayBuffer.isView(chunk)) {
    return new Uint8Array(asBytes(chunk));
  }
  throw invalidArgument(`the stream returned a ${typeof chunk} instead of bytes`);
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
  throw invalidArgument(
    isList(input)
      ? "expected one file, not a list of files; use fingerprintAll"
      : "expected a File, Blob, ArrayBuffer, typed array, Response or ReadableStream",
  );
}

/** A `FileList`, or an array that begins with a file. */
function isList(input: unknown): boolean {
  const isFileList = Object.prototype.toString.call(input) === "[object FileList]";
  return isFileList || (Array.isArray(input) && isBlob(input[0]));
}

function bodyOf(response: Response): ReadableStream<Uint8Array> {
  // Its stream may be empty then, and the digests would be those of an empty file.
  if (response.bodyUsed) {
    throw new OwnprintError("io", "could not be read: the body of the response was already read");
  }
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
  throw ioError(error);
}

function ioError(cause: unknown): OwnprintError {
  return new OwnprintError("io", `could not be read: ${textOf(cause)}`, { cause });
}

/** Checks the members: a file of another window is no instance of this window's `Blob`. */
function isBlob(input: unknown): input is Blob {
  return typeof input === "object" && input !== null && "slice" in input && "size" in input;
}
