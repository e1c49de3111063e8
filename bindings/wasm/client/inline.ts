/** As the main entry point, with worker and module inside the script: nothing is fetched. */

import { Client, shared } from "./client.js";
import { embeddedPlatform } from "./embedded.js";
import { hasSimd } from "./simd.js";
import type { ClientOptions } from "./types.js";

export * from "./exports.js";

const platform = embeddedPlatform(() =>
  // Two imports, so that bundlers split them and pages load one of them.
  hasSimd() ? import("./generated/embedded-simd.js") : import("./generated/embedded-baseline.js"),
);

/** A client with its own workers. The functions of this module share one client. */
export class Ownprint extends Client {
  constructor(options: ClientOptions = {}) {
    super(platform, options);
  }
}

/** `preload` loads every script that is loaded on demand; then no network is needed. */
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
