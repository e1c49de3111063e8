/** As `./inline`, with the full build: every hash and more image formats. */

import { Client, shared } from "./client.js";
import { embeddedPlatform } from "./embedded.js";
import { hasSimd } from "./simd.js";
import type { ClientOptions } from "./types.js";

export * from "./exports.js";

const platform = embeddedPlatform(() =>
  // Two imports, so that bundlers split them and pages load one of them.
  hasSimd()
    ? import("./generated/embedded-full-simd.js")
    : import("./generated/embedded-full-baseline.js"),
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
