/** Videos, synchronously, in a module of their own. */

import { blobReader, fileChanged, type ReadableFile } from "./blob-reader.js";
import { asBytes, hashWhole, updateInChunks } from "./bytes.js";
import type { Progress } from "./compute-types.js";
import { OwnprintError } from "./errors.js";
import type { Fingerprint, VpdqFrame } from "./fingerprint-types.js";
import { glue, type Glue } from "./generated/glue-video.js";
import { Instance, limitsIn } from "./instance.js";
import { asQuality, videoOnly } from "./options.js";
import { fingerprintFrom, framesFrom } from "./record-json.js";
import { columnsOf } from "./video-columns.js";
import type {
  ComparableVideo,
  FrameHasherOptions,
  VideoComparison,
  VideoComputeOptions,
  VideoFrameInput,
  VideoThresholds,
} from "./video-types.js";

/** Bytes that are copied into the module at a time. */
const CHUNK_BYTES = 1 << 20;

/** Bytes of a file that are in JavaScript's memory at a time, while its digests are computed. */
const PIECE_BYTES = 4 << 20;

/** Milliseconds between two reports of progress. */
const REPORT_MILLISECONDS = 50;

/** The modules for videos. Calls block until they are done. */
export class VideoCore {
  readonly #module: WebAssembly.Module;
  /** The modules of codecs other than H.264. */
  readonly #codecs: Map<string, WebAssembly.Module>;

  /** @internal */
  constructor(module: WebAssembly.Module, codecs: ReadonlyMap<string, WebAssembly.Module> = new Map()) {
    this.#module = module;
    this.#codecs = new Map(codecs);
  }

  /** @internal */
  hasCodec(codec: string): boolean {
    return this.#codecs.has(codec);
  }

  /** @internal */
  addCodec(codec: string, module: WebAssembly.Module): void {
    this.#codecs.set(codec, module);
  }

