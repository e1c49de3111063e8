/** The worker's side of the protocol. */

import { DigestAlgorithm } from "./algorithms.js";
import { asBytes } from "./bytes.js";
import type { ReadableFile } from "./blob-reader.js";
import { eachChunk, readerOf, wholeOf, type Connection } from "./chunks.js";
import type { ComputeOptions } from "./compute-types.js";
import { decodeErrorOf, OwnprintError, textOf, type ErrorCode } from "./errors.js";
import type { FingerprintCore } from "./fingerprint-core.js";
import type { Fingerprint, VpdqFrame } from "./fingerprint-types.js";
import type { HashIndex } from "./hash-index.js";
import type { ModuleSource } from "./load.js";
import { isUndecoded, mergeImage, UNDECODED_IMAGE, withoutCodes } from "./merge.js";
import { Modules, type ModuleSources } from "./modules.js";
import { videoOnly } from "./options.js";
import { platformPixels } from "./platform-decode.js";
import {
  wipeSent,
  type FromWorker,
  type Job,
  type JobInput,
  type Sent,
  type ToWorker,
} from "./protocol.js";
import type { FingerprintStream } from "./stream.js";
import type { VideoCore, VideoStream } from "./video-core.js";
import type { FrameHasherOptions, VideoComputeOptions } from "./video-types.js";

/** The worker's end of the channel to the client. */
export interface Channel {
  send(message: FromWorker): void;
  listen(take: (message: ToWorker) => void): void;
}

type FileJob = Extract<Job, { kind: "file" }>;
type VideoJob = Extract<Job, { kind: "video" }>;
type AnyVideoJob = Extract<Job, { kind: "video" | "frames" | "secondsPerHash" | "compareVideos" }>;

/** What a worker keeps between jobs. */
interface State {
  readonly modules: Modules;
  /** The index that the worker was started for. */
  index?: HashIndex;
}

