/** The worker's script in Node. */

import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";

import { serve } from "./serve.js";

serve(
  {
    send: (message) => parentPort?.postMessage(message),
    listen: (take) => parentPort?.on("message", take),
  },
  (address) => readFile(address),
);
