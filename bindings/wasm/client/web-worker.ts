/** A browser's `Worker` as the client uses it. */

import { OwnprintError } from "./errors.js";
import type { PlatformWorker } from "./platform.js";
import type { FromWorker } from "./protocol.js";

/** Throws where there are no workers: in service workers, edge runtimes and simulated browsers. */
export function requireWorkers(): void {
  if (typeof Worker === "undefined") {
    throw new OwnprintError(
      "load-failed",
      "this platform has no Worker; use ownprint/core, which computes in the calling thread",
    );
  }
}

/** The number of processors, but not more than 8, nor than gigabytes of memory where known. */
export function webWorkers(): number {
  const { hardwareConcurrency = 1, deviceMemory = 8 } = (globalThis.navigator ?? {}) as Navigator & {
    readonly deviceMemory?: number;
  };
  return Math.max(1, Math.floor(Math.min(hardwareConcurrency, deviceMemory, 8)));
}

export function webWorker(worker: Worker, ended?: () => void): PlatformWorker {
  return {
    send: (message, transfer) => worker.postMessage(message, [...transfer]),
    listen: (take, fail) => {
      worker.addEventListener("message", (event: MessageEvent<FromWorker>) => take(event.data));
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        // Browsers give no message if the script itself cannot be loaded.
        fail(
          event.message ||
            "its script was not found, or a Content-Security-Policy forbids it (worker-src); " +
              "some bundlers do not copy it: see the table of bundlers in the package's README",
        );
      });
      worker.addEventListener("messageerror", () => fail("a message could not be read"));
    },
    terminate: () => {
      worker.terminate();
      ended?.();
    },
  };
}
