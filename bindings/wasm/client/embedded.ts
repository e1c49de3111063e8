/** The platform of `./inline` and `./inline-full`, whose scripts contain worker and modules. */

import { workerScript } from "./generated/worker-script.js";
import type { Platform } from "./platform.js";
import { hasSimd } from "./simd.js";
import type { CodecModule } from "./types.js";
import { webWorker } from "./web-worker.js";

interface Embedded {
  readonly base64: string;
}

/** Separate imports, so that bundlers split them and pages load only what they need. */
const CODECS: Readonly<Record<CodecModule, () => Promise<Embedded>>> = {
  heic: () =>
    hasSimd()
      ? import("./generated/embedded-heic-simd.js")
      : import("./generated/embedded-heic.js"),
  avif: () => import("./generated/embedded-avif.js"),
  jxl: () => import("./generated/embedded-jxl.js"),
  video: () => import("./generated/embedded-video.js"),
  "video-hevc": () => import("./generated/embedded-video-hevc.js"),
  "video-vp9": () => import("./generated/embedded-video-vp9.js"),
  "video-vp8": () => import("./generated/embedded-video-vp8.js"),
  "video-av1": () => import("./generated/embedded-video-av1.js"),
};

/** `load` imports the script with the module. Each worker is sent a copy of the module's bytes. */
export function embeddedPlatform(load: () => Promise<Embedded>): Platform {
  let decoded: BufferSource | undefined;
  return {
    clonesBlobs: true,

    startWorker({ worker }) {
      if (worker !== undefined) {
        return webWorker(new Worker(worker));
      }
      const script = new Blob([workerScript], { type: "text/javascript" });
      const address = URL.createObjectURL(script);
      return webWorker(new Worker(address), () => URL.revokeObjectURL(address));
    },

    async embeddedModule() {
      return (decoded ??= bytesOf(await load()));
    },

    codecModule: async (name) => bytesOf(await CODECS[name]()),
  };
}

function bytesOf({ base64 }: Embedded): BufferSource {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
