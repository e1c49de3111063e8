/** A job's input as pieces of bytes, in the worker. */

import type { FromWorker, JobInput } from "./protocol.js";
import { OwnprintError } from "./types.js";
import type { VideoFrame } from "./types.js";

/** Bytes of a file that are in JavaScript's hands at a time. */
const PIECE_BYTES = 4 << 20;

/** As many bytes as show what a file is, and then some. */
const HEAD_BYTES = 4 << 10;

/** What a job needs of the line that it came by. */
export interface Work {
  send(message: FromWorker): void;
  /** The next piece of a streamed input, `undefined` at its end. */
  nextPiece(): Promise<Uint8Array | undefined>;
  /** The next frame of a video that is played, `undefined` at its end. */
  nextFrame(): Promise<VideoFrame | undefined>;
  /** Throws once the caller wants no result any more. */
  throwIfCancelled(): void;
}

/** Hands one piece after another to `take` until it wants no more, and tells how far that is. */
export async function eachPiece(
  input: JobInput,
  work: Work,
  take: (piece: Uint8Array, isFirst: boolean) => boolean | Promise<boolean>,
): Promise<void> {
  if (input.kind === "blob" && input.blob.size === 0) {
    // A file that is gone says it is empty; reading it whole says that it is gone.
    await input.blob.arrayBuffer();
  }
  const total = lengthOf(input);
  let bytes = 0;
  for await (const piece of pieces(input, work)) {
    let wantsMore: boolean;
    try {
      work.throwIfCancelled();
      wantsMore = await take(piece, bytes === 0);
    } finally {
      bytes += piece.length;
      // The copy is ours, and nobody needs it any more.
      piece.fill(0);
    }
    work.send({ type: "progress", bytes, total });
    if (!wantsMore) {
      break;
    }
  }
}

/** All of it in one. */
export async function wholeOf(input: JobInput, work: Work): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  await eachPiece(input, work, (piece) => {
    held.push(piece.slice());
    return true;
  });
  const whole = new Uint8Array(held.reduce((total, piece) => total + piece.length, 0));
  let start = 0;
  for (const piece of held) {
    whole.set(piece, start);
    start += piece.length;
  }
  return whole;
}

function lengthOf(input: JobInput): number | undefined {
  switch (input.kind) {
    case "blob":
      return input.blob.size;
    case "bytes":
      return input.bytes.length;
    case "pieces":
      return input.total;
  }
}

async function* pieces(input: JobInput, work: Work): AsyncGenerator<Uint8Array> {
  switch (input.kind) {
    case "bytes":
      return yield input.bytes;
    case "blob":
      return yield* blobPieces(input.blob);
    case "pieces":
      return yield* headFirst(work);
  }
}

/** Pieces of any length, the first ones joined until they show what the file is. */
async function* headFirst(work: Work): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array();
  try {
    for (let piece = await work.nextPiece(); piece !== undefined; piece = await work.nextPiece()) {
      if (head !== undefined) {
        piece = joined(head, piece);
        head = piece.length < HEAD_BYTES ? piece : undefined;
      }
      if (head === undefined) {
        yield piece;
      }
    }
    if (head !== undefined) {
      yield head;
    }
  } finally {
    // What was to be joined with a piece that never came.
    head?.fill(0);
  }
}

/** Both parts in one, and nothing in the parts. */
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

async function* blobPieces(blob: Blob): AsyncGenerator<Uint8Array> {
  let start = 0;
  do {
    const piece = new Uint8Array(await blob.slice(start, start + PIECE_BYTES).arrayBuffer());
    // A file that was cut or removed since it was chosen may read as if it ended early, with no complaint.
    if (piece.length !== Math.min(PIECE_BYTES, blob.size - start)) {
      piece.fill(0);
      throw new OwnprintError("io", "could not be read: the file changed while it was read; choose it again");
    }
    yield piece;
    start += PIECE_BYTES;
  } while (start < blob.size);
}
