/** The synchronous API, for workers of your own, Node, Deno and edge runtimes. */

import type { DigestAlgorithm, HashAlgorithm } from "./algorithms.js";
import { textOrBytes } from "./bytes.js";
import { checkedCodecs, moduleOf, videoCodecOf } from "./codecs.js";
import type { ComputeOptions } from "./compute-types.js";
import { invalidArgument, OwnprintError } from "./errors.js";
import {
  ListReader,
  skippedFrom,
  type GlueListReader,
  type ListedHash,
  type SkippedJson,
  type SkippedRows,
} from "./lists.js";
import {
  compile,
  compileModule,
  DEFAULT_BUILD,
  FULL_BUILD,
  PIXELS_BUILD,
  type ModuleFile,
  type ModuleSource,
} from "./load.js";
import { asQuality, asText, variantNames } from "./options.js";
import {
  recordFromJson,
  recordToJson,
  type FingerprintRecord,
  type RecordJson,
} from "./record-json.js";
import { CsvTable, type StopNciiPage } from "./records.js";
import { SearchingCore } from "./searching-core.js";
import type { Codec } from "./types.js";
import { VideoCore } from "./video-core.js";

export * from "./types.js";
export { distance } from "./distance.js";
export { hasSimd } from "./simd.js";
export * from "./records.js";
export {
  recordFromJson,
  recordToJson,
  type FingerprintRecord,
  type FrameJson,
  type HashJson,
  type RecordJson,
  type VariantJson,
  type VariantsJson,
  type VideoJson,
} from "./record-json.js";
export { HashIndex, type Hit } from "./hash-index.js";
export { VideoIndex, type VideoHit } from "./video-index.js";
export {
  IndexReader,
  ListReader,
  type ListedHash,
  type SkippedRow,
  type SkippedRows,
} from "./lists.js";
export type { FingerprintCore } from "./fingerprint-core.js";
export { VideoCore, VideoStream, FrameHasher } from "./video-core.js";
export type { ReadableFile } from "./blob-reader.js";
export { Digester, FingerprintStream, type StreamOptions } from "./stream.js";
export type { SearchingCore } from "./searching-core.js";

/** Options of {@link loadCore}. */
export interface CoreOptions extends ModuleSource {
  /** `false` loads the small module without image decoders: pixels and digests only. */
  readonly decoders?: boolean | undefined;
  /** `true` loads the full build: every hash and image format, search and records. */
  readonly full?: boolean | undefined;
  /**
   * Optional codecs to load, such as those of the package `ownprint-codecs`: image formats, `video`
   * (H.264, and what all videos need), and further video codecs. Default: none.
   */
  readonly codecs?: readonly Codec[] | undefined;
}

/** Loads the package's module for this engine, or the module in `options.wasm`. */
export async function loadCore(options: CoreOptions = {}): Promise<Core> {
  const decoders = checkedCodecs(options.codecs ?? []).map(
    async (codec) => [codec.name, await compile(await moduleOf(codec), options)] as const,
  );
  const [module, ...loaded] = await Promise.all([
    compileModule(options, filesFor(options)),
    ...decoders,
  ]);
  return new Core(module, new Map(loaded));
}

function filesFor({ decoders = true, full = false }: CoreOptions): ModuleFile {
  if (full && !decoders) {
    throw invalidArgument("decoders: false and full: true name two modules; give one of them");
  }
  return full ? FULL_BUILD : decoders ? DEFAULT_BUILD : PIXELS_BUILD;
}

/** An instance of a module. Search, lists and records need the full build. */
export class Core extends SearchingCore {
  constructor(module: WebAssembly.Module, decoders?: ReadonlyMap<string, WebAssembly.Module>) {
    super(module, decoders);
  }

  /**
   * Videos: vPDQ of files and of frames, and comparisons. Each video has its own memory.
   *
   * @throws {@link OwnprintError} `load-failed` if the module for videos is not loaded
   */
  get videos(): VideoCore {
    const module = this.decoders.get("video");
    if (module === undefined) {
      throw new OwnprintError(
        "load-failed",
        "the module for videos is not loaded; add the codec ownprint-codecs/video to loadCore",
      );
    }
    const codecs = [...this.decoders].flatMap(([name, it]) => {
      const codec = videoCodecOf(name);
      return codec === undefined ? [] : [[codec, it] as const];
    });
    return new VideoCore(module, new Map(codecs));
  }

  /**
   * Returns the hashes of a list, in order: JSON lines or CSV as the command line writes them,
   * lines `pdq HASH` of a hash exchange, lines `HASH,QUALITY,NAME` of pdq-photo-hasher, or a page
   * of StopNCII.org. Hashes of another length and byte order marks are errors.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column, `needs-full`
   */
  readList(list: string | ArrayBuffer | ArrayBufferView): ListedHash[] {
    const bytes = textOrBytes(list);
    const reader = this.listReader();
    try {
      const hashes = reader.update(bytes);
      for (const hash of reader.finalize()) {
        hashes.push(hash);
      }
      return hashes;
    } finally {
      reader.dispose();
    }
  }

