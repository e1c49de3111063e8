/** The hashes of a video's frames, as the modules take them. */

import { OwnprintError } from "./errors.js";
import type { VpdqFrame } from "./fingerprint-types.js";
import type { ComparableVideo } from "./video-types.js";

/** Returns the hashes, separated by blanks, and the qualities. */
export function columnsOf(video: ComparableVideo): {
  readonly hashes: string;
  readonly qualities: Uint8Array;
} {
  const frames = "video" in video ? video.video?.vpdq : (video as readonly VpdqFrame[]);
  if (!Array.isArray(frames)) {
    throw new OwnprintError(
      "not-comparable",
      "these videos cannot be compared: a fingerprint has no hashes of frames",
    );
  }
  return {
    hashes: frames.map(({ hash }) => hash).join(" "),
    qualities: Uint8Array.from(frames, ({ quality }) => quality),
  };
}
