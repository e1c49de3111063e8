/**
 * Plays videos that no module decodes, and reads a frame at each multiple of a number of seconds.
 * The pixels differ between browsers, so the results are marked.
 */

import { OwnprintError } from "./errors.js";
import { refuseTamperedCanvas, readBack } from "./platform-decode.js";
import type { SentFrame } from "./platform.js";
import type { VideoFrameInput } from "./video-types.js";

/** Longer than any video: recordings have no duration before they were played to the end. */
const BEYOND_SECONDS = 1e9;

/**
 * How long a sought frame may take to be shown. Pages in the background show no frames; there the
 * player is read after this time.
 */
const SHOWN_MILLISECONDS = 1000;

/** Containers round times to milliseconds; without this, players may show the frame before. */
const ROUNDED_SECONDS = 0.001;

/** Matrices by their WebCodecs names; videos with other matrices are read as RGB. */
const MATRICES: Readonly<Record<string, "bt601" | "bt709">> = {
  bt709: "bt709",
  smpte170m: "bt601",
  bt470bg: "bt601",
};

/** Formats of 8-bit pixels by their WebCodecs names. */
const PIXELS: Readonly<Record<string, "rgba8" | "bgra8">> = {
  RGBA: "rgba8",
  RGBX: "rgba8",
  BGRA: "bgra8",
  BGRX: "bgra8",
};

/** A player that is not part of the page. */
export class VideoPlayer {
  readonly #video: HTMLVideoElement;
  readonly #address: string;
  readonly #signal: AbortSignal | undefined;
  readonly #every: number;
  #next = 0;
  /** In seconds; 0 until it is known. */
  duration = 0;

  private constructor(file: Blob, every: number, signal: AbortSignal | undefined) {
    this.#every = every;
    this.#signal = signal;
    this.#address = URL.createObjectURL(file);
    this.#video = document.createElement("video");
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.preload = "auto";
    this.#video.src = this.#address;
  }

  /**
   * @param every seconds from one frame to the next, greater than 0
   * @throws {@link OwnprintError} `unsupported-video` if the browser cannot play it
   */
  static async open(
    file: Blob,
    every: number,
    signal: AbortSignal | undefined,
  ): Promise<VideoPlayer> {
    if (typeof document === "undefined" || typeof URL.createObjectURL !== "function") {
      throw cannotPlay("there is no video player");
    }
    if (!(every > 0)) {
      throw new OwnprintError(
        "invalid-video",
        `secondsPerHash must be greater than 0 if the browser plays the video, not ${every}`,
      );
    }
    const player = new VideoPlayer(file, every, signal);
    try {
      await player.#start();
      return player;
    } catch (error) {
      player.close();
      throw error;
    }
  }

  get width(): number {
    return this.#video.videoWidth;
  }

  get height(): number {
    return this.#video.videoHeight;
  }

