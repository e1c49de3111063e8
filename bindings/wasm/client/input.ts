/** What callers hand in, made ready for the worker. */

import { asBytes, wipeUnsent } from "./bytes.js";
import type { JobInput } from "./protocol.js";
import { OwnprintError } from "./types.js";
import type { FileInput } from "./types.js";

/** An input on its way to a worker. */
export interface Prepared {
  readonly input: JobInput;
  readonly transfer?: readonly ArrayBuffer[];
  readonly nextPiece?: () => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Lets go of what did not come to be used: a stream that was not read to its end, a copy that was not sent. */
  readonly close?: () => void;
}

/**
 * A caller's buffer is copied, and stays the caller's. `whole` asks for a file that can be read more than once,
 * `clonesBlobs` says whether a worker can be handed one.
 */
export async function prepare(input: FileInput, whole: boolean, clonesBlobs: boolean): Promise<Prepared> {
  if (isBlob(input)) {
    return clonesBlobs ? { input: { kind: "blob", blob: input } } : streamed(input.stream(), input.size);
  }
  if (input instanceof ArrayBuffer || ArrayBuffer.isView(input)) {
    // Not `slice`: on a Node `Buffer` that is no copy.
    const bytes = new Uint8Array(asBytes(input));
    if (whole) {
      const blob = new Blob([bytes]);
      bytes.fill(0);
      return { input: { kind: "blob", blob } };
    }
    return { input: { kind: "bytes", bytes }, transfer: [bytes.buffer], close: () => wipeUnsent(bytes) };
  }
  const stream = streamOf(input);
  return whole ? { input: { kind: "blob", blob: await collected(stream) } } : streamed(stream);
}

function streamed(stream: ReadableStream<Uint8Array>, total?: number): Prepared {
  const reader = reading(() => stream.getReader());
  return {
    input: { kind: "pieces", total },
    nextPiece: async () => {
      const { done, value } = await (await reader).read().catch(unreadable);
      return done ? undefined : copyOf(value);
    },
    close: () => void reader.then((it) => it.cancel()).catch(() => undefined),
  };
}

/** A piece by itself: what is sent to a worker takes all of its buffer along. */
function copyOf(piece: unknown): Uint8Array<ArrayBuffer> {
  if (piece instanceof ArrayBuffer || ArrayBuffer.isView(piece)) {
    return new Uint8Array(asBytes(piece));
  }
  throw new TypeError(`the stream gives ${typeof piece} values; it has to give bytes`);
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
  throw new TypeError("give a File, Blob, ArrayBuffer, typed array, Response or ReadableStream");
}

function bodyOf(response: Response): ReadableStream<Uint8Array> {
  if (!response.ok) {
    throw new OwnprintError("io", `could not be read: the answer has status ${response.status}`);
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
  const detail = error instanceof Error ? error.message : String(error);
  throw new OwnprintError("io", `could not be read: ${detail}`, { cause: error });
}

/** By what it can do: a file of another window is no instance of this window's `Blob`. */
function isBlob(input: FileInput): input is Blob {
  return typeof input === "object" && input !== null && "slice" in input && "size" in input && "stream" in input;
}
