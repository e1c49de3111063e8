/** A browser's `Worker` as the client uses it. */

import type { PlatformWorker } from "./platform.js";
import type { FromWorker } from "./protocol.js";

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
            "its script was not found, or a Content-Security-Policy forbids it (worker-src)",
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
