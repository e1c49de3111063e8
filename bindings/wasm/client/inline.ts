/** The same with worker and module inside the script: no request is made after the script itself. */

import { Client, shared } from "./client.js";
import { workerScript } from "./generated/worker-script.js";
import type { Platform } from "./pool.js";
import { hasSimd } from "./simd.js";
import type { ClientOptions } from "./types.js";
import { handleOf } from "./web-worker.js";

export * from "./types.js";
export type { Comparable, DigestOptions } from "./client.js";

const platform: Platform = {
  clonesBlobs: true,

  startWorker({ worker }) {
    if (worker !== undefined) {
      return handleOf(new Worker(worker));
    }
    const address = URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }));
    return handleOf(new Worker(address), () => URL.revokeObjectURL(address));
  },

  async embeddedModule() {
    // Two imports, so that a bundler that splits its output lets a page load the one it can run.
    const { base64 } = hasSimd()
      ? await import("./generated/embedded-simd.js")
      : await import("./generated/embedded-baseline.js");
    return (unpacked ??= Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  },
};

/** The module's bytes, of which every worker that starts is sent a copy. */
let unpacked: BufferSource | undefined;

/** A client with workers of its own; the functions of this module share one. */
export class Ownprint extends Client {
  constructor(options: ClientOptions = {}) {
    super(platform, options);
  }
}

/** Loads everything that is loaded late: afterwards the network can be cut off. */
export async function preload(): Promise<void> {
  await catalogue();
}

export const {
  fingerprint,
  fingerprintAll,
  fingerprintPixels,
  digestStream,
  compare,
  distance,
  catalogue,
  dispose,
} = shared(new Ownprint());
