/** What the package takes and gives. Nothing here computes: every value comes from the Rust core. */

import type { VideoFingerprint } from "./video-types.js";

export type * from "./video-types.js";

/** An image or any other file, encoded as it is stored. */
export type FileInput = Blob | ArrayBuffer | ArrayBufferView | Response | ReadableStream<Uint8Array>;

/** How many bytes of a file were read so far. */
export interface Progress {
  readonly bytes: number;
  /** Known for files and buffers, not for streams. */
  readonly total?: number | undefined;
}

/** What an image may ask for; a field that is skipped keeps the core's default. */
export interface Limits {
  /** Length of the encoded file, in bytes. */
  readonly fileBytes?: number;
  /** Stored width in pixels. */
  readonly width?: number;
  /** Stored height in pixels. */
  readonly height?: number;
  /** Width times height. */
  readonly pixels?: number;
  /** Bytes the decoded image may need. */
  readonly memory?: number;
  /** The same for each byte of the file, beyond the first 64 MiB. */
  readonly expansion?: number;
}

/** What to compute. */
export interface ComputeOptions {
  /**
   * Hashes and digests by their stable names, as {@link Capabilities} lists them, hashes with their parameters (`phash:16`);
   * `"all"` is every one listed. Without it, the core's own choice.
   */
  readonly algorithms?: readonly string[] | "all";
  /**
   * The `pdq` hashes of the image's likely edits too, as {@link Fingerprint.variants}: a set by its name (`compact` has 8
   * hashes, `standard` 16, `wide` 32), or variants by theirs (`["mirror", "crop:4", "border:4:white"]`). `docs/coverage.md` in
   * the repository says what each finds, and `docs/privacy.md` what a set tells more than one hash.
   */
  readonly variants?: VariantSetName | readonly string[];
  /** Which way round an image is hashed: as a person sees it (the default), or as the file stores it. */
  readonly pixels?: "upright" | "stored";
  /** Hash a damaged file as far as it can be decoded, with a warning, instead of refusing it. */
  readonly acceptDamaged?: boolean;
  /** Add the MD5 of the hashed RGB bytes. */
  readonly rgbMd5?: boolean;
  readonly limits?: Limits;
}

/** The sets of variants that are ready, each the beginning of the next. */
export type VariantSetName = "compact" | "standard" | "wide";

/** What to compute over a file, and how to be told about it. */
export interface FingerprintOptions extends ComputeOptions {
  /**
   * Let the browser decode what this package cannot, if its canvas proves honest: HEIC, AVIF and JPEG XL where their modules are
   * not to be had. The result then says `decoder: "platform"` and `exact: false`.
   */
  readonly platformDecode?: boolean;
  /** Ends the work, and the memory it held. The promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Decoded pixels: rows from top to bottom. */
export interface PixelsInput {
  readonly data: ArrayBufferView | ArrayBuffer;
  readonly width: number;
  readonly height: number;
  /** `rgba8`, as in a canvas's `ImageData`, unless told otherwise. */
  readonly format?: "rgb8" | "rgba8" | "bgra8" | "l8";
  /** Bytes from the start of one row to the next; without it, rows follow one another. */
  readonly stride?: number;
  /** EXIF orientation of these pixels, 1 to 8; 1 unless told otherwise. */
  readonly orientation?: number;
}

/** A warning, or an error, for programs (`code`, which never changes) and for people (`message`). */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
}

/** A perceptual hash. */
export interface HashValue {
  /** Lower-case hexadecimal digits; several values for sets such as `pdq-dihedral`. */
  readonly hex: string | readonly string[];
  /** How much the image has to recognise, 0 to 100, where the algorithm says it; exchanges want 50. */
  readonly quality?: number;
}

/** The hash of one variant, to be compared as `pdq` hashes are. */
export interface VariantHash {
  /** Of which edit; `image` for the image itself. */
  readonly variant: string;
  /** Lower-case hexadecimal digits. */
  readonly hex: string;
  /** How much the edited image has to recognise, 0 to 100. */
  readonly quality: number;
}

/** A variant that has no hash here, and why: too little to recognise, or a hash almost that of one before it. */
export type SkippedVariant =
  | { readonly variant: string; readonly reason: "quality"; readonly quality: number }
  | { readonly variant: string; readonly reason: "near"; readonly to: string; readonly distance: number };

/** The hashes of an image's edited forms. */
export interface VariantHashes {
  /** The set's name, where it is one that is ready. */
  readonly set?: VariantSetName;
  /** The most useful first, and the image's own before all. */
  readonly hashes: readonly VariantHash[];
  readonly skipped: readonly SkippedVariant[];
}

