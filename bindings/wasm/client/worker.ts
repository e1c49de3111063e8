/** The worker's script in browsers. */

import type { ToWorker } from "./protocol.js";
import { serve } from "./serve.js";

serve({
  send: (message) => postMessage(message),
  listen: (take) =>
    addEventListener("message", (event: MessageEvent<ToWorker>) => take(event.data)),
});
