/** As `./inline`, with the full build: every family of hashes, every image format. */

import { Client, shared } from "./client.js";
import { embeddedPlatform } from "./embedded.js";
import { hasSimd } from "./simd.js";
import type { ClientOptions } from "./types.js";

export * from "./types.js";
export type { Comparable, DigestOptions } from "./client.js";
export type { Hit } from "./hash-index.js";
export type { IndexFileOptions, IndexOptions, WorkerIndex } from "./worker-index.js";

const platform = embeddedPlatform(() =>
  // Two imports, so that a bundler that splits its output lets a page load the one it can run.
  hasSimd() ? import("./generated/embedded-full-simd.js") : import("./generated/embedded-full-baseline.js"),
);

/** A client with workers of its own; the functions of this module share one. */
export class Ownprint extends Client {
  constructor(options: ClientOptions = {}) {
    super(platform, options);
  }
}

/** `preload` loads everything that is loaded late: afterwards the network can be cut off. */
export const {
  fingerprint,
  fingerprintAll,
  fingerprintPixels,
  fingerprintVideo,
  compareVideos,
  digestStream,
  compare,
  distance,
  capabilities,
  preload,
  createIndex,
  loadIndex,
  dispose,
} = shared(new Ownprint());