/** The same object as a line of the command line's `jsonl`, without the path. */
export interface Fingerprint {
  /** The version of this form; `docs/records.md` in the repository says what the number promises. */
  readonly schema: 1;
  /** Absent, as all that describes an image, for a file that is none; `null` for bare pixels. */
  readonly format?: string | null;
  /** Size as hashed. */
  readonly width?: number;
  readonly height?: number;
  /** As the file states it, 1 to 8. */
  readonly orientation?: number;
  readonly stored_width?: number;
  readonly stored_height?: number;
  readonly pixels?: "upright" | "stored";
  /** Present and true when the file was damaged and hashed on request. */
  readonly damaged?: true;
  readonly rgb_md5?: string;
  /** By algorithm name. */
  readonly hashes: Readonly<Record<string, HashValue>>;
  /** Where they were asked for. */
  readonly variants?: VariantHashes;
  /** The video and the hashes of its frames, where they were asked for. */
  readonly video?: VideoFingerprint;
  /** By algorithm name, in lower-case hexadecimal digits. */
  readonly digests: Readonly<Record<string, string>>;
  readonly warnings: readonly Diagnostic[];
  /** Present when the browser decoded the image or the video. */
  readonly decoder?: "platform";
  /** Present and false when other devices may get other bits of it. */
  readonly exact?: false;
}

/** How far apart two hashes are. */
export interface Comparison {
  readonly algorithm: string;
  /** Bits that differ. */
  readonly distance: number;
  readonly bits: number;
  /** The distance up to which exchanges take two images for the same. */
  readonly threshold: number;
  readonly match: boolean;
  /** The distance in words. */
  readonly verdict: string;
  /** Which variant of the first image is the nearest, where it has a set of them. */
  readonly variant?: string;
}

/** What can be computed and decoded, as the core says itself. */
export interface Capabilities {
  readonly hashes: readonly {
    readonly name: string;
    readonly bits: number;
    readonly hashes: number | null;
    readonly threshold: number;
    readonly reference: string;
  }[];
  readonly digests: readonly { readonly name: string; readonly bits: number }[];
  /** What {@link ComputeOptions.algorithms} means when it is skipped. */
  readonly defaults: readonly string[];
  readonly formats: readonly {
    readonly name: string;
    readonly decoded: boolean;
    /** Of which images every machine gets the same pixels. */
    readonly exact: "always" | "lossless";
  }[];
}

/** One file's outcome among many: a fingerprint or an error, never both. */
export type BatchItem =
  | { readonly index: number; readonly fingerprint: Fingerprint; readonly error?: undefined }
  | { readonly index: number; readonly fingerprint?: undefined; readonly error: OwnprintError };

/** Options of many files at once. */
export interface BatchOptions extends Omit<FingerprintOptions, "onProgress"> {
  /** Workers at most; the client's own number unless told otherwise. */
  readonly concurrency?: number;
  readonly onProgress?: (progress: Progress & { readonly index: number }) => void;
}

/** A WebAssembly module, or where it is. */
export type WasmSource = string | URL | BufferSource | WebAssembly.Module;

/** An image format with a module of its own, which is loaded when there is such an image. */
export type OptionalCodec = "heic" | "avif" | "jxl";

/** What has a module of its own: such a format, or videos. */
export type CodecModule = OptionalCodec | "video";

/** Where the WebAssembly module comes from, and what it must be. */
export interface LoadOptions {
  /** A module of your own keeping, instead of the package's file that suits the browser. */
  readonly wasm?: WasmSource | undefined;
  /** What the module's bytes must hash to, as in a script's `integrity`: one or more `sha384-…`, any may match. */
  readonly integrity?: string | undefined;
}

/** How a client starts. */
export interface ClientOptions extends LoadOptions {
  /** Workers at most, each with its own memory; 1 unless told otherwise. */
  readonly concurrency?: number;
  /**
   * A full build of your own keeping, loaded when the first one lacks a hash or an image format. Without it the package's
   * file is taken; with {@link LoadOptions.wasm} alone, none is.
   */
  readonly wasmFull?: WasmSource | undefined;
  /**
   * The formats whose modules may be loaded, videos' (`video`) among them: all unless told otherwise. HEVC, which is what HEIC files hold,
   * and H.264 are patented in many countries; `["avif", "jxl"]` leaves both out.
   */
  readonly optionalCodecs?: readonly CodecModule[];
  /** Modules for such formats and videos of your own keeping. Without them the package's files are taken; with {@link LoadOptions.wasm}, none are. */
  readonly wasmFormats?: Readonly<Partial<Record<CodecModule, WasmSource>>>;
  /** The worker's script, where a bundler or a policy wants it elsewhere. */
  readonly worker?: string | URL;
}

/**
 * Why no result came. `code` is the core's own (`damaged`, `truncated`, `unsupported-format`, `limit-exceeded`, …), or one of
 * the package's: `load-failed`, `integrity-mismatch`, `canvas-tampered`, `needs-full`.
 */
export class OwnprintError extends Error {
  override readonly name = "OwnprintError";

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
