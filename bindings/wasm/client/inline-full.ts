/** As `./inline`, with the full build: every hash and more image formats. */

import { Client, shared } from "./client.js";
import { embeddedPlatform } from "./embedded.js";
import { requireSimd } from "./load.js";
import type { ClientOptions } from "./types.js";

export * from "./exports.js";

const platform = embeddedPlatform(() => {
  requireSimd();
  return import("./generated/embedded-full-simd.js");
});

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
