/** The worker's side: one job after another, over the synchronous core. */

import { asBytes } from "./bytes.js";
import type { FingerprintCore, Intake } from "./fingerprint-core.js";
import { decodedByFuller } from "./generated/decoded.js";
import type { ModuleSource } from "./load.js";
import { Modules } from "./modules.js";
import { platformPixels } from "./platform-decode.js";
import type { FromWorker, Job, JobInput, ToWorker } from "./protocol.js";
import { OwnprintError } from "./types.js";
import type { ComputeOptions, Fingerprint, Notice } from "./types.js";

/** The worker's end of the line. */
export interface Line {
  send(message: FromWorker): void;
  listen(take: (message: ToWorker) => void): void;
}

type FileJob = Extract<Job, { kind: "file" }>;

/** Bytes of a file that are in JavaScript's hands at a time. */
const PIECE_BYTES = 4 << 20;

/** As many bytes as show what a file is, and then some. */
const HEAD_BYTES = 4 << 10;

/** Answers what comes down the line, until the worker is ended. */
export function serve(line: Line, readFile?: ModuleSource["readFile"]): void {
  let modules: Modules | undefined;
  let takePiece: ((piece: Uint8Array | undefined) => void) | undefined;

  const nextPiece = (): Promise<Uint8Array | undefined> =>
    new Promise((resolve) => {
      takePiece = resolve;
      line.send({ type: "more" });
    });

  const answer = async (work: () => Promise<FromWorker>): Promise<void> => {
    try {
      line.send(await work());
    } catch (error) {
      const { code, message } = asOwnprintError(error);
      line.send({ type: "failed", code, message, memoryBytes: modules?.core.memoryBytes ?? 0 });
    }
  };

  line.listen((message) => {
    switch (message.type) {
      case "start":
        return void answer(async () => {
          const { wasm, wasmFull, integrity } = message;
          modules = await Modules.load({ wasm, wasmFull, integrity, readFile });
          return { type: "started" };
        });
      case "job":
        return void answer(async () => {
          if (modules === undefined) {
            throw new OwnprintError("load-failed", "the worker was given work before it was started");
          }
          const value = await run(modules, message.job, line, nextPiece);
          return { type: "done", value, memoryBytes: modules.core.memoryBytes };
        });
      case "piece":
        return takePiece?.(message.bytes);
      case "end":
        return takePiece?.(undefined);
    }
  });
}

