/**
 * A video as the browser plays it, for what this package cannot decode: other devices get other pixels, and results that come from
 * here say so. The player stops at each multiple of the seconds, and gives what it shows there.
 */

import { refuseTamperedCanvas, readBack } from "./platform-decode.js";
import type { SentFrame } from "./worker-handle.js";
import { OwnprintError } from "./types.js";
import type { VideoFrame } from "./types.js";

/** A time beyond any video's: recordings say no duration until they were played to the end. */
const BEYOND_SECONDS = 1e9;

/** Containers round times to the millisecond, and players find the frame before one that begins just at the time. */
const ROUNDED_SECONDS = 0.001;

/** WebCodecs' names of matrices; a video of another one is read in red, green and blue. */
const MATRICES: Readonly<Record<string, "bt601" | "bt709">> = { bt709: "bt709", smpte170m: "bt601", bt470bg: "bt601" };

/** Formats of 8-bit pixels, by WebCodecs' names. */
const PIXELS: Readonly<Record<string, "rgba8" | "bgra8">> = { RGBA: "rgba8", RGBX: "rgba8", BGRA: "bgra8", BGRX: "bgra8" };

/** A player that nobody sees. */
export class VideoPlayer {
  readonly #video: HTMLVideoElement;
  readonly #address: string;
  readonly #signal: AbortSignal | undefined;
  readonly #every: number;
  #next = 0;
  /** In seconds, once it is known. */
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
   * @param every seconds from one frame to the next, above 0
   * @throws {@link OwnprintError} `unsupported-video` where nothing here can play it
   */
  static async open(file: Blob, every: number, signal: AbortSignal | undefined): Promise<VideoPlayer> {
    if (typeof document === "undefined" || typeof URL.createObjectURL !== "function") {
      throw cannotPlay("there is no player here");
    }
    if (!(every > 0)) {
      throw new OwnprintError("invalid-video", `a player that seeks takes a frame every so many seconds, more than 0, not ${every}`);
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

  /** The time of the next frame. */
  get seconds(): number {
    return Math.min(this.#next * this.#every, this.duration);
  }

  /** The next frame, nothing at the video's end. */
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

  /** Lets go of the video. */
  close(): void {
    this.#video.removeAttribute("src");
    this.#video.load();
    URL.revokeObjectURL(this.#address);
  }

  async #start(): Promise<void> {
    if (this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
      await this.#heard("loadeddata");
    }
    if (this.width === 0) {
      throw cannotPlay("it has no images");
    }
    if (!Number.isFinite(this.#video.duration)) {
      await this.#seek(BEYOND_SECONDS);
    }
    const { duration, currentTime } = this.#video;
    this.duration = Number.isFinite(duration) ? duration : currentTime;
  }

  async #seek(seconds: number): Promise<void> {
    const heard = this.#heard("seeked");
    this.#video.currentTime = seconds;
    await heard;
  }

  #heard(event: "loadeddata" | "seeked"): Promise<void> {
    this.#signal?.throwIfAborted();
    const over = new AbortController();
    const { signal } = over;
    return new Promise<void>((resolve, reject) => {
      this.#video.addEventListener(event, () => resolve(), { signal });
      this.#video.addEventListener("error", () => reject(cannotPlay(this.#video.error?.message || "it cannot play it")), { signal });
      this.#signal?.addEventListener("abort", () => reject(this.#signal?.reason), { signal });
    }).finally(() => over.abort());
  }
}

type FramePixels = DistributedOmit<SentFrame, "index" | "seconds">;
type DistributedOmit<T, Keys extends PropertyKey> = T extends VideoFrame ? Omit<T, Keys> : never;

async function pixelsOf(video: HTMLVideoElement): Promise<FramePixels> {
  if (typeof VideoFrame === "undefined") {
    return canvasPixels(video);
  }
  const frame = new VideoFrame(video, { timestamp: 0 });
  try {
    // Some browsers have frames, and refuse to copy them.
    return (await framePixels(frame).catch(() => undefined)) ?? canvasPixels(video);
  } finally {
    frame.close();
  }
}

/** The frame's own bytes, where they are such as are hashed here. */
async function framePixels(frame: VideoFrame): Promise<FramePixels | undefined> {
  const { format, colorSpace, visibleRect } = frame;
  if (format === null || visibleRect === null) {
    return undefined;
  }
  const { width, height } = visibleRect;
  const isYuv = format === "I420" || format === "NV12";
  // A video that names no matrix has the core's own.
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

/** What a canvas gives of it, if it is honest. */
function canvasPixels(video: HTMLVideoElement): FramePixels {
  if (typeof OffscreenCanvas === "undefined") {
    throw cannotPlay("it has no canvas to read it from");
  }
  refuseTamperedCanvas();
  const { videoWidth: width, videoHeight: height } = video;
  return { data: readBack(video, width, height) as SentFrame["data"], width, height, format: "rgba8" };
}

function cannotPlay(detail: string): OwnprintError {
  return new OwnprintError(
    "unsupported-video",
    `this browser cannot play this video (${detail}); save or share it as MP4 with H.264 and use that file`,
  );
}
