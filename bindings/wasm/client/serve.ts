/** The worker's side: one job after another, over the synchronous core. */

import { asBytes } from "./bytes.js";
import type { FingerprintCore } from "./fingerprint-core.js";
import type { VideoCore } from "./video-core.js";
import { isDiagnostic } from "./errors.js";
import type { HashIndex } from "./hash-index.js";
import type { FingerprintStream } from "./stream.js";
import type { ModuleSource } from "./load.js";
import { Modules, type ModuleSources } from "./modules.js";
import { eachPiece, wholeOf, type Work } from "./pieces.js";
import { platformPixels } from "./platform-decode.js";
import { wipeSent, type FromWorker, type Job, type JobInput, type Sent, type ToWorker } from "./protocol.js";
import { OwnprintError } from "./types.js";
import type { ComputeOptions, Fingerprint, FrameHasherOptions, VpdqFrame } from "./types.js";
import { fileAlone, UNDECODED_VIDEO, withImage } from "./with-image.js";

/** The worker's end of the line. */
export interface Line {
  send(message: FromWorker): void;
  listen(take: (message: ToWorker) => void): void;
}

type FileJob = Extract<Job, { kind: "file" }>;
type VideoJob = Extract<Job, { kind: "video" }>;
type JobOfVideos = Extract<Job, { kind: "video" | "frames" | "compareVideos" }>;

/** What a worker has from one job to the next. */
interface Held {
  readonly modules: Modules;
  /** The index that the worker was started for. */
  index?: HashIndex;
}

/** Answers what comes down the line, until the worker is ended. */
export function serve(line: Line, readFile?: ModuleSource["readFile"]): void {
  let held: Held | undefined;
  let asked: { readonly take: (piece: Sent | undefined) => void; readonly fail: (error: unknown) => void } | undefined;
  let answerDecoder: ((answer: Extract<ToWorker, { type: "decoder" }>) => void) | undefined;
  let isCancelled = false;

  const askForDecoder: ModuleSources["askForDecoder"] = (format) =>
    new Promise((take, fail) => {
      answerDecoder = ({ wasm, failure }) => (failure ? fail(new OwnprintError(failure.code, failure.message)) : take(wasm));
      line.send({ type: "decoder", format });
    });

  const next = (): Promise<Sent | undefined> =>
    new Promise((take, fail) => {
      asked = { take, fail };
      line.send({ type: "more" });
    });

  /** Answers what was asked for, once. */
  const tell = (step: (it: NonNullable<typeof asked>) => void): void => {
    const it = asked;
    asked = undefined;
    if (it !== undefined) {
      step(it);
    }
  };

  const work: Work = {
    send: (message) => line.send(message),
    // The client sends what its job is made of: pieces, or frames.
    nextPiece: next as Work["nextPiece"],
    nextFrame: next as Work["nextFrame"],
    throwIfCancelled: () => {
      if (isCancelled) {
        throw cancelled();
      }
    },
  };

  const answer = async (step: () => Promise<FromWorker>): Promise<void> => {
    try {
      line.send(await step());
    } catch (error) {
      const { code, message } = asOwnprintError(error);
      line.send({ type: "failed", code, message, memoryBytes: held?.modules.memoryBytes ?? 0 });
    }
  };

  line.listen((message) => {
    switch (message.type) {
      case "start":
        return void answer(async () => {
          const { wasm, wasmFull, integrity, full } = message;
          held = { modules: new Modules({ wasm, wasmFull, integrity, readFile, askForDecoder }, full) };
          return { type: "started" };
        });
      case "job":
        isCancelled = false;
        return void answer(async () => {
          if (held === undefined) {
            throw new OwnprintError("load-failed", "the worker was given work before it was started");
          }
          const value = await run(held, message.job, work);
          return { type: "done", value, memoryBytes: held.modules.memoryBytes };
        });
      case "piece":
        // Nobody waits for it after a cancellation.
        return asked === undefined ? wipeSent(message.piece) : tell(({ take }) => take(message.piece));
      case "end":
        return tell(({ take }) => take(undefined));
      case "decoder":
        return answerDecoder?.(message);
      case "cancel":
        isCancelled = true;
        return tell(({ fail }) => fail(cancelled()));
    }
  });
}

async function run(held: Held, job: Job, work: Work): Promise<unknown> {
  const { modules } = held;
  try {
    if (job.kind === "video" || job.kind === "frames" || job.kind === "compareVideos") {
      return await attemptVideos(await modules.videos(), job, work);
    }
    if (asksForEveryHash(job)) {
      await modules.takeFull();
    }
    try {
      return await attempt(held, job, work);
    } catch (error) {
      // Names are the first thing that is looked at: of the file nothing was read.
      if (!modules.hasFull || !isDiagnostic(error, "unknown-algorithm")) {
        throw error;
      }
      await modules.takeFull();
      return await attempt(held, job, work);
    }
  } finally {
    wipeJob(job);
  }
}

/** Overwrites what came with a job, whether it was looked at or not. */
function wipeJob(job: Job): void {
  if (job.kind === "pixels") {
    asBytes(job.pixels.data).fill(0);
  } else if ("input" in job && job.input.kind === "bytes") {
    job.input.bytes.fill(0);
  }
}