async function run(
  modules: Modules,
  job: Job,
  line: Line,
  nextPiece: () => Promise<Uint8Array | undefined>,
): Promise<unknown> {
  try {
    if (asksForEveryHash(job)) {
      await modules.takeFuller();
    }
    try {
      return await attempt(modules, job, line, nextPiece);
    } catch (error) {
      // Names are the first thing that is looked at: of the file nothing was read.
      if (!modules.hasFuller || !isNotice(error, "unknown-algorithm")) {
        throw error;
      }
      await modules.takeFuller();
      return await attempt(modules, job, line, nextPiece);
    }
  } finally {
    if (job.kind === "pixels") {
      asBytes(job.pixels.data).fill(0);
    }
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

async function attempt(
  modules: Modules,
  job: Job,
  line: Line,
  nextPiece: () => Promise<Uint8Array | undefined>,
): Promise<unknown> {
  const { core } = modules;
  switch (job.kind) {
    case "file":
      return fingerprintFile(modules, job, line, nextPiece);
    case "pixels":
      return core.fingerprintPixels(job.pixels, job.options);
    case "compare":
      return core.compare(job.a, job.b, job.algorithm);
    case "distance":
      return core.distance(job.a, job.b);
    case "catalogue":
      return core.catalogue();
  }
}

async function fingerprintFile(
  modules: Modules,
  job: FileJob,
  line: Line,
  nextPiece: () => Promise<Uint8Array | undefined>,
): Promise<Fingerprint> {
  const { input, options } = job;
  if (input.kind === "blob" && input.blob.size === 0) {
    // A file that is gone says it is empty; reading it whole says that it is gone.
    await input.blob.arrayBuffer();
  }
  const total = lengthOf(input);
  const open = (): Intake => modules.core.intake({ ...options, digestsOnly: job.digestsOnly });
  let intake = open();
  try {
    let bytes = 0;
    for await (const piece of pieces(input, nextPiece)) {
      let wantsMore: boolean;
      try {
        wantsMore = intake.push(piece);
        if (bytes === 0 && modules.hasFuller && decodedByFuller.includes(intake.undecodable ?? "")) {
          intake.dispose();
          await modules.takeFuller();
          intake = open();
          wantsMore = intake.push(piece);
        }
      } finally {
        bytes += piece.length;
        // The copy is ours, and nobody needs it any more.
        piece.fill(0);
      }
      line.send({ type: "progress", bytes, total });
      if (!wantsMore) {
        break;
      }
    }
    return await finish(modules.core, intake, job);
  } finally {
    intake.dispose();
  }
}

function lengthOf(input: JobInput): number | undefined {
  switch (input.kind) {
    case "blob":
      return input.blob.size;
    case "bytes":
      return input.bytes.length;
    case "pieces":
      return input.total;
  }
}

async function finish(core: FingerprintCore, intake: Intake, job: FileJob): Promise<Fingerprint> {
  const { input, options, digestsOnly, platformDecode } = job;
  if (!platformDecode || digestsOnly || input.kind !== "blob") {
    return intake.finish();
  }
  const format = intake.format;
  const file = finishUnsupported(intake);
  return file.warnings.some((warning) => isNotice(warning, "unsupported-format")) ? platformFingerprint(core, input.blob, options, format, file) : file;
}

/** The core refuses an unsupported format when no digest was asked for; the browser may still know it. */
function finishUnsupported(intake: Intake): Fingerprint {
  try {
    return intake.finish();
  } catch (error) {
    if (isNotice(error, "unsupported-format")) {
      return { schema: 1, hashes: {}, digests: {}, warnings: [error] };
    }
    throw error;
  }
}

function isNotice(told: unknown, code: string): told is Notice {
  return typeof told === "object" && told !== null && "code" in told && told.code === code;
}

/** The picture as the browser decodes it, with the digests that the core made of the file. */
async function platformFingerprint(
  core: FingerprintCore,
  blob: Blob,
  options: ComputeOptions,
  format: string | undefined,
  file: Fingerprint,
): Promise<Fingerprint> {
  const pixels = await platformPixels(blob, format ?? "such", options);
  const picture = core.fingerprintPixels(pixels, options);
  const warnings = [...file.warnings.filter((warning) => !isNotice(warning, "unsupported-format")), ...picture.warnings];
  return { ...picture, format: format ?? null, digests: file.digests, warnings, decoder: "platform", exact: false };
}

async function* pieces(
  input: JobInput,
  nextPiece: () => Promise<Uint8Array | undefined>,
): AsyncGenerator<Uint8Array> {
  switch (input.kind) {
    case "bytes":
      return yield input.bytes;
    case "blob":
      return yield* blobPieces(input.blob);
    case "pieces":
      return yield* headFirst(nextPiece);
  }
}

/** Pieces of any length, the first ones joined until they show what the file is. */
async function* headFirst(nextPiece: () => Promise<Uint8Array | undefined>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array();
  for (let piece = await nextPiece(); piece !== undefined; piece = await nextPiece()) {
    if (head !== undefined) {
      piece = joined(head, piece);
      head = piece.length < HEAD_BYTES ? piece : undefined;
    }
    if (head === undefined) {
      yield piece;
    }
  }
  if (head !== undefined) {
    yield head;
  }
}

/** Both parts in one, and nothing in the parts. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) {
    return second;
  }
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  first.fill(0);
  second.fill(0);
  return whole;
}

async function* blobPieces(blob: Blob): AsyncGenerator<Uint8Array> {
  let start = 0;
  do {
    const piece = new Uint8Array(await blob.slice(start, start + PIECE_BYTES).arrayBuffer());
    // A file that was cut or removed since it was chosen may read as if it ended early, with no complaint.
    if (piece.length !== Math.min(PIECE_BYTES, blob.size - start)) {
      throw new OwnprintError("io", "could not be read: the file changed while it was read; choose it again");
    }
    yield piece;
    start += PIECE_BYTES;
  } while (start < blob.size);
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
