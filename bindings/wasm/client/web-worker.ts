/** A browser's `Worker` as the pool wants it. */

import type { WorkerHandle } from "./worker-handle.js";
import type { FromWorker } from "./protocol.js";

export function handleOf(worker: Worker, ended?: () => void): WorkerHandle {
  return {
    send: (message, transfer) => worker.postMessage(message, [...transfer]),
    listen: (take, fail) => {
      worker.addEventListener("message", (event: MessageEvent<FromWorker>) => take(event.data));
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        // Without a message the script itself was not to be had: browsers keep the cause to themselves.
        fail(event.message || "its script was not found, or a Content-Security-Policy forbids it (worker-src)");
      });
      worker.addEventListener("messageerror", () => fail("a message could not be read"));
    },
    terminate: () => {
      worker.terminate();
      ended?.();
    },
  };
}
