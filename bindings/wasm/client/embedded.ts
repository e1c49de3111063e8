/** What `./inline` and `./inline-full` share: worker and module come out of the page's own scripts. */

import { workerScript } from "./generated/worker-script.js";
import type { Platform } from "./slot.js";
import { handleOf } from "./web-worker.js";

/** `load` gives the script that holds the module; every worker that starts is sent a copy of the bytes. */
export function embeddedPlatform(load: () => Promise<{ readonly base64: string }>): Platform {
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
      const { base64 } = await load();
      return (unpacked ??= Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
    },
  };
}
