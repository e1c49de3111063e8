/// <reference lib="esnext.disposable" preserve="true" />
/** The asynchronous API: a client sends its work to workers. */

import type { HashAlgorithm } from "./algorithms.js";
import { asBytes, wipeUnsent } from "./bytes.js";
import { CodecModules, isOptionalCodec } from "./codecs.js";
import { hashOf, queryOf, variantsOf, type Comparable } from "./comparable.js";
import type {
  ComputeOptions,
  FileInput,
  FingerprintOptions,
  PixelsInput,
  Progress,
} from "./compute-types.js";
import { decodeErrorOf, invalidArgument, OwnprintError } from "./errors.js";
import type { Comparison, Digests, Fingerprint, VpdqFrame } from "./fingerprint-types.js";
import { prepare } from "./input.js";
import { isUndecoded, UNDECODED_VIDEO, withoutCodes } from "./merge.js";
import { asText, computeOnly, described, videoOnly } from "./options.js";
import type { Platform, Task } from "./platform.js";
import { Pool } from "./pool.js";
import { wipeSent, type Job, type JobInput } from "./protocol.js";
import type {
  BatchItem,
  BatchOptions,
  Capabilities,
  ClientOptions,
  Codec,
  CodecModule,
} from "./types.js";
import type {
  ComparableVideo,
  VideoComparison,
  VideoComputeOptions,
  VideoOptions,
  VideoThresholds,
} from "./video-types.js";
import {
  IndexWorker,
  WorkerIndex,
  type IndexFileOptions,
  type IndexOptions,
} from "./worker-index.js";

/** Options of {@link Client.digestStream}. */
export interface DigestOptions {
  /** Names of digests. Default: the core's default digests. */
  readonly algorithms?: NonNullable<ComputeOptions["algorithms"]> | undefined;
  /** Cancels the call. The promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Computes fingerprints in workers. The first call starts a worker. */
export class Client {
  readonly #pool: Pool;
  readonly #codecs: CodecModules;
  readonly #clonesBlobs: boolean;
  readonly #capabilities: Platform["capabilities"];
  readonly #concurrency: number;
  /** Whether the client may load the full build. */
  readonly #hasFull: boolean;
  readonly #canPlay: boolean;
  /** Aborted by `dispose`, which starts another life. */
  #life = new AbortController();
  readonly #indexWorkers = new Set<IndexWorker>();
  readonly #startIndexWorker: () => IndexWorker;

  /** @internal */
  constructor(platform: Platform, options: ClientOptions) {
    const leave = (worker: IndexWorker): void => void this.#indexWorkers.delete(worker);
    this.#startIndexWorker = () => new IndexWorker(platform, options, leave);
    this.#codecs = new CodecModules(options, platform.readFile);
    this.#pool = new Pool(platform, options, this.#codecs);
    this.#clonesBlobs = platform.clonesBlobs;
    // A module of the caller's own must be asked what it can do.
    const isPackaged = options.wasm === undefined || options.wasmFull !== undefined;
    this.#capabilities = isPackaged ? platform.capabilities : undefined;
    this.#concurrency = options.concurrency ?? platform.workers();
    const isOnlyOne = options.wasm !== undefined || platform.embeddedModule !== undefined;
    this.#hasFull = !isOnlyOne || options.wasmFull !== undefined;
    this.#canPlay = platform.clonesBlobs;
  }

  /**
   * Fingerprints a file.
   *
   * The promise does not reject if the file cannot be decoded: the result has the digests, and
   * {@link Fingerprint.error} or a warning has the reason.
   *
   * @throws {@link OwnprintError} `io`, `unknown-algorithm`, `load-failed`, `cancelled`, ...
   */
  async fingerprint(input: FileInput, options: FingerprintOptions = {}): Promise<Fingerprint> {
    return this.#file(input, options, false, this.#concurrency, this.#life.signal);
  }

  /**
   * Fingerprints many files and yields the results in the order in which they finish. A file that
   * fails yields its error, and the others continue. The signal cancels all, as {@link dispose}
   * does.
   */
  fingerprintAll(
    inputs: Iterable<FileInput> | AsyncIterable<FileInput>,
    options: BatchOptions = {},
  ): AsyncGenerator<BatchItem, void, undefined> {
    return this.#batch(inputs, options, this.#life.signal);
  }

