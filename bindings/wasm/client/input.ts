/** What callers hand in, made ready for the worker. */

import { asBytes } from "./bytes.js";
import type { JobInput } from "./protocol.js";
import { OwnprintError } from "./types.js";
import type { FileInput } from "./types.js";

/** An input on its way to a worker. */
export interface Prepared {
  readonly input: JobInput;
  readonly transfer?: readonly ArrayBuffer[];
  readonly nextPiece?: () => Promise<Uint8Array | undefined>;
  /** Lets go of a stream that was not read to its end. */
  readonly close?: () => void;
}

/**
 * A caller's buffer is copied, and stays the caller's. `whole` asks for a file that can be read more than once.
 */
export async function prepare(input: FileInput, whole: boolean): Promise<Prepared> {
  if (isBlob(input)) {
    return { input: { kind: "blob", blob: input } };
  }
  if (input instanceof ArrayBuffer || ArrayBuffer.isView(input)) {
    if (whole) {
      return { input: { kind: "blob", blob: new Blob([asBytes(input) as Uint8Array<ArrayBuffer>]) } };
    }
    // Not `slice`: on a Node `Buffer` that is no copy.
    const bytes = new Uint8Array(asBytes(input));
    return { input: { kind: "bytes", bytes }, transfer: [bytes.buffer] };
  }
  const stream = streamOf(input);
  if (whole) {
    return { input: { kind: "blob", blob: await reading(() => new Response(stream).blob()) } };
  }
  const reader = reading(() => stream.getReader());
  return {
    input: { kind: "pieces" },
    nextPiece: async () => {
      const { done, value } = await (await reader).read().catch(unreadable);
      return done ? undefined : value;
    },
    close: () => void reader.then((it) => it.cancel()).catch(() => undefined),
  };
}

function streamOf(input: Response | ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  if (typeof input !== "object" || input === null) {
    throw new TypeError("give a File, Blob, ArrayBuffer, typed array, Response or ReadableStream");
  }
  if ("getReader" in input) {
    return input;
  }
  if (!("body" in input) || !("ok" in input)) {
    throw new TypeError("give a File, Blob, ArrayBuffer, typed array, Response or ReadableStream");
  }
  if (!input.ok) {
    throw new OwnprintError("io", `could not be read: the answer has status ${input.status}`);
  }
  return input.body ?? new Blob([]).stream();
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
