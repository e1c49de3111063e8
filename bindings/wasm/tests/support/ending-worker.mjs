// A worker that starts and opens an index, and fails at the next request.

import { parentPort } from "node:worker_threads";

parentPort?.on("message", ({ type, job }) => {
  if (type === "start") parentPort?.postMessage({ type: "started" });
  else if (job?.kind === "openIndex")
    parentPort?.postMessage({ type: "done", value: "pdq", memoryBytes: 0 });
  else throw new Error("this worker breaks");
});
