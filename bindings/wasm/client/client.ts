/** What callers use: promises in front of the workers. */

import { asBytes, wipeUnsent } from "./bytes.js";
import { CodecModules, codecModules, isOptionalCodec } from "./optional-codecs.js";
import { prepare } from "./input.js";
import { asText, computeOnly, described, videoOnly } from "./options.js";
import { Pool } from "./pool.js";
import { wipeSent, type JobInput } from "./protocol.js";
import type { Platform, Task } from "./worker-handle.js";
import { OwnprintError } from "./types.js";
import type {
  BatchItem,
  BatchOptions,
  Capabilities,
  ClientOptions,
  ComparableVideo,
  Comparison,
  ComputeOptions,
  FileInput,
  Fingerprint,
  FingerprintOptions,
  CodecModule,
  PixelsInput,
  Progress,
  VideoComparison,
  VideoComputeOptions,
  VideoOptions,
  VideoThresholds,
  VpdqFrame,
} from "./types.js";
import { UNDECODED_VIDEO } from "./with-image.js";
import { IndexWorker, WorkerIndex, type IndexFileOptions, type IndexOptions } from "./worker-index.js";

/** Options of {@link Client.digestStream}. */
export interface DigestOptions {
  /** Digests by name; the core's own choice without it. */
  readonly algorithms?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** A hash, or a fingerprint that has one. */
export type Comparable = string | Fingerprint;

/** Fingerprints in workers of its own; the first call starts one. */
export class Client {
  readonly #pool: Pool;
  readonly #further: CodecModules;
  readonly #clonesBlobs: boolean;
  readonly #capabilities: Platform["capabilities"];
  readonly #atMost: number;
  readonly #indexWorkers = new Set<IndexWorker>();
  readonly #startIndexWorker: () => IndexWorker;

  /** @internal */
  constructor(platform: Platform, options: ClientOptions) {
    this.#startIndexWorker = () => new IndexWorker(platform, options, (worker) => this.#indexWorkers.delete(worker));
    this.#further = new CodecModules(platform, options);
    this.#pool = new Pool(platform, options, this.#further);
    this.#clonesBlobs = platform.clonesBlobs;
    // A module of the caller's own can do what it says itself.
    this.#capabilities = options.wasm === undefined || options.wasmFull !== undefined ? platform.capabilities : undefined;
    this.#atMost = options.concurrency ?? 1;
  }

  /** Fingerprints one file. A file that is no image gets its digests, with a warning that says so. */
  fingerprint(input: FileInput, options: FingerprintOptions = {}): Promise<Fingerprint> {
    return this.#file(input, options, false, this.#atMost);
  }

