/** Reads files in pieces. */

import { OwnprintError } from "./errors.js";

/** A file that is read in pieces. */
export interface ReadableFile {
  /** Length in bytes. */
  readonly size: number;
  /** Returns the bytes from `start` up to `end`, as a copy that is overwritten after use. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Returns a reader of a `Blob` or `File`. */
export function blobReader(blob: Blob): ReadableFile {
  return {
    size: blob.size,
    read: async (start, end) => {
      const piece = new Uint8Array(await blob.slice(start, end).arrayBuffer());
      // Browsers may read a file that was truncated since it was chosen without an error.
      if (piece.length !== end - start) {
        piece.fill(0);
        throw fileChanged();
      }
      return piece;
    },
  };
}

/** Returns the error for a file that has other bytes than before. */
export function fileChanged(): OwnprintError {
  return new OwnprintError(
    "io",
    "could not be read: the file changed while it was being read; choose it again",
  );
}
