/** Fingerprints of images, computed in a worker of this page: the image stays, the hash travels. */

import { Client, shared } from "./client.js";
import { DECODERS, fetchModule } from "./load.js";
import type { Platform } from "./worker-handle.js";
import type { Capabilities, ClientOptions } from "./types.js";
import { handleOf } from "./web-worker.js";

export * from "./types.js";
export type { Comparable, DigestOptions } from "./client.js";
export type { Hit } from "./hash-index.js";
export type { IndexFileOptions, IndexOptions, WorkerIndex } from "./worker-index.js";

const platform: Platform = {
  clonesBlobs: true,

  startWorker: ({ worker }) =>
    // Bundlers look for exactly this form.
    handleOf(
      worker === undefined
        ? new Worker(new URL("./worker.js", import.meta.url), { type: "module" })
        : new Worker(worker, { type: "module" }),
    ),

  codecModule: (format) => fetchModule(DECODERS[format]()),

  capabilities: async (): Promise<Capabilities> => (await import("./generated/capabilities.js")).capabilities,
};

/** A client with workers of its own; the functions of this module share one. */
export class Ownprint extends Client {
  constructor(options: ClientOptions = {}) {
    super(platform, options);
  }
}

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
