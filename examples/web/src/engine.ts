/** The only file that calls ownprint. */

import type {
  Codec,
  Comparable,
  Comparison,
  Fingerprint,
  FingerprintOptions,
  VideoComparison,
  VideoOptions,
} from "ownprint/inline";

import avif from "ownprint-codecs/inline/avif";
import heic from "ownprint-codecs/inline/heic";
import jxl from "ownprint-codecs/inline/jxl";
import h264 from "ownprint-codecs/inline/video";
import videoAv1 from "ownprint-codecs/inline/video-av1";
import videoHevc from "ownprint-codecs/inline/video-hevc";
import videoVp8 from "ownprint-codecs/inline/video-vp8";
import videoVp9 from "ownprint-codecs/inline/video-vp9";

import { kindOf, type Kind } from "./kind";

type Ownprint = typeof import("ownprint/inline");

/** How a file is fingerprinted. */
export interface Options extends Pick<VideoOptions, "acceptDamaged" | "onProgress"> {
  readonly signal: AbortSignal;
  /** Edits of a picture that are hashed too. */
  readonly variants: FingerprintOptions["variants"];
  /** Called before the file is read whole. */
  readonly onKind: (kind: Kind) => void;
}

/** A video in another video, in both directions. */
export interface Videos {
  readonly comparison: VideoComparison;
  /** `true` if nearly all of the first video is in the second one. */
  readonly isFirstInSecond: boolean;
  readonly isSecondInFirst: boolean;
}

// HEVC and H.264 are patented in many countries. Whoever serves the page is responsible for the
// licence, and may remove their codecs from these lists.
const PICTURE_CODECS: readonly Codec[] = [heic, avif, jxl];
const VIDEO_CODECS: readonly Codec[] = [h264, videoHevc, videoVp9, videoVp8, videoAv1];

// The large scripts are loaded in parallel with the page. They contain the worker and WebAssembly,
// so that the page needs nothing more from the network afterwards.
const loading: Promise<Ownprint> = import("ownprint/inline").then(async (ownprint) => {
  ownprint.addCodecs(...PICTURE_CODECS, ...VIDEO_CODECS);
  await ownprint.preload(PICTURE_CODECS.map(({ name }) => name));
  return ownprint;
});

// Pictures come first. All requests begin before anything can be chosen, so that none is made
// afterwards.
const loadingVideos: Promise<void> = loading.then(({ preload }) => preload(VIDEO_CODECS.map(({ name }) => name)));
// Reported by `videosLoaded`, and by each video.
loadingVideos.catch(() => undefined);

/** Resolves when the page can fingerprint pictures, and has requested all that it needs. */
export async function picturesLoaded(): Promise<void> {
  await loading;
}

/** Resolves when the page needs nothing more from the network. */
export async function videosLoaded(): Promise<void> {
  await loadingVideos;
}

/**
 * Fingerprints a picture with the core's default algorithms, or a video with its default digests
 * and vPDQ. The core decides what a file is. Its name and type only decide what is tried first.
 */
export async function fingerprint(file: File, options: Options): Promise<Fingerprint> {
  return await busy(async (ownprint) => {
    const named = kindOf(file);
    if (named !== "image" && (await isVideo(ownprint, file, named, options))) {
      return await video(ownprint, file, options);
    }
    const { signal, acceptDamaged = false, variants, onProgress, onKind } = options;
    onKind("image");
    const result = await ownprint.fingerprint(file, {
      platformDecode: true,
      signal,
      acceptDamaged,
      ...(variants && { variants }),
      ...(onProgress && { onProgress }),
    });
    if (result.video !== undefined) {
      onKind("video");
      return result;
    }
    const has = (wanted: string): boolean => result.warnings.some(({ code }) => code === wanted);
    // A browser may play a container that the core does not know.
    return has("unsupported-video") || (named === "video" && has("not-an-image"))
      ? await video(ownprint, file, options)
      : result;
  });
}

/** Compares two pictures by PDQ, also with the edits of either of them. */
export async function compare(one: Comparable, other: Comparable): Promise<Comparison> {
  return await busy(async (ownprint) => {
    const comparison = await ownprint.compare(one, other);
    if (comparison.isMatch) return comparison;
    const reversed = await ownprint.compare(other, one);
    return reversed.isMatch ? reversed : comparison;
  });
}

/** Compares two videos by vPDQ. */
export async function compareVideos(first: Fingerprint, second: Fingerprint): Promise<Videos> {
  return await busy(async (ownprint) => {
    await videosAvailable();
    const comparison = await ownprint.compareVideos(first, second);
    const { isMatch: isSecondInFirst } = await ownprint.compareVideos(second, first);
    return { comparison, isFirstInSecond: comparison.isMatch, isSecondInFirst };
  });
}

/** Ends the idle worker and releases its memory. The next call starts another one. */
export function forget(): void {
  if (running === 0) void loading.then(({ dispose }) => dispose()).catch(() => undefined);
}

/** More bytes than are needed to identify a container. */
const HEAD_BYTES = 4096;

const NO_VIDEO = ["not-a-video", "not-an-image"];

/** Asks the core whether a file is a video, by its first bytes. */
async function isVideo(
  ownprint: Ownprint,
  file: File,
  named: Kind | undefined,
  { signal }: Options,
): Promise<boolean> {
  try {
    await videosAvailable(signal);
  } catch (error) {
    // A picture whose type is unknown does not need the part for videos.
    if (named === undefined && codeOf(error) === "load-failed") return false;
    throw error;
  }
  const head = file.slice(0, HEAD_BYTES);
  const { error } = await ownprint.fingerprintVideo(head, { algorithms: ["vpdq"], signal });
  return !NO_VIDEO.includes(error?.code ?? "");
}

async function video(ownprint: Ownprint, file: File, options: Options): Promise<Fingerprint> {
  const { signal, acceptDamaged = false, onProgress, onKind } = options;
  onKind("video");
  await videosAvailable(signal);
  return await ownprint.fingerprintVideo(file, {
    // The player is hidden and muted, and its address is withdrawn after the last frame.
    platformDecode: true,
    signal,
    acceptDamaged,
    ...(onProgress && { onProgress }),
  });
}

/** Waits until the part for videos is loaded, or rejects with the signal's reason. */
async function videosAvailable(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const loaded = loadingVideos.catch((cause: unknown) => Promise.reject(notLoaded(cause)));
  await Promise.race([loaded, aborted]);
}

let running = 0;

async function busy<Result>(work: (ownprint: Ownprint) => Promise<Result>): Promise<Result> {
  running += 1;
  try {
    return await work(await loading.catch((cause: unknown) => Promise.reject(notLoaded(cause))));
  } finally {
    running -= 1;
  }
}

// Gives the browser's error a code for which the page has words.
function notLoaded(cause: unknown): Error {
  return Object.assign(new Error("cannot load ownprint", { cause }), { code: "load-failed" });
}

/** Returns the stable code of an error. */
export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown";
}