/** The name that stands for all means those of both modules: the usual one would take it for its own. */
function asksForEveryHash(job: Job): boolean {
  switch (job.kind) {
    case "file":
      return !job.digestsOnly && [job.options.algorithms].flat().includes("all");
    case "pixels":
      return [job.options.algorithms].flat().includes("all");
    default:
      return false;
  }
}

/** What the module for videos does alone. */
async function attemptVideos(videos: VideoCore, job: JobOfVideos, work: Work): Promise<unknown> {
  switch (job.kind) {
    case "video":
      return fingerprintVideo(videos, job, work);
    case "frames":
      return hashFrames(videos, job.options, work);
    case "compareVideos":
      return videos.compare(job.query, job.compared, job.thresholds);
  }
}

async function attempt(held: Held, job: Exclude<Job, JobOfVideos>, work: Work): Promise<unknown> {
  const { modules } = held;
  const core = await modules.core();
  switch (job.kind) {
    case "file":
      return fingerprintFile(modules, job, work);
    case "pixels":
      return core.fingerprintPixels(job.pixels, job.options);
    case "compare":
      return core.compare(job.a, job.b, job.algorithm);
    case "distance":
      return core.distance(job.a, job.b);
    case "capabilities":
      return core.capabilities();
    case "openIndex":
      held.index = core.index(job.algorithm);
      return held.index.algorithm;
    case "loadIndex":
      held.index = core.loadIndex(await wholeOf(job.input, work));
      return held.index.algorithm;
    case "insertList":
      return insertList(indexOf(held), job.input, work);
    case "index": {
      const index = indexOf(held);
      const member: unknown = index[job.member];
      return typeof member === "function" ? member.apply(index, job.arguments) : member;
    }
  }
}

function indexOf({ index }: Held): HashIndex {
  if (index === undefined) {
    throw new OwnprintError("cancelled", "cancelled: this worker holds no index");
  }
  return index;
}

async function insertList(index: HashIndex, input: JobInput, work: Work): Promise<number> {
  const stream = index.stream();
  try {
    await eachPiece(input, work, (piece) => {
      stream.push(piece);
      return true;
    });
    work.throwIfCancelled();
    return stream.finish();
  } finally {
    stream.dispose();
  }
}

async function fingerprintVideo(videos: VideoCore, { input, options, platformDecode }: VideoJob, work: Work): Promise<Fingerprint> {
  const stream = videos.stream(options);
  try {
    await eachPiece(input, work, (piece) => stream.push(piece));
    const finish = (): Fingerprint => stream.finish();
    return platformDecode ? fileAlone(finish, UNDECODED_VIDEO) : finish();
  } finally {
    stream.dispose();
  }
}

async function hashFrames(videos: VideoCore, options: FrameHasherOptions, work: Work): Promise<VpdqFrame[]> {
  const hasher = videos.hasher(options);
  try {
    for (let frame = await work.nextFrame(); frame !== undefined; frame = await work.nextFrame()) {
      try {
        hasher.push(frame);
      } finally {
        wipeSent(frame);
      }
    }
    return hasher.finish();
  } finally {
    hasher.dispose();
  }
}

async function fingerprintFile(modules: Modules, job: FileJob, work: Work): Promise<Fingerprint> {
  const open = async (): Promise<FingerprintStream> => (await modules.core()).stream({ ...job.options, digestsOnly: job.digestsOnly });
  let stream = await open();
  try {
    await eachPiece(job.input, work, async (piece, isFirst) => {
      const wantsMore = stream.push(piece);
      if (isFirst && (await modules.takeDecoder(stream.undecodable))) {
        stream.dispose();
        stream = await open();
        return stream.push(piece);
      }
      return wantsMore;
    });
    return await finish(await modules.core(), stream, job);
  } finally {
    stream.dispose();
  }
}

async function finish(core: FingerprintCore, stream: FingerprintStream, job: FileJob): Promise<Fingerprint> {
  const { input, options, digestsOnly, platformDecode } = job;
  if (!platformDecode || digestsOnly || input.kind !== "blob") {
    return stream.finish();
  }
  const format = stream.format;
  const file = fileAlone(() => stream.finish());
  return file.warnings.some((warning) => isDiagnostic(warning, "unsupported-format")) ? platformFingerprint(core, input.blob, options, format, file) : file;
}

/** The image as the browser decodes it, with the digests that the core made of the file. */
async function platformFingerprint(
  core: FingerprintCore,
  blob: Blob,
  options: ComputeOptions,
  format: string | undefined,
  file: Fingerprint,
): Promise<Fingerprint> {
  const pixels = await platformPixels(blob, format ?? "such", options);
  const known = { ...(format !== undefined && { format }), warnings: [], decoder: "platform", exact: false } as const;
  try {
    return withImage(file, known, core.fingerprintPixels(pixels, options));
  } finally {
    pixels.data.fill(0);
  }
}

function cancelled(): OwnprintError {
  return new OwnprintError("cancelled", "cancelled");
}

function asOwnprintError(error: unknown): OwnprintError {
  if (error instanceof OwnprintError) {
    return error;
  }
  const message = error instanceof Error ? error.message : String(error);
  // What else fails here is the reading of the file: it was changed, moved, or its medium was removed.
  const code = error instanceof DOMException ? "io" : "internal";
  return new OwnprintError(code, code === "io" ? `could not be read: ${message}` : message);
}