  /**
   * Returns the hashes of a list as {@link readList} does, but skips invalid rows, and says what is
   * wrong with them. Errors that concern the whole list remain, such as an unknown format.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column, `needs-full`
   */
  readListTolerant(list: string | ArrayBuffer | ArrayBufferView): {
    hashes: ListedHash[];
    skipped: SkippedRows;
  } {
    const bytes = textOrBytes(list);
    const inner = this.full((glue) => glue.ListReader.skipInvalid()) as GlueListReader;
    const reader = new ListReader(inner, this.hold(inner, "list"));
    try {
      const hashes = reader.update(bytes);
      const last = reader.finalizeWithSkipped();
      for (const hash of last.hashes) {
        hashes.push(hash);
      }
      return { hashes, skipped: last.skipped };
    } finally {
      reader.dispose();
    }
  }

  /**
   * Starts a list that arrives in chunks.
   *
   * @throws {@link OwnprintError} `needs-full`
   */
  listReader(): ListReader {
    const inner = this.full((glue) => new glue.ListReader()) as GlueListReader;
    return new ListReader(inner, this.hold(inner, "list"));
  }

  /**
   * Returns a hash as a line of a hash exchange, without the line break; `undefined` if exchanges
   * do not accept the algorithm or the quality.
   *
   * @param hash the hash in hexadecimal digits
   * @param quality 0 to 100
   * @throws {@link OwnprintError} `unknown-algorithm`, `invalid-hash`, `not-comparable`,
   *   `needs-full`
   */
  exchangeLine(algorithm: HashAlgorithm, hash: string, quality?: number): string | undefined {
    const [name, digits] = [asText("algorithm", algorithm), asText("hash", hash)];
    const score = asQuality(quality);
    return this.full((glue) => glue.exchangeLine(name, digits, score));
  }

  /**
   * Reads a record: a line of the command line's `jsonl`. A missing, unknown or duplicate member is
   * an error.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column, `needs-full`
   */
  readRecord(text: string): FingerprintRecord {
    return recordFromJson(JSON.parse(this.#canonicalRecord(asText("text", text))) as RecordJson);
  }

  /**
   * Returns a record as text on one line, without the line break. {@link readRecord} reads it.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column of the record's JSON
   */
  writeRecord(record: FingerprintRecord): string {
    return this.#canonicalRecord(jsonOf(record));
  }

  /**
   * Returns the records of a CSV table, in order. Messages of warnings are empty: the table has
   * only their codes.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column, `needs-full`
   */
  readCsv(table: string | ArrayBuffer | ArrayBufferView): FingerprintRecord[] {
    const bytes = textOrBytes(table);
    return (JSON.parse(this.full((glue) => glue.readCsv(bytes))) as RecordJson[]).map(
      recordFromJson,
    );
  }

  /**
   * Starts a CSV table with columns for these hashes and digests, for videos if `vpdq` is one of
   * the names, and for a set of variants.
   * `escapeFormulas` puts an apostrophe before fields that a spreadsheet would take for formulas:
   * those that begin with `=`, `+`, `-`, `@`, a tab or a carriage return.
   *
   * @throws {@link OwnprintError} `unknown-algorithm`, `unknown-variant`, `invalid-variants`,
   *   `needs-full`
   */
  csvTable(
    algorithms: readonly (HashAlgorithm | DigestAlgorithm | "vpdq")[],
    {
      variants,
      escapeFormulas = false,
    }: Pick<ComputeOptions, "variants"> & { readonly escapeFormulas?: boolean } = {},
  ): CsvTable {
    const [names, set] = [algorithms.join(","), variantNames(variants)];
    const header = this.full((glue) => glue.csvHeader(names, set));
    return new CsvTable(header, (record) => {
      const text = jsonOf(record);
      return this.full((glue) => glue.csvRow(names, set, escapeFormulas, text));
    });
  }

  /**
   * Reads a page of StopNCII.org records: the response of `FetchHashes`. Unknown members are
   * ignored.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column, `needs-full`
   */
  readStopNciiPage(text: string): StopNciiPage {
    const page = asText("text", text);
    return JSON.parse(this.full((glue) => glue.stopNciiPage(page))) as StopNciiPage;
  }

  /**
   * Reads a page as {@link readStopNciiPage} does, but skips invalid records, and says what is
   * wrong with them.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column, `needs-full`
   */
  readStopNciiPageTolerant(text: string): { page: StopNciiPage; skipped: SkippedRows } {
    const given = asText("text", text);
    const [page, skipped] = JSON.parse(this.full((glue) => glue.stopNciiPageTolerant(given))) as [
      StopNciiPage,
      SkippedJson,
    ];
    return { page, skipped: skippedFrom(skipped) };
  }

  /**
   * Returns a page of StopNCII.org records as text on one line.
   *
   * @throws {@link OwnprintError} `invalid-record` with line and column of the page's JSON
   */
  writeStopNciiPage(page: StopNciiPage): string {
    const text = JSON.stringify(page);
    return this.full((glue) => glue.stopNciiPage(text));
  }

  #canonicalRecord(text: string): string {
    return this.full((glue) => glue.record(text));
  }
}

/** A value that is not a record fails in the core, which says where. */
function jsonOf(record: FingerprintRecord): string {
  return JSON.stringify(recordToJson(record));
}