  async *#batch(
    inputs: Iterable<FileInput> | AsyncIterable<FileInput>,
    options: BatchOptions,
    life: AbortSignal,
  ): AsyncGenerator<BatchItem, void, undefined> {
    const limit = Math.max(1, options.concurrency ?? this.#concurrency);
    const running = new Map<number, Promise<BatchItem>>();
    const stop = new AbortController();
    const abort = (): void => stop.abort(options.signal?.reason);
    options.signal?.addEventListener("abort", abort);
    const first = async (): Promise<BatchItem> => {
      const item = await Promise.race(running.values());
      running.delete(item.index);
      return item;
    };
    try {
      let index = 0;
      for await (const input of inputs) {
        options.signal?.throwIfAborted();
        life.throwIfAborted();
        const item = this.#item(index, input, options, stop.signal, limit, life);
        // Reported when its turn comes, or never if the caller stops iterating.
        item.catch(() => undefined);
        running.set(index, item);
        index += 1;
        if (running.size >= limit) {
          yield await first();
        }
      }
      while (running.size > 0) {
        yield await first();
      }
    } finally {
      options.signal?.removeEventListener("abort", abort);
      stop.abort();
    }
  }

  /**
   * Fingerprints a video: digests of any file, and vPDQ of MP4, MOV, 3GP, WebM and Matroska. A
   * file, `Blob` or buffer is read in pieces and may have any length; a stream or response is kept in
   * memory until it is decoded. {@link fingerprint} does the same for a video, with the default of
   * {@link VideoOptions.secondsPerHash}.
   *
   * @throws {@link OwnprintError} as {@link fingerprint}; `invalid-video` for unsuitable options
   */
  async fingerprintVideo(file: FileInput, options: VideoOptions = {}): Promise<Fingerprint> {
    const { signal, onProgress, platformDecode = false } = options;
    const life = this.#life.signal;
    signal?.throwIfAborted();
    const compute = videoOnly(options);
    const { input, close, ...source } = await prepare(file, platformDecode, this.#clonesBlobs);
    const job = { kind: "video", input, options: compute } as const;
    let result: Fingerprint;
    try {
      result = await this.#run(job, { signal, onProgress, ...source }, life);
    } finally {
      close?.();
    }
    const isWanted = platformDecode && compute.algorithms?.includes("vpdq") !== false;
    return isWanted && isUndecoded(result, UNDECODED_VIDEO)
      ? this.#playedVideo(input, result, compute, options, life)
      : result;
  }

  /** Compares a video with one of a list: how many of their frames match. */
  async compareVideos(
    query: ComparableVideo,
    compared: ComparableVideo,
    thresholds: VideoThresholds = {},
  ): Promise<VideoComparison> {
    return this.#run({ kind: "compareVideos", query, compared, thresholds });
  }

  /**
   * Fingerprints decoded pixels, for example the `ImageData` of a canvas. The result has no
   * digests.
   *
   * @throws {@link OwnprintError} `invalid-pixels`, `limit-exceeded`, `unknown-algorithm`
   */
  async fingerprintPixels(
    pixels: PixelsInput,
    options: ComputeOptions & { readonly signal?: AbortSignal } = {},
  ): Promise<Fingerprint> {
    const shape = described(pixels);
    const data = new Uint8Array(asBytes(shape.data));
    const sent = { ...shape, data };
    const job = { kind: "pixels", pixels: sent, options: computeOnly(options) } as const;
    try {
      return await this.#run(job, { signal: options.signal, transfer: [data.buffer] });
    } finally {
      wipeUnsent(data);
    }
  }

  /** Computes digests of a file of any length, in constant memory. The file is not decoded. */
  async digestStream(input: FileInput, options: DigestOptions = {}): Promise<Digests> {
    return (await this.#file(input, options, true, this.#concurrency, this.#life.signal)).digests;
  }

  /**
   * Compares two hashes, or the hashes of two fingerprints. If the first fingerprint has variants
   * and the algorithm is `pdq`, its nearest variant is compared, and the result names it. So is the
   * second, if its set is `query` or `query-wide`, which needs the full build.
   *
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`, `unknown-algorithm`
   */
  async compare(
    a: Comparable,
    b: Comparable,
    algorithm: HashAlgorithm = "pdq",
  ): Promise<Comparison> {
    const [listed, query] = [variantsOf(a, algorithm), queryOf(b, algorithm)];
    const [first, second] = [listed ?? hashOf(a, algorithm), query ?? hashOf(b, algorithm)];
    return this.#run({ kind: "compare", algorithm, a: first, b: second });
  }

  /** Returns what all modules together compute and decode. No module is loaded for it. */
  async capabilities(): Promise<Capabilities> {
    const capabilities = await (this.#capabilities?.() ?? this.#capabilitiesOfWorker());
    const { names } = this.#codecs;
    const isDecoded = ({ name, decoded }: Capabilities["formats"][number]): boolean =>
      decoded || (isOptionalCodec(name) && names.includes(name));
    return {
      ...capabilities,
      formats: capabilities.formats.map((it) => ({ ...it, decoded: isDecoded(it) })),
    };
  }

  /** Adds optional codecs, for the calls that follow. */
  addCodecs(...codecs: readonly Codec[]): void {
    this.#codecs.add(codecs);
  }

  /**
   * Starts a worker, which is kept until {@link dispose}, and loads modules, so that later calls
   * make no request. Further workers request the same files again, usually from the browser's
   * cache; if they cannot be loaded, the first worker does all the work.
   *
   * @param modules default: the full build, if it is available, and the client's codecs
   * @throws {@link OwnprintError} `load-failed`, `integrity-mismatch`
   */
  async preload(
    modules: readonly ("full" | CodecModule)[] = [
      ...(this.#hasFull ? (["full"] as const) : []),
      ...this.#codecs.names,
    ],
  ): Promise<void> {
    this.#pool.keepOne();
    const loads = modules.map((name) => this.#preloaded(name));
    await Promise.all([this.#capabilitiesOfWorker(), ...loads]);
  }

  async #preloaded(name: "full" | CodecModule): Promise<void> {
    if (name === "full") {
      return this.#run({ kind: "loadFull" });
    }
    if ((await this.#codecs.get(name)) === undefined) {
      throw invalidArgument(`this client has no codec ${JSON.stringify(name)}`);
    }
    if (name === "video" && this.#canPlay) {
      await import("./platform-video.js");
    }
  }

  /**
   * Creates an empty index in a worker of its own with the full build.
   *
   * @throws {@link OwnprintError} `unknown-algorithm`, `not-comparable` for hashes of more than
   *   1,024 bits, `needs-full` if the full build is not available
   */
  async createIndex(
    algorithm: HashAlgorithm = "pdq",
    { signal }: IndexOptions = {},
  ): Promise<WorkerIndex> {
    const job = { kind: "openIndex", algorithm: asText("algorithm", algorithm) } as const;
    return this.#openIndex(signal, { job }, this.#life.signal);
  }

  /**
   * Loads an index that {@link WorkerIndex.save} or `ownprint index build` wrote. Entries are
   * numbered anew from 0, in the same order.
   *
   * @throws {@link OwnprintError} `invalid-index` if the file is truncated or altered,
   *   `unknown-algorithm`, `io`, `needs-full`
   */
  async loadIndex(
    file: FileInput,
    { signal, onProgress }: IndexFileOptions = {},
  ): Promise<WorkerIndex> {
    const life = this.#life.signal;
    signal?.throwIfAborted();
    const { input, close, ...source } = await prepare(file, false, this.#clonesBlobs);
    const job = { kind: "loadIndex", input } as const;
    try {
      return await this.#openIndex(signal, { job, onProgress, ...source }, life);
    } finally {
      close?.();
    }
  }

  /**
   * Ends all workers, also those of indexes, and releases their memory. Calls and batches that
   * began before reject with `cancelled`. The next call starts a new worker.
   */
  dispose(): void {
    const reason = new OwnprintError("cancelled", "cancelled: the client was disposed of");
    this.#life.abort(reason);
    this.#life = new AbortController();
    this.#pool.dispose(reason);
    for (const worker of [...this.#indexWorkers]) {
      worker.end(
        new OwnprintError("cancelled", "cancelled: the client of this index was disposed of"),
      );
    }
  }

  /** As {@link dispose}, for `using` declarations. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #run<T>(job: Job, source: TaskSource = {}, life = this.#life.signal): Promise<T> {
    return this.#pool.run({ job, ...source }, this.#concurrency, life);
  }

  #capabilitiesOfWorker(): Promise<Capabilities> {
    return this.#run({ kind: "capabilities" });
  }

  async #openIndex(
    signal: AbortSignal | undefined,
    task: Task,
    life: AbortSignal,
  ): Promise<WorkerIndex> {
    signal?.throwIfAborted();
    life.throwIfAborted();
    const worker = this.#startIndexWorker();
    this.#indexWorkers.add(worker);
    // The worker holds no index yet, so that a cancellation may end it.
    const abort = (): void => worker.end(signal?.reason);
    signal?.addEventListener("abort", abort);
    try {
      const name = await worker.run<HashAlgorithm>(undefined, () => task);
      return new WorkerIndex(name, worker, this.#clonesBlobs);
    } catch (error) {
      worker.end(error);
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Returns the hashes of a video that the browser plays, with the digests of its file. */
  async #playedVideo(
    input: JobInput,
    file: Fingerprint,
    options: VideoComputeOptions,
    callbacks: VideoOptions,
    life: AbortSignal,
  ): Promise<Fingerprint> {
    const rest = withoutCodes(file, UNDECODED_VIDEO);
    try {
      const video = await this.#playVideo(input, options, callbacks, life);
      return { ...rest, video, decoder: { name: "platform" }, deterministic: false };
    } catch (error) {
      return { ...rest, error: decodeErrorOf(error) };
    }
  }

  async #playVideo(
    input: JobInput,
    options: VideoComputeOptions,
    { signal, onProgress }: VideoOptions,
    life: AbortSignal,
  ): Promise<NonNullable<Fingerprint["video"]>> {
    if (input.kind !== "blob") {
      throw new OwnprintError(
        "unsupported-video",
        "this platform cannot play videos; save the video as MP4 with H.264 and use that file",
      );
    }
    const { size } = input.blob;
    const {
      secondsPerHash = await this.#run<number>({ kind: "secondsPerHash" }, { signal }, life),
      prune,
      limits = {},
    } = options;
    const { VideoPlayer } = await import("./platform-video.js");
    const player = await VideoPlayer.open(input.blob, secondsPerHash, signal);
    try {
      const nextChunk: Task["nextChunk"] = async () => {
        const frame = await player.next();
        try {
          const { seconds, duration } = player;
          onProgress?.({ bytes: size, total: size, seconds, duration });
        } catch (error) {
          wipeSent(frame);
          throw error;
        }
        return frame;
      };
      const selection = { secondsPerHash, limits, ...(prune !== undefined && { prune }) };
      const job = { kind: "frames", options: selection } as const;
      const vpdq = await this.#run<readonly VpdqFrame[]>(job, { signal, nextChunk }, life);
      const { width, height } = player;
      return { width, height, damaged: false, vpdq };
    } finally {
      player.close();
    }
  }

  async #item(
    index: number,
    input: FileInput,
    { onProgress, ...options }: BatchOptions,
    signal: AbortSignal,
    limit: number,
    life: AbortSignal,
  ): Promise<BatchItem> {
    try {
      const report = (progress: Progress): void => onProgress?.({ ...progress, index });
      const own = { ...options, signal, ...(onProgress && { onProgress: report }) };
      return { index, fingerprint: await this.#file(input, own, false, limit, life) };
    } catch (error) {
      if (error instanceof OwnprintError && !signal.aborted && !life.aborted) {
        return { index, error };
      }
      throw error;
    }
  }

  async #file(
    file: FileInput,
    options: FingerprintOptions,
    digestsOnly: boolean,
    limit: number,
    life: AbortSignal,
  ): Promise<Fingerprint> {
    const { signal, onProgress, platformDecode = false } = options;
    signal?.throwIfAborted();
    const compute = computeOnly(options);
    const { input, close, ...source } = await prepare(file, platformDecode, this.#clonesBlobs);
    const job = { kind: "file", input, options: compute, digestsOnly, platformDecode } as const;
    try {
      return await this.#pool.run({ job, signal, onProgress, ...source }, limit, life);
    } finally {
      close?.();
    }
  }
}

/** Callbacks and data of a task. */
type TaskSource = Omit<Task, "job" | "keepsWorker">;

/** Returns the functions of a client that all callers share. */
export function shared(client: Client) {
  return {
    fingerprint: client.fingerprint.bind(client),
    fingerprintAll: client.fingerprintAll.bind(client),
    fingerprintPixels: client.fingerprintPixels.bind(client),
    fingerprintVideo: client.fingerprintVideo.bind(client),
    compareVideos: client.compareVideos.bind(client),
    digestStream: client.digestStream.bind(client),
    compare: client.compare.bind(client),
    capabilities: client.capabilities.bind(client),
    preload: client.preload.bind(client),
    addCodecs: client.addCodecs.bind(client),
    createIndex: client.createIndex.bind(client),
    loadIndex: client.loadIndex.bind(client),
    dispose: client.dispose.bind(client),
  };
}
