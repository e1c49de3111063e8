/** The main entry point in Node, with worker threads. */

import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

import { Client, shared } from "./client.js";
import type { Platform, PlatformWorker } from "./platform.js";
import type { Capabilities, ClientOptions } from "./types.js";

export * from "./exports.js";

/** Workers reject some arguments of the process, such as `--input-type`. */
const OWN_ARGUMENTS = { execArgv: [] };

const platform: Platform = {
  clonesBlobs: false,
  workers: () => Math.min(availableParallelism(), 8),
  readFile: (address) => readFile(address),

  startWorker: ({ worker }) =>
    workerThread(
      // Bundlers recognize exactly this expression, and would take a default value for a worker.
      worker === undefined
        ? new Worker(new URL("./worker-node.js", import.meta.url), OWN_ARGUMENTS)
        : new Worker(worker as string | URL, OWN_ARGUMENTS),
    ),

  capabilities: async (): Promise<Capabilities> =>
    (await import("./generated/capabilities.js")).capabilities,
};

function workerThread(worker: Worker): PlatformWorker {
  return {
    send: (message, transfer) => worker.postMessage(message, [...transfer]),
    listen: (take, fail) => {
      worker.on("message", take);
      worker.on("error", (error) => fail(error.message));
    },
    terminate: () => void worker.terminate(),
    keepAlive: (alive) => (alive ? worker.ref() : worker.unref()),
  };
}

/** A client with its own workers. The functions of this module share one client. */
export class Ownprint extends Client {
  constructor(options: ClientOptions = {}) {
    super(platform, options);
  }
}

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
