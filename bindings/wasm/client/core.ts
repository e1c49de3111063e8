/** The module itself, synchronously: for callers with a worker of their own, for Node, Deno and edge runtimes. */

import { textOrBytes } from "./bytes.js";
import { VideoCore } from "./video-core.js";
import { codecModules as checked } from "./optional-codecs.js";
import { ListReader, type GlueListReader, type ListedHash } from "./lists.js";
import { compile, compileModule, DECODERS, FULL, PIXELS, USUAL, type ModuleFiles, type ModuleSource } from "./load.js";
import { asQuality, asText, variantNames } from "./options.js";
import { CsvTable, type FingerprintRecord, type StopNciiPage } from "./records.js";
import { SearchingCore } from "./searching-core.js";
import { OwnprintError } from "./types.js";
import type { ClientOptions, ComputeOptions, CodecModule } from "./types.js";

export * from "./types.js";
export { hasSimd } from "./simd.js";
export * from "./records.js";
export { HashIndex, type Hit } from "./hash-index.js";
export { IndexReader, ListReader, type ListedHash } from "./lists.js";
export type { FingerprintCore } from "./fingerprint-core.js";
export { VideoCore, VideoStream, FrameHasher } from "./video-core.js";
export { Digester, FingerprintStream, type StreamOptions } from "./stream.js";
export type { SearchingCore } from "./searching-core.js";

/** Options of {@link loadCore}. */
export interface CoreOptions extends ModuleSource {
  /** `false` for the small module that has no image decoders: pixels and digests only. */
  readonly decoders?: boolean;
  /** `true` for the full build: every family of hashes, every image format, searching, records. */
  readonly full?: boolean;
  /** Further image formats, and videos (`video`), each by a module of its own that is loaded now. */
  readonly optionalCodecs?: readonly CodecModule[];
  /** Modules for them of your own keeping. */
  readonly wasmFormats?: ClientOptions["wasmFormats"];
}

/** Loads the package's own module, the one that suits this engine, or the one named. */
export async function loadCore(options: CoreOptions = {}): Promise<Core> {
  const { optionalCodecs = [], wasmFormats = {} } = options;
  const decoders = checked(optionalCodecs).map(
    async (format) => [format, await compile(wasmFormats[format] ?? DECODERS[format](), options)] as const,
  );
  const [module, ...loaded] = await Promise.all([compileModule(options, filesFor(options)), ...decoders]);
  return new Core(module, new Map(loaded));
}

function filesFor({ decoders = true, full = false }: CoreOptions): ModuleFiles {
  if (full && !decoders) {
    throw new TypeError("decoders: false and full: true name two modules; give one of them");
  }
  return full ? FULL : decoders ? USUAL : PIXELS;
}

/** An instance of a module, with what the full one alone can do: searching hashes, and reading lists and records. */
export class Core extends SearchingCore {
  constructor(module: WebAssembly.Module, decoders?: ReadonlyMap<string, WebAssembly.Module>) {
    super(module, decoders);
  }

  /**
   * Videos: vPDQ of their files and of frames, and comparing. Each video has a memory of its own, which goes with it.
   *
   * @throws {@link OwnprintError} `load-failed` without their module
   */
  get videos(): VideoCore {
    const module = this.decoders.get("video");
    if (module === undefined) {
      throw new OwnprintError("load-failed", 'the module for videos is not loaded: loadCore({ optionalCodecs: ["video"] })');
    }
    return new VideoCore(module);
  }

  /**
   * The hashes of a list, in its order: JSON lines or a table as the command line writes them, or lines `pdq HASH` of an exchange.
   * Strict: upper case, a hash of another length, a byte order mark are errors.
   *
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column, `needs-full`
   */
  readList(list: string | ArrayBuffer | ArrayBufferView): ListedHash[] {
    const bytes = textOrBytes(list);
    const reader = this.listReader();
    try {
      const hashes = reader.push(bytes);
      for (const hash of reader.finish()) {
        hashes.push(hash);
      }
      return hashes;
    } finally {
      reader.dispose();
    }
  }

  /**
   * Starts a list that comes in pieces.
   *
   * @throws {@link OwnprintError} `needs-full`
   */
  listReader(): ListReader {
    const inner = this.full((glue) => new glue.ListReader()) as GlueListReader;
    return new ListReader(inner, this.hold(inner, "list"));
  }

  /**
   * The line by which a hash exchange takes a hash, without its end; nothing for an algorithm that exchanges do not take, and for
   * a quality that they discard.
   *
   * @param hex the hash in hexadecimal digits
   * @param quality 0 to 100, as the fingerprint has it
   * @throws {@link OwnprintError} `unknown-algorithm`, `invalid-hash`, `not-comparable`, `needs-full`
   */
  exchangeLine(algorithm: string, hex: string, quality?: number): string | undefined {
    const [name, digits, score] = [asText("algorithm", algorithm), asText("hex", hex), asQuality(quality)];
    return this.full((glue) => glue.exchangeLine(name, digits, score));
  }

  /**
   * One record as the command line's `jsonl` has it in a line, read strictly: a member that is missing, unknown or there twice is
   * an error.
   *
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column, `needs-full`
   */
  readRecord(text: string): FingerprintRecord {
    return JSON.parse(this.#canonicalRecord(asText("text", text))) as FingerprintRecord;
  }

  /**
   * The record's text, on one line, without its end: what {@link readRecord} and every other reader of records take.
   *
   * @throws {@link OwnprintError} `invalid-record` for what is no record; line and column are those of its JSON
   */
  writeRecord(record: FingerprintRecord): string {
    return this.#canonicalRecord(JSON.stringify(record));
  }

  /**
   * The records of a table in CSV, in its order. The sentences of warnings, which it does not have, are empty.
   *
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column, `needs-full`
   */
  readCsv(table: string | ArrayBuffer | ArrayBufferView): FingerprintRecord[] {
    const bytes = textOrBytes(table);
    return JSON.parse(this.full((glue) => glue.readCsv(bytes))) as FingerprintRecord[];
  }

  /**
   * A table in CSV with a column for each of these hashes and digests, named as {@link ComputeOptions.algorithms} are, and with
   * those of a set of variants where {@link ComputeOptions.variants} names one.
   *
   * @throws {@link OwnprintError} `unknown-algorithm`, `unknown-variant`, `invalid-variants`, `needs-full`
   */
  csvTable(algorithms: readonly string[], { variants }: Pick<ComputeOptions, "variants"> = {}): CsvTable {
    const [names, set] = [algorithms.join(","), variantNames(variants)];
    const header = this.full((glue) => glue.csvHeader(names, set));
    return new CsvTable(header, (record) => {
      const text = JSON.stringify(record);
      return this.full((glue) => glue.csvRow(names, set, text));
    });
  }

  /**
   * A page of StopNCII.org's records, as its `FetchHashes` answers. Members that are not known are skipped.
   *
   * @throws {@link OwnprintError} `invalid-record`, its message beginning with line and column, `needs-full`
   */
  readStopNciiPage(text: string): StopNciiPage {
    const page = asText("text", text);
    return JSON.parse(this.full((glue) => glue.stopNciiPage(page))) as StopNciiPage;
  }

  /**
   * The page's text, on one line.
   *
   * @throws {@link OwnprintError} `invalid-record` for what is no page; line and column are those of its JSON
   */
  writeStopNciiPage(page: StopNciiPage): string {
    const text = JSON.stringify(page);
    return this.full((glue) => glue.stopNciiPage(text));
  }

  #canonicalRecord(text: string): string {
    return this.full((glue) => glue.record(text));
  }
}