/** A request for a chunk or a frame. */
interface Request {
  readonly take: (chunk: Sent | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** Errors of the default build for what the full build may be able to do. */
const NEEDS_FULL: ReadonlySet<ErrorCode> = new Set([
  "unknown-algorithm",
  "unknown-variant",
  "needs-full",
]);

/** Answers messages until the worker is ended. */
export function serve(channel: Channel, readFile?: ModuleSource["readFile"]): void {
  let state: State | undefined;
  let request: Request | undefined;
  let takeDecoder: ((answer: Extract<ToWorker, { type: "decoder" }>) => void) | undefined;
  let isCancelled = false;

  const askForDecoder: ModuleSources["askForDecoder"] = (format) =>
    new Promise((take, fail) => {
      takeDecoder = ({ wasm, failure }) =>
        failure ? fail(new OwnprintError(failure.code, failure.message)) : take(wasm);
      channel.send({ type: "decoder", format });
    });

  const ask = (message: FromWorker): Promise<Sent | undefined> =>
    new Promise((take, fail) => {
      request = { take, fail };
      channel.send(message);
    });
  const next = (): Promise<Sent | undefined> => ask({ type: "more" });

  /** Answers the open request, once. */
  const respond = (step: (it: Request) => void): void => {
    const it = request;
    request = undefined;
    if (it !== undefined) {
      step(it);
    }
  };

  const connection: Connection = {
    send: (message) => channel.send(message),
    // The client sends what its job consists of: chunks or frames.
    nextChunk: next as Connection["nextChunk"],
    nextFrame: next as Connection["nextFrame"],
    read: ((start, end) => ask({ type: "read", start, end })) as Connection["read"],
    throwIfCancelled: () => {
      if (isCancelled) {
        throw cancelled();
      }
    },
  };

  const answer = async (step: () => Promise<FromWorker>): Promise<void> => {
    try {
      channel.send(await step());
    } catch (error) {
      const { code, message } = asOwnprintError(error);
      const memoryBytes = state?.modules.memoryBytes ?? 0;
      channel.send({ type: "failed", code, message, memoryBytes });
    }
  };

  channel.listen((message) => {
    switch (message.type) {
      case "start":
        return void answer(async () => {
          const { wasm, wasmFull, integrity, full } = message;
          const sources = { wasm, wasmFull, integrity, readFile, askForDecoder };
          state = { modules: new Modules(sources, full) };
          return { type: "started" };
        });
      case "job":
        isCancelled = false;
        return void answer(async () => {
          if (state === undefined) {
            throw new OwnprintError("internal", "the worker received a job before it was started");
          }
          const value = await run(state, message.job, connection);
          return { type: "done", value, memoryBytes: state.modules.memoryBytes };
        });
      case "chunk":
        // After a cancellation there is no request.
        return request === undefined
          ? wipeSent(message.chunk)
          : respond(({ take }) => take(message.chunk));
      case "end":
        return respond(({ take }) => take(undefined));
      case "decoder":
        return takeDecoder?.(message);
      case "cancel":
        isCancelled = true;
        return respond(({ fail }) => fail(cancelled()));
    }
  });
}

async function run(state: State, job: Job, connection: Connection): Promise<unknown> {
  const { modules } = state;
  try {
    if (isVideoJob(job)) {
      return await runVideoJob(modules, job, connection);
    }
    if (selectsAll(job)) {
      await modules.takeFull();
    }
    try {
      return await runJob(state, job, connection);
    } catch (error) {
      // The core checks the names before it reads the file.
      if (!modules.hasFull || !(error instanceof OwnprintError && NEEDS_FULL.has(error.code))) {
        throw error;
      }
      await modules.takeFull();
      return await runJob(state, job, connection);
    }
  } finally {
    wipeJob(job);
  }
}

/** Overwrites the input of a job, whether it was read or not. */
function wipeJob(job: Job): void {
  if (job.kind === "pixels") {
    asBytes(job.pixels.data).fill(0);
  } else if ("input" in job && job.input.kind === "bytes") {
    job.input.bytes.fill(0);
  }
}

/** `all` means every hash of the full build; the default build would select its own. */
function selectsAll(job: Job): boolean {
  const isFile = job.kind === "file" && !job.digestsOnly;
  if (!isFile && job.kind !== "pixels") {
    return false;
  }
  const names: readonly string[] = [job.options.algorithms ?? []].flat();
  return names.includes("all");
}

function isVideoJob(job: Job): job is AnyVideoJob {
  return ["video", "frames", "secondsPerHash", "compareVideos"].includes(job.kind);
}

/** Runs a job that needs only the modules for videos. */
async function runVideoJob(
  modules: Modules,
  job: AnyVideoJob,
  connection: Connection,
): Promise<unknown> {
  const videos = await modules.videos();
  switch (job.kind) {
    case "video":
      return fingerprintVideo(modules, job, connection);
    case "frames":
      return hashFrames(videos, job.options, connection);
    case "secondsPerHash":
      return videos.defaultSecondsPerHash;
    case "compareVideos":
      return videos.compare(job.query, job.compared, job.thresholds);
  }
}

async function runJob(
  state: State,
  job: Exclude<Job, AnyVideoJob>,
  connection: Connection,
): Promise<unknown> {
  const { modules } = state;
  const core = await modules.core();
  switch (job.kind) {
    case "file":
      return fingerprintFile(modules, job, connection);
    case "pixels":
      return core.fingerprintPixels(job.pixels, job.options);
    case "compare":
      return core.compare(job.a, job.b, job.algorithm);
    case "capabilities":
      return core.capabilities();
    case "loadFull":
      return modules.takeFull();
    case "openIndex":
      state.index = core.index(job.algorithm);
      return state.index.algorithm;
    case "loadIndex":
      state.index = core.loadIndex(await wholeOf(job.input, connection));
      return state.index.algorithm;
    case "insertList":
      return insertList(indexOf(state), job.input, connection);
    case "index": {
      const index = indexOf(state);
      const member: unknown = index[job.member];
      return typeof member === "function" ? member.apply(index, job.arguments) : member;
    }
  }
}

function indexOf({ index }: State): HashIndex {
  if (index === undefined) {
    throw new OwnprintError("cancelled", "cancelled: this worker has no index");
  }
  return index;
}

async function insertList(
  index: HashIndex,
  input: JobInput,
  connection: Connection,
): Promise<number> {
  const reader = index.listReader();
  try {
    await eachChunk(input, connection, (chunk) => {
      reader.update(chunk);
      return true;
    });
    connection.throwIfCancelled();
    return reader.finalize();
  } finally {
    reader.dispose();
  }
}

async function fingerprintVideo(
  modules: Modules,
  { input, options }: VideoJob,
  connection: Connection,
): Promise<Fingerprint> {
  const videos = await modules.videos();
  const file = readerOf(input, connection);
  if (file !== undefined) {
    return readVideo(modules, videos, file, options, connection);
  }
  const stream = videos.stream(options);
  try {
    await eachChunk(input, connection, (chunk) => {
      stream.update(chunk);
      return stream.wantsMore;
    });
    await modules.takeVideoCodec(videos, stream.missingCodec);
    return stream.finalize();
  } finally {
    stream.dispose();
  }
}

/** Fingerprints a video that is read in pieces. */
async function readVideo(
  modules: Modules,
  videos: VideoCore,
  file: ReadableFile,
  options: VideoComputeOptions,
  connection: Connection,
): Promise<Fingerprint> {
  const codec = await videos.missingCodec(file);
  await modules.takeVideoCodec(videos, codec);
  return videos.fingerprintWith(codec, file, options, (progress) => {
    connection.throwIfCancelled();
    connection.send({ type: "progress", ...progress });
  });
}

async function hashFrames(
  videos: VideoCore,
  options: FrameHasherOptions,
  connection: Connection,
): Promise<VpdqFrame[]> {
  const hasher = videos.hasher(options);
  try {
    for (;;) {
      const frame = await connection.nextFrame();
      if (frame === undefined) {
        return hasher.finalize();
      }
      try {
        hasher.update(frame);
      } finally {
        wipeSent(frame);
      }
    }
  } finally {
    hasher.dispose();
  }
}

async function fingerprintFile(
  modules: Modules,
  job: FileJob,
  connection: Connection,
): Promise<Fingerprint> {
  const open = async (): Promise<FingerprintStream> =>
    (await modules.core()).stream({ ...job.options, digestsOnly: job.digestsOnly });
  let stream = await open();
  let video: VideoStream | undefined;
  const file = readerOf(job.input, connection);
  /** The module for a video that is read in pieces, from its beginning. */
  let whole: VideoCore | undefined;
  try {
    await eachChunk(job.input, connection, async (chunk, isFirst) => {
      if (video !== undefined) {
        video.update(chunk);
        return video.wantsMore;
      }
      stream.update(chunk);
      if (isFirst && stream.isUndecodableVideo) {
        const videos = await modules.videosIfAvailable();
        if (videos !== undefined && file !== undefined) {
          whole = videos;
          return false;
        }
        video = videos?.stream(videoOptions(job.options));
        video?.update(chunk);
      } else if (isFirst && (await modules.takeDecoder(stream.undecodable))) {
        stream.dispose();
        stream = await open();
        stream.update(chunk);
      }
      return (video ?? stream).wantsMore;
    });
    if (whole !== undefined && file !== undefined) {
      return await readVideo(modules, whole, file, videoOptions(job.options), connection);
    }
    if (video !== undefined) {
      await modules.takeVideoCodec(await modules.videos(), video.missingCodec);
      return video.finalize();
    }
    return await finalize(await modules.core(), stream, job);
  } finally {
    video?.dispose();
    stream.dispose();
  }
}

/** Returns the options for a video: no module for videos computes the hashes of images. */
function videoOptions({ algorithms, acceptDamaged, limits }: ComputeOptions): VideoComputeOptions {
  const digests: readonly string[] = Object.values(DigestAlgorithm);
  const isForVideos = (name: string): name is DigestAlgorithm | "vpdq" =>
    name === "vpdq" || digests.includes(name);
  return videoOnly({
    ...(Array.isArray(algorithms) && { algorithms: algorithms.filter(isForVideos) }),
    ...(acceptDamaged !== undefined && { acceptDamaged }),
    ...(limits !== undefined && { limits }),
  });
}

async function finalize(
  core: FingerprintCore,
  stream: FingerprintStream,
  job: FileJob,
): Promise<Fingerprint> {
  const { input, options, digestsOnly, platformDecode } = job;
  const { format } = stream;
  const file = stream.finalize();
  const isMissing = platformDecode && !digestsOnly && isUndecoded(file, UNDECODED_IMAGE);
  return isMissing && input.kind === "blob"
    ? platformFingerprint(core, input.blob, options, format, file)
    : file;
}

/** Adds the image that the browser decodes to the file's digests. */
async function platformFingerprint(
  core: FingerprintCore,
  blob: Blob,
  options: ComputeOptions,
  format: string | undefined,
  file: Fingerprint,
): Promise<Fingerprint> {
  try {
    const pixels = await platformPixels(blob, format ?? "these", options, (limits, file) =>
      core.checkLimits(limits, file),
    );
    const description = {
      image: { format: format ?? null, damaged: false },
      warnings: [],
      decoder: { name: "platform" },
      deterministic: false,
    } as const;
    try {
      return mergeImage(file, description, core.fingerprintPixels(pixels, options));
    } finally {
      pixels.data.fill(0);
    }
  } catch (error) {
    return { ...withoutCodes(file, UNDECODED_IMAGE), error: decodeErrorOf(error) };
  }
}

function cancelled(): OwnprintError {
  return new OwnprintError("cancelled", "cancelled");
}

function asOwnprintError(error: unknown): OwnprintError {
  if (error instanceof OwnprintError) {
    return error;
  }
  const message = textOf(error);
  // A DOMException means that the file cannot be read: it was changed, moved or removed.
  const code = error instanceof DOMException ? "io" : "internal";
  return new OwnprintError(code, code === "io" ? `could not be read: ${message}` : message);
}
