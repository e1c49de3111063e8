/** Videos, synchronously, by a module of their own. */

import { asBytes, pushInPieces, wholeThrough } from "./bytes.js";
import type {
  ComparableVideo,
  VideoFrame,
  FrameHasherOptions,
  VideoComparison,
  VideoComputeOptions,
  VideoThresholds,
  VpdqFrame,
} from "./video-types.js";
import { glue, type Glue } from "./generated/glue-video.js";
import { Instance, limitsIn } from "./instance.js";
import { asQuality, videoOnly } from "./options.js";
import { OwnprintError } from "./types.js";
import type { Fingerprint } from "./types.js";

/** Bytes that enter the module at a time. */
const PUSHED_BYTES = 1 << 20;

/** The module for videos. Calls block until they are done. */
export class VideoCore {
  readonly #module: WebAssembly.Module;

  /** @internal */
  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /**
   * Digests and vPDQ of a whole file: MP4 or MOV with H.264. Another video gets its digests, with a warning.
   *
   * @throws {@link OwnprintError} `damaged-video`, `unsupported-video` where no digest was asked for, `limit-exceeded`
   */
  fingerprint(bytes: ArrayBuffer | ArrayBufferView, options: VideoComputeOptions = {}): Fingerprint {
    return wholeThrough(this.stream(options), bytes);
  }

  /** Starts a video's file that comes in pieces. It is held in memory until it is finished. */
  stream(options: VideoComputeOptions = {}): VideoStream {
    return new VideoStream(this.#module, videoOnly(options));
  }

  /**
   * Starts a video whose frames somebody else decodes.
   *
   * @throws {@link OwnprintError} `invalid-video`
   */
  hasher(options: FrameHasherOptions = {}): FrameHasher {
    return new FrameHasher(this.#module, options);
  }

  /**
   * How much of two videos is in each other.
   *
   * @param query the video that is asked about
   * @param compared one of a list
   * @throws {@link OwnprintError} `not-comparable` for a fingerprint without a video's hashes, `invalid-hash`
   */
  compare(query: ComparableVideo, compared: ComparableVideo, thresholds: VideoThresholds = {}): VideoComparison {
    const [these, those] = [columnsOf(query), columnsOf(compared)];
    const { distance, queryPercent: ofQuery, comparedPercent: ofCompared } = thresholds;
    const quality = asQuality(thresholds.quality);
    const instance = new Instance(this.#module, glue());
    return instance.once((glue) => {
      const made = instance.hold(new glue.VideoComparison(these.hashes, these.qualities, those.hashes, those.qualities, quality, distance, ofQuery, ofCompared));
      const [query, queryFound, compared, comparedFound] = made.counts() as unknown as [number, number, number, number];
      const [queryPercent, comparedPercent] = made.percents() as unknown as [number, number];
      return { query, queryFound, queryPercent, compared, comparedFound, comparedPercent, match: made.isMatch() };
    });
  }
}

/** One video's file on its way in. */
export class VideoStream {
  readonly #instance: Instance<Glue>;
  readonly #inner: InstanceType<Glue["VideoStream"]>;

  /** @internal */
  constructor(module: WebAssembly.Module, options: VideoComputeOptions) {
    const { algorithms, secondsPerHash, prune, limits, acceptDamaged = false } = options;
    this.#instance = new Instance(module, glue());
    this.#inner = this.#instance.start(
      (glue) => new glue.VideoStream(algorithms?.join(","), secondsPerHash, prune, limitsIn(glue, limits), acceptDamaged),
    );
  }

  /** Takes the next bytes, and says whether more can change the result. */
  push(bytes: ArrayBuffer | ArrayBufferView): boolean {
    const whole = asBytes(bytes);
    return this.#instance.call(() => pushInPieces(whole, PUSHED_BYTES, (piece) => this.#inner.push(piece)));
  }

  /** The fingerprint of what was pushed. Nothing can be asked afterwards. */
  finish(): Fingerprint {
    return JSON.parse(this.#instance.once(() => this.#inner.finish())) as Fingerprint;
  }

  /** Gives up, and overwrites all that was kept. */
  dispose(): void {
    this.#instance.dispose();
  }
}

/** Frames on their way in. */
export class FrameHasher {
  readonly #instance: Instance<Glue>;
  readonly #inner: InstanceType<Glue["FrameHasher"]>;

  /** @internal */
  constructor(module: WebAssembly.Module, { framesPerSecond, secondsPerHash, prune, limits }: FrameHasherOptions) {
    this.#instance = new Instance(module, glue());
    this.#inner = this.#instance.start(
      (glue) => new glue.FrameHasher(framesPerSecond, secondsPerHash, prune, limitsIn(glue, limits)),
    );
  }

  /** Whether frame `index`, from 0, shown `seconds` from the video's start, is to be pushed. */
  wants(index: number, seconds: number): boolean {
    return this.#instance.call(() => this.#inner.wants(index, seconds));
  }

  /**
   * Hashes a frame; one that is not wanted is passed over.
   *
   * @throws {@link OwnprintError} `invalid-pixels`, `limit-exceeded`, `invalid-video` for a time that is no number from 0
   */
  push(frame: VideoFrame): void {
    const { index, seconds, width, height } = frame;
    const data = asBytes(frame.data);
    this.#instance.call(() => {
      if (!("planes" in frame)) {
        return this.#inner.pushPixels(index, seconds, data, width, height, frame.format, frame.stride ?? 0);
      }
      const { format, planes, matrix, range } = frame;
      if (planes.length !== (format === "nv12" ? 2 : 3)) {
        throw new OwnprintError("invalid-pixels", `the pixel buffer does not fit its description: ${format} with ${planes.length} planes`);
      }
      const [starts, strides] = [planes.map(({ offset }) => offset), planes.map(({ stride }) => stride)].map((it) => Uint32Array.from(it));
      this.#inner.pushPlanes(index, seconds, data, width, height, starts as Uint32Array, strides as Uint32Array, matrix, range);
    });
  }

  /** The frames that were hashed, in the order of their numbers. Nothing can be asked afterwards. */
  finish(): VpdqFrame[] {
    return JSON.parse(this.#instance.once(() => this.#inner.finish())) as VpdqFrame[];
  }

  /** Gives up, and overwrites all that was kept. */
  dispose(): void {
    this.#instance.dispose();
  }
}

function columnsOf(video: ComparableVideo): { readonly hashes: string; readonly qualities: Uint8Array } {
  const frames = Array.isArray(video) ? (video as readonly VpdqFrame[]) : (video as Fingerprint).video?.vpdq;
  if (frames === undefined) {
    throw new OwnprintError("not-comparable", "these videos cannot be compared: a fingerprint has no hashes of a video's frames");
  }
  return { hashes: frames.map(({ hex }) => hex).join(" "), qualities: Uint8Array.from(frames, ({ quality }) => quality) };
}
