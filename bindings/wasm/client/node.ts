/** The main entry point in Node, with worker threads. */

import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";

import { Client, shared } from "./client.js";
import { CODEC_FILES, loadFailed } from "./load.js";
import type { Platform, PlatformWorker } from "./platform.js";
import type { Capabilities, ClientOptions } from "./types.js";

export * from "./exports.js";

const platform: Platform = {
  clonesBlobs: false,
  startWorker: ({ worker = new URL("./worker-node.js", import.meta.url) }) =>
    workerThread(new Worker(worker)),
  codecModule: (name) =>
    readFile(CODEC_FILES[name]()).catch((error: unknown) => Promise.reject(loadFailed(error))),
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
  distance,
  capabilities,
  preload,
  createIndex,
  loadIndex,
  dispose,
} = shared(new Ownprint());