  /**
   * Fingerprints many files, in the order in which they finish. A file that fails yields its error, and the rest go on;
   * only the signal ends the whole.
   */
  async *fingerprintAll(
    inputs: Iterable<FileInput> | AsyncIterable<FileInput>,
    options: BatchOptions = {},
  ): AsyncGenerator<BatchItem, void, undefined> {
    const atMost = Math.max(1, options.concurrency ?? this.#atMost);
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
        const item = this.#item(index, input, options, stop.signal, atMost);
        // Heard of when its turn comes, or not at all once the caller has left.
        item.catch(() => undefined);
        running.set(index, item);
        index += 1;
        if (running.size >= atMost) {
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
   * Fingerprints a video: digests, and vPDQ of MP4 and MOV with H.264, which is read once for all and held in memory. Another video gets
   * its digests, with a warning that says so, unless the browser is let to play it.
   *
   * @throws {@link OwnprintError} `damaged-video`, `limit-exceeded`; `unsupported-video` where no digest was asked for, and where the
   *   browser was let to and cannot play it
   */
  async fingerprintVideo(file: FileInput, options: VideoOptions = {}): Promise<Fingerprint> {
    const { signal, onProgress, platformDecode = false } = options;
    signal?.throwIfAborted();
    const compute = videoOnly(options);
    const { input, transfer, nextPiece, close } = await prepare(file, platformDecode, this.#clonesBlobs);
    const job = { kind: "video", input, options: compute, platformDecode } as const;
    let known: Fingerprint;
    try {
      known = await this.#pool.run({ job, signal, onProgress, ...(transfer && { transfer }), ...(nextPiece && { nextPiece }) }, this.#atMost);
    } finally {
      close?.();
    }
    const isUndecoded = compute.algorithms?.includes("vpdq") !== false && known.warnings.some(({ code }) => UNDECODED_VIDEO.includes(code));
    return platformDecode && isUndecoded ? this.#playedVideo(input, known, compute, options) : known;
  }

  /** How much of two videos is in each other: the one that is asked about, and one of a list. */
  async compareVideos(query: ComparableVideo, compared: ComparableVideo, thresholds: VideoThresholds = {}): Promise<VideoComparison> {
    return this.#pool.run({ job: { kind: "compareVideos", query, compared, thresholds } }, this.#atMost);
  }

  /** Fingerprints decoded pixels: a canvas's `ImageData`, a video frame. */
  async fingerprintPixels(
    pixels: PixelsInput,
    options: ComputeOptions & { readonly signal?: AbortSignal } = {},
  ): Promise<Fingerprint> {
    const shape = described(pixels);
    const data = new Uint8Array(asBytes(shape.data));
    const job = { kind: "pixels", pixels: { ...shape, data }, options: computeOnly(options) } as const;
    try {
      return await this.#pool.run({ job, signal: options.signal, transfer: [data.buffer] }, this.#atMost);
    } finally {
      wipeUnsent(data);
    }
  }

  /** Digests of a file of any length, in constant memory; it is never decoded. */
  async digestStream(input: FileInput, options: DigestOptions = {}): Promise<Readonly<Record<string, string>>> {
    return (await this.#file(input, options, true, this.#atMost)).digests;
  }

  /**
   * Compares two hashes, or the hashes of two fingerprints, under one algorithm. Where the first is the original's fingerprint with
   * its variants, and the algorithm is theirs, the nearest of them is compared, and the result says which.
   */
  async compare(a: Comparable, b: Comparable, algorithm = "pdq"): Promise<Comparison> {
    const variants = typeof a === "string" || algorithm !== "pdq" ? undefined : a.variants;
    const job = { kind: "compare", algorithm, a: variants ?? hexOf(a, algorithm), b: hexOf(b, algorithm) } as const;
    return this.#pool.run({ job }, this.#atMost);
  }

  /** Bits that differ between two hashes of one length, in hexadecimal digits. */
  distance(a: string, b: string): Promise<number> {
    return this.#pool.run({ job: { kind: "distance", a, b } }, this.#atMost);
  }

  /** What can be computed and decoded, by all modules together; nothing has to be loaded to know. */
  async capabilities(): Promise<Capabilities> {
    const capabilities = await (this.#capabilities?.() ?? this.#capabilitiesOfWorker());
    const { formats } = this.#further;
    const isDecoded = ({ name, decoded }: Capabilities["formats"][number]): boolean => decoded || (isOptionalCodec(name) && formats.includes(name));
    return { ...capabilities, formats: capabilities.formats.map((it) => ({ ...it, decoded: isDecoded(it) })) };
  }

  /**
   * Starts a worker, and loads the modules of these formats, all that the client may load unless told otherwise; that for videos,
   * `video`, only where it is named. Afterwards no file in them has to wait for its module, and none makes a request.
   */
  async preload(modules: readonly CodecModule[] = this.#further.formats): Promise<void> {
    await Promise.all([this.#capabilitiesOfWorker(), ...codecModules(modules).map((name) => this.#further.get(name))]);
  }

  /**
   * An empty index of hashes, in a worker of its own with the full build.
   *
   * @param algorithm the stable name of the algorithm whose hashes it takes
   * @throws {@link OwnprintError} `unknown-algorithm`, `not-comparable` for hashes of over 1,024 bits, `needs-full` where the full
   *   module is not to be had
   */
  async createIndex(algorithm = "pdq", { signal }: IndexOptions = {}): Promise<WorkerIndex> {
    const job = { kind: "openIndex", algorithm: asText("algorithm", algorithm) } as const;
    return this.#openIndex(signal, { job });
  }

  /**
   * The index that was saved, by {@link WorkerIndex.save} or `ownprint index build`. Its entries are numbered anew, in the order in
   * which they came.
   *
   * @throws {@link OwnprintError} `invalid-index` for a file that is cut off or altered, `unknown-algorithm`, `io`, `needs-full`
   */
  async loadIndex(file: FileInput, { signal, onProgress }: IndexFileOptions = {}): Promise<WorkerIndex> {
    signal?.throwIfAborted();
    const { input, transfer, nextPiece, close } = await prepare(file, false, this.#clonesBlobs);
    const job = { kind: "loadIndex", input } as const;
    try {
      return await this.#openIndex(signal, { job, onProgress, ...(transfer && { transfer }), ...(nextPiece && { nextPiece }) });
    } finally {
      close?.();
    }
  }

  /**
   * Ends the workers, and with them all their memory, indexes too; what they were doing fails. The next call starts anew, but an
   * index is gone.
   */
  dispose(): void {
    this.#pool.dispose();
    for (const worker of [...this.#indexWorkers]) {
      worker.end(new OwnprintError("cancelled", "cancelled: the client that held this index was disposed of"));
    }
  }

  #capabilitiesOfWorker(): Promise<Capabilities> {
    return this.#pool.run({ job: { kind: "capabilities" } }, this.#atMost);
  }

  async #openIndex(signal: AbortSignal | undefined, task: Task): Promise<WorkerIndex> {
    signal?.throwIfAborted();
    const worker = this.#startIndexWorker();
    this.#indexWorkers.add(worker);
    // There is nothing yet that its worker would have to live on for.
    const abort = (): void => worker.end(signal?.reason);
    signal?.addEventListener("abort", abort);
    try {
      return new WorkerIndex(await worker.run<string>(undefined, () => task), worker, this.#clonesBlobs);
    } catch (error) {
      worker.end(error);
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** The video as the browser plays it, with the digests of its file. */
  async #playedVideo(input: JobInput, known: Fingerprint, compute: VideoComputeOptions, told: VideoOptions): Promise<Fingerprint> {
    // As the core has it: the player must be told, and the hasher after it.
    const { secondsPerHash = 1, prune, limits = {} } = compute;
    const { signal, onProgress } = told;
    if (input.kind !== "blob") {
      throw new OwnprintError("unsupported-video", "there is no player here for this video; save it as MP4 with H.264 and use that file");
    }
    const { size } = input.blob;
    const { VideoPlayer } = await import("./platform-video.js");
    const player = await VideoPlayer.open(input.blob, secondsPerHash, signal);
    try {
      const nextPiece: Task["nextPiece"] = async () => {
        const frame = await player.next();
        try {
          onProgress?.({ bytes: size, total: size, seconds: player.seconds, duration: player.duration });
        } catch (error) {
          wipeSent(frame);
          throw error;
        }
        return frame;
      };
      const job = { kind: "frames", options: { secondsPerHash, limits, ...(prune !== undefined && { prune }) } } as const;
      const vpdq = await this.#pool.run<readonly VpdqFrame[]>({ job, signal, nextPiece }, this.#atMost);
      const warnings = known.warnings.filter(({ code }) => !UNDECODED_VIDEO.includes(code));
      return { ...known, video: { width: player.width, height: player.height, vpdq }, warnings, decoder: "platform", exact: false };
    } finally {
      player.close();
    }
  }

  async #item(
    index: number,
    input: FileInput,
    { onProgress, ...options }: BatchOptions,
    signal: AbortSignal,
    atMost: number,
  ): Promise<BatchItem> {
    try {
      const told = onProgress && ((progress: Progress): void => onProgress({ ...progress, index }));
      const fingerprint = await this.#file(input, { ...options, signal, ...(told && { onProgress: told }) }, false, atMost);
      return { index, fingerprint };
    } catch (error) {
      if (error instanceof OwnprintError && !signal.aborted) {
        return { index, error };
      }
      throw error;
    }
  }

  async #file(
    file: FileInput,
    options: FingerprintOptions,
    digestsOnly: boolean,
    atMost: number,
  ): Promise<Fingerprint> {
    const { signal, onProgress, platformDecode = false } = options;
    signal?.throwIfAborted();
    const compute = computeOnly(options);
    const { input, transfer, nextPiece, close } = await prepare(file, platformDecode, this.#clonesBlobs);
    const job = { kind: "file", input, options: compute, digestsOnly, platformDecode } as const;
    try {
      return await this.#pool.run({ job, signal, onProgress, ...(transfer && { transfer }), ...(nextPiece && { nextPiece }) }, atMost);
    } finally {
      close?.();
    }
  }
}

function hexOf(side: Comparable, algorithm: string): string {
  if (typeof side === "string") {
    return side;
  }
  const hex = side.hashes[algorithm]?.hex;
  if (typeof hex !== "string") {
    throw new OwnprintError("not-comparable", `these hashes cannot be compared: a fingerprint has no single ${algorithm} hash`);
  }
  return hex;
}

/** The functions of one client that all callers share and none has to start. */
export function shared(client: Client) {
  return {
    fingerprint: client.fingerprint.bind(client),
    fingerprintAll: client.fingerprintAll.bind(client),
    fingerprintPixels: client.fingerprintPixels.bind(client),
    fingerprintVideo: client.fingerprintVideo.bind(client),
    compareVideos: client.compareVideos.bind(client),
    digestStream: client.digestStream.bind(client),
    compare: client.compare.bind(client),
    distance: client.distance.bind(client),
    capabilities: client.capabilities.bind(client),
    preload: client.preload.bind(client),
    createIndex: client.createIndex.bind(client),
    loadIndex: client.loadIndex.bind(client),
    dispose: client.dispose.bind(client),
  };
}