  /** The time of the next frame, in seconds. */
  get seconds(): number {
    return Math.min(this.#next * this.#every, this.duration);
  }

  /** Returns the next frame; `undefined` at the end of the video. */
  async next(): Promise<SentFrame | undefined> {
    const [index, seconds] = [this.#next, this.#next * this.#every];
    if (index > 0 && seconds >= this.duration) {
      return undefined;
    }
    await this.#seek(seconds + ROUNDED_SECONDS);
    this.#next += 1;
    const pixels = await pixelsOf(this.#video);
    if (this.#signal?.aborted) {
      pixels.data.fill(0);
      throw this.#signal.reason;
    }
    return { ...pixels, index, seconds };
  }

  /** Releases the video. */
  close(): void {
    this.#video.removeAttribute("src");
    this.#video.load();
    URL.revokeObjectURL(this.#address);
  }

  async #start(): Promise<void> {
    if (this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
      await this.#event("loadeddata");
    }
    if (this.width === 0) {
      throw cannotPlay("it has no video track");
    }
    if (!Number.isFinite(this.#video.duration)) {
      await this.#seek(BEYOND_SECONDS);
    }
    const { duration, currentTime } = this.#video;
    this.duration = Number.isFinite(duration) ? duration : currentTime;
  }

  async #seek(seconds: number): Promise<void> {
    const [seeked, shown] = [this.#event("seeked"), this.#shown()];
    this.#video.currentTime = seconds;
    await seeked;
    await shown;
  }

  /**
   * Waits until the next frame is shown. In Chromium about one of 300 `seeked` events comes before
   * the new frame; until it is shown, the player gives the previous one.
   */
  #shown(): Promise<void> {
    return new Promise((resolve) => {
      if (typeof this.#video.requestVideoFrameCallback !== "function") {
        return resolve();
      }
      setTimeout(resolve, SHOWN_MILLISECONDS);
      this.#video.requestVideoFrameCallback(() => resolve());
    });
  }

  #event(event: "loadeddata" | "seeked"): Promise<void> {
    this.#signal?.throwIfAborted();
    const over = new AbortController();
    const { signal } = over;
    return new Promise<void>((resolve, reject) => {
      this.#video.addEventListener(event, () => resolve(), { signal });
      const fail = (): void =>
        reject(cannotPlay(this.#video.error?.message || "it cannot be decoded"));
      this.#video.addEventListener("error", fail, { signal });
      this.#signal?.addEventListener("abort", () => reject(this.#signal?.reason), { signal });
    }).finally(() => over.abort());
  }
}

type FramePixels = DistributedOmit<SentFrame, "index" | "seconds">;
type DistributedOmit<T, Keys extends PropertyKey> = T extends VideoFrameInput
  ? Omit<T, Keys>
  : never;

async function pixelsOf(video: HTMLVideoElement): Promise<FramePixels> {
  if (typeof VideoFrame === "undefined") {
    return canvasPixels(video);
  }
  const frame = new VideoFrame(video, { timestamp: 0 });
  try {
    // Some browsers have frames but refuse to copy them.
    return (await framePixels(frame).catch(() => undefined)) ?? canvasPixels(video);
  } finally {
    frame.close();
  }
}

/** Returns the bytes of a frame; `undefined` if their format cannot be hashed. */
async function framePixels(frame: VideoFrame): Promise<FramePixels | undefined> {
  const { format, colorSpace, visibleRect } = frame;
  if (format === null || visibleRect === null) {
    return undefined;
  }
  const { width, height } = visibleRect;
  const isYuv = format === "I420" || format === "NV12";
  // Without a matrix, the core's default applies.
  const matrix = colorSpace.matrix === null ? undefined : MATRICES[colorSpace.matrix];
  if (isYuv ? colorSpace.matrix !== null && matrix === undefined : !(format in PIXELS)) {
    return undefined;
  }
  const data = new Uint8Array(frame.allocationSize());
  const planes = await frame.copyTo(data).catch((error: unknown) => {
    data.fill(0);
    throw error;
  });
  const shape = { data: data as SentFrame["data"], width, height };
  if (!isYuv) {
    return { ...shape, format: PIXELS[format] as "rgba8", stride: planes[0]?.stride ?? 0 };
  }
  const range = colorSpace.fullRange === true ? "full" : "limited";
  return { ...shape, format: format === "I420" ? "i420" : "nv12", planes, matrix, range };
}

/** Reads a frame from a canvas, which is tested first. */
function canvasPixels(video: HTMLVideoElement): FramePixels {
  if (typeof OffscreenCanvas === "undefined") {
    throw cannotPlay("there is no canvas to read it from");
  }
  refuseTamperedCanvas();
  const { videoWidth: width, videoHeight: height } = video;
  return {
    data: readBack(video, width, height) as SentFrame["data"],
    width,
    height,
    format: "rgba8",
  };
}

function cannotPlay(detail: string): OwnprintError {
  return new OwnprintError(
    "unsupported-video",
    `this browser cannot play this video (${detail}); save it as MP4 with H.264 and use that file`,
  );
}
