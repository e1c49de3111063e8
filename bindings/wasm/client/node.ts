/** The same in Node, with its worker threads. */

import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";

import { Client, shared } from "./client.js";
import { DECODERS, loadFailed } from "./load.js";
import type { Platform, WorkerHandle } from "./worker-handle.js";
import type { Capabilities, ClientOptions } from "./types.js";

export * from "./types.js";
export type { Comparable, DigestOptions } from "./client.js";
export type { Hit } from "./hash-index.js";
export type { IndexFileOptions, IndexOptions, WorkerIndex } from "./worker-index.js";

const platform: Platform = {
  clonesBlobs: false,
  startWorker: ({ worker = new URL("./worker-node.js", import.meta.url) }) => handleOf(new Worker(worker)),
  codecModule: (format) => readFile(DECODERS[format]()).catch((error: unknown) => Promise.reject(loadFailed(error))),
  capabilities: async (): Promise<Capabilities> => (await import("./generated/capabilities.js")).capabilities,
};

function handleOf(worker: Worker): WorkerHandle {
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

/** A client with workers of its own; the functions of this module share one. */
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
