/** Fingerprints of images and videos, computed in a worker of this page. */

import { Client, shared } from "./client.js";
import type { Platform } from "./platform.js";
import type { Capabilities, ClientOptions } from "./types.js";
import { requireWorkers, webWorker, webWorkers } from "./web-worker.js";

export * from "./exports.js";

const platform: Platform = {
  clonesBlobs: true,

  workers: webWorkers,

  startWorker({ worker }) {
    requireWorkers();
    // Bundlers recognize exactly this expression.
    return webWorker(
      worker === undefined
        ? new Worker(new URL("./worker.js", import.meta.url), { type: "module" })
        : new Worker(worker as string | URL, { type: "module" }),
    );
  },

  capabilities: async (): Promise<Capabilities> =>
    (await import("./generated/capabilities.js")).capabilities,
};

/** A client with its own workers. The functions of this module share one client. */
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
  capabilities,
  preload,
  addCodecs,
  createIndex,
  loadIndex,
  dispose,
} = shared(new Ownprint());