  /** The core's default of {@link VideoComputeOptions.secondsPerHash}. */
  get defaultSecondsPerHash(): number {
    return new Instance(this.#module, glue()).once((glue) => glue.defaultSecondsPerHash());
  }

  /**
   * Fingerprints a video file in memory: MP4, MOV, 3GP, WebM or Matroska, with H.264 or a codec
   * whose module is loaded. Other files have digests only.
   */
  fingerprint(
    bytes: ArrayBuffer | ArrayBufferView,
    options: VideoComputeOptions = {},
  ): Fingerprint {
    return hashWhole(this.stream(options), bytes);
  }

  /** Starts a video file that arrives in chunks. It is kept in memory until it is decoded. */
  stream(options: VideoComputeOptions = {}): VideoStream {
    return new VideoStream(this.#module, videoOnly(options), this.#codecs);
  }

  /**
   * Fingerprints a video file of any length that is read in pieces: once for its digests, and then
   * its frames. A small part of it is in memory at a time.
   *
   * @param onProgress receives the bytes read for the digests, and then the frames
   */
  async fingerprintFile(
    file: Blob | ReadableFile,
    options: VideoComputeOptions = {},
    onProgress?: (progress: Progress) => void,
  ): Promise<Fingerprint> {
    const source = "read" in file ? file : blobReader(file);
    const codec = this.#codecs.size > 0 ? await this.missingCodec(source) : undefined;
    return this.fingerprintWith(codec, source, options, onProgress);
  }

  /**
   * As {@link fingerprintFile}, with the module of a codec that {@link missingCodec} returned.
   *
   * @internal
   */
  async fingerprintWith(
    codec: string | undefined,
    file: ReadableFile,
    options: VideoComputeOptions,
    onProgress?: (progress: Progress) => void,
  ): Promise<Fingerprint> {
    const module = this.#codecs.get(codec ?? "") ?? this.#module;
    const stream = new VideoStream(module, videoOnly(options), undefined, true);
    try {
      return await stream.readWhole(file, onProgress);
    } finally {
      stream.dispose();
    }
  }

  /**
   * Returns the codec of a file if its module is another one.
   *
   * @internal
   */
  async missingCodec(file: ReadableFile): Promise<string | undefined> {
    const instance = new Instance(this.#module, glue());
    try {
      const reading = instance.start((glue) => new glue.CodecReading(file.size));
      await answerRequests(file, (answer) => instance.call(() => reading.resume(answer)));
      return instance.call(() => reading.finalize());
    } finally {
      instance.dispose();
    }
  }

  /**
   * Starts a video whose frames another decoder decodes.
   *
   * @throws {@link OwnprintError} `invalid-video`
   */
  hasher(options: FrameHasherOptions = {}): FrameHasher {
    return new FrameHasher(this.#module, options);
  }

  /**
   * Compares the frames of two videos.
   *
   * @param query the video to look for
   * @param compared a video of a list
   * @throws {@link OwnprintError} `not-comparable` for a fingerprint without frames, `invalid-hash`
   */
  compare(
    query: ComparableVideo,
    compared: ComparableVideo,
    thresholds: VideoThresholds = {},
  ): VideoComparison {
    const [a, b] = [columnsOf(query), columnsOf(compared)];
    const { distance, queryPercent, comparedPercent } = thresholds;
    const quality = asQuality(thresholds.quality);
    const instance = new Instance(this.#module, glue());
    return instance.once((glue) => {
      const comparison = instance.hold(
        new glue.VideoComparison(
          a.hashes,
          a.qualities,
          b.hashes,
          b.qualities,
          quality,
          distance,
          queryPercent,
          comparedPercent,
        ),
      );
      const [query, queryFound, compared, comparedFound] = comparison.counts();
      const percents = comparison.percents();
      return {
        query,
        queryFound,
        queryPercent: percents[0],
        compared,
        comparedFound,
        comparedPercent: percents[1],
        isMatch: comparison.isMatch(),
      } as VideoComparison;
    });
  }
}

/** Fingerprints one video file that arrives in chunks. {@link VideoCore.stream} returns one. */
export class VideoStream {
  readonly #instance: Instance<Glue>;
  readonly #inner: InstanceType<Glue["VideoStream"]>;
  readonly #options: VideoComputeOptions;
  readonly #codecs: ReadonlyMap<string, WebAssembly.Module>;
  #wantsMore = true;
  /** The codec of another module, once it was read from the tables. */
  #missing: { readonly codec: string | undefined } | undefined;

  /** @internal */
  constructor(
    module: WebAssembly.Module,
    options: VideoComputeOptions,
    codecs: ReadonlyMap<string, WebAssembly.Module> = new Map(),
    isSeekable = false,
  ) {
    this.#options = options;
    this.#codecs = codecs;
    const { algorithms, secondsPerHash, prune, limits, acceptDamaged = false } = options;
    const names = algorithms?.join(",");
    this.#instance = new Instance(module, glue());
    this.#inner = this.#instance.start(
      (glue) =>
        new glue.VideoStream(
          names,
          secondsPerHash,
          prune,
          limitsIn(glue, limits),
          acceptDamaged,
          isSeekable,
        ),
    );
  }

  /**
   * Returns the fingerprint of a file that is read in pieces; no call is possible afterwards.
   *
   * @internal
   */
  async readWhole(
    file: ReadableFile,
    onProgress: (progress: Progress) => void = () => undefined,
  ): Promise<Fingerprint> {
    const total = file.size;
    let bytes = 0;
    do {
      const end = Math.min(bytes + PIECE_BYTES, total);
      await reading(file, bytes, end, (piece) => this.update(piece));
      bytes = end;
      onProgress({ bytes, total });
    } while (bytes < total && this.#wantsMore);
    const reader = this.#instance.hold(
      this.#instance.call(() => this.#inner.readAgain(total)),
    );
    let frames: Pick<Progress, "frames" | "totalFrames"> = {};
    let reported = performance.now();
    await answerRequests(
      file,
      (answer) => this.#instance.call(() => reader.resume(answer)),
      (done, totalFrames) => {
        frames = { frames: done, totalFrames };
        if (performance.now() > reported + REPORT_MILLISECONDS) {
          reported = performance.now();
          onProgress({ bytes, total, ...frames });
        }
      },
    );
    if (frames.totalFrames !== undefined) {
      onProgress({ bytes, total, frames: frames.totalFrames, totalFrames: frames.totalFrames });
    }
    return fingerprintFrom(this.#instance.once(() => reader.finalize() ?? ""));
  }

  /** Adds the next bytes of the file. */
  update(bytes: ArrayBuffer | ArrayBufferView): void {
    const all = asBytes(bytes);
    this.#wantsMore = this.#instance.call(() =>
      updateInChunks(all, CHUNK_BYTES, (chunk) => this.#inner.update(chunk)),
    );
  }

  /** `false` if further bytes cannot change the result. */
  get wantsMore(): boolean {
    return this.#wantsMore;
  }

  /**
   * The codec of the video if its module is another one, after the last byte.
   *
   * @internal
   */
  get missingCodec(): string | undefined {
    this.#missing ??= { codec: this.#instance.call(() => this.#inner.missingCodec()) };
    return this.#missing.codec;
  }

  /** Returns the fingerprint of the file; no call is possible afterwards. */
  finalize(): Fingerprint {
    const codec = this.#codecs.size > 0 ? this.missingCodec : undefined;
    const module = this.#codecs.get(codec ?? "");
    if (module === undefined) {
      return fingerprintFrom(this.#instance.once(() => this.#inner.finalize()));
    }
    const bytes = this.#instance.once(() => this.#inner.intoBytes());
    try {
      return hashWhole(new VideoStream(module, this.#options), bytes);
    } finally {
      bytes.fill(0);
    }
  }

  /** Cancels, and overwrites everything that was kept. */
  dispose(): void {
    this.#instance.dispose();
  }
}

/** Reads what `resume` requests until it requests nothing more. */
async function answerRequests(
  file: ReadableFile,
  resume: (answer: Uint8Array) => Float64Array,
  onFrames?: (done: number, total: number) => void,
): Promise<void> {
  const nothing = new Uint8Array();
  for (let request = resume(nothing); request.length > 0; ) {
    const [start = 0, end = 0, done, total = 0] = request;
    if (done === undefined) {
      request = await reading(file, start, end, resume);
    } else {
      onFrames?.(done, total);
      request = resume(nothing);
    }
  }
}

/** Passes a piece of a file to `take`, and overwrites it afterwards. */
async function reading<Result>(
  file: ReadableFile,
  start: number,
  end: number,
  take: (piece: Uint8Array) => Result,
): Promise<Result> {
  const piece = await file.read(start, end);
  try {
    if (piece.length !== end - start) {
      throw fileChanged();
    }
    return take(piece);
  } finally {
    piece.fill(0);
  }
}

/** Hashes frames that another decoder decodes. {@link VideoCore.hasher} returns one. */
export class FrameHasher {
  readonly #instance: Instance<Glue>;
  readonly #inner: InstanceType<Glue["FrameHasher"]>;

  /** @internal */
  constructor(module: WebAssembly.Module, options: FrameHasherOptions) {
    const { framesPerSecond, secondsPerHash, prune, limits } = options;
    this.#instance = new Instance(module, glue());
    this.#inner = this.#instance.start(
      (glue) =>
        new glue.FrameHasher(framesPerSecond, secondsPerHash, prune, limitsIn(glue, limits)),
    );
  }

  /** Returns `true` if the frame `index`, shown at `seconds`, is one of those to be hashed. */
  wants(index: number, seconds: number): boolean {
    return this.#instance.call(() => this.#inner.wants(index, seconds));
  }

  /**
   * Hashes a frame. Frames that {@link wants} does not select are ignored.
   *
   * @throws {@link OwnprintError} `invalid-pixels`, `limit-exceeded`, `invalid-video` if the time
   *   is negative or no number
   */
  update(frame: VideoFrameInput): void {
    const { index, seconds, width, height } = frame;
    const data = asBytes(frame.data);
    this.#instance.call(() => {
      if (!("planes" in frame)) {
        const { format, stride = 0 } = frame;
        this.#inner.updatePixels(index, seconds, data, width, height, format, stride);
        return;
      }
      const { format, planes, matrix, range } = frame;
      if (planes.length !== (format === "nv12" ? 2 : 3)) {
        throw new OwnprintError(
          "invalid-pixels",
          `the pixel buffer does not fit its description: ${format} with ${planes.length} planes`,
        );
      }
      this.#inner.updatePlanes(
        index,
        seconds,
        data,
        width,
        height,
        Uint32Array.from(planes, ({ offset }) => offset),
        Uint32Array.from(planes, ({ stride }) => stride),
        matrix,
        range,
      );
    });
  }

  /** Returns the hashed frames in order; no call is possible afterwards. */
  finalize(): VpdqFrame[] {
    return framesFrom(this.#instance.once(() => this.#inner.finalize()));
  }

  /** Cancels, and overwrites everything that was kept. */
  dispose(): void {
    this.#instance.dispose();
  }
}
