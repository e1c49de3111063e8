/** What `./inline` and `./inline-full` share: worker and module come out of the page's own scripts. */

import { workerScript } from "./generated/worker-script.js";
import { hasSimd } from "./simd.js";
import type { Platform } from "./worker-handle.js";
import type { CodecModule } from "./types.js";
import { handleOf } from "./web-worker.js";

interface Embedded {
  readonly base64: string;
}

/** Imports of their own, so that a bundler that splits its output lets a page load what it needs. */
const FURTHER: Readonly<Record<CodecModule, () => Promise<Embedded>>> = {
  heic: () => (hasSimd() ? import("./generated/embedded-heic-simd.js") : import("./generated/embedded-heic.js")),
  avif: () => import("./generated/embedded-avif.js"),
  jxl: () => import("./generated/embedded-jxl.js"),
  video: () => import("./generated/embedded-video.js"),
};

/** `load` gives the script that holds the module; every worker that starts is sent a copy of the bytes. */
export function embeddedPlatform(load: () => Promise<Embedded>): Platform {
  let unpacked: BufferSource | undefined;
  return {
    clonesBlobs: true,

    startWorker({ worker }) {
      if (worker !== undefined) {
        return handleOf(new Worker(worker));
      }
      const address = URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }));
      return handleOf(new Worker(address), () => URL.revokeObjectURL(address));
    },

    async embeddedModule() {
      return (unpacked ??= bytesOf(await load()));
    },

    codecModule: async (format) => bytesOf(await FURTHER[format]()),
  };
}

function bytesOf({ base64 }: Embedded): BufferSource {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
