/** Types that every entry point of the package exports. */

import type { DigestAlgorithm, HashAlgorithm } from "./algorithms.js";
import type { FingerprintOptions, Progress } from "./compute-types.js";
import type { OwnprintError } from "./errors.js";
import type { Fingerprint } from "./fingerprint-types.js";

export { DigestAlgorithm, HashAlgorithm, type ByHashAlgorithm } from "./algorithms.js";
export { OwnprintError, type Diagnostic, type ErrorCode, type WarningCode } from "./errors.js";
export type * from "./compute-types.js";
export type * from "./fingerprint-types.js";
export type * from "./video-types.js";

/** What can be computed and decoded, as the core reports it. */
export interface Capabilities {
  readonly hashes: readonly {
    readonly name: HashAlgorithm;
    /** Length of one value in bits. */
    readonly bits: number;
    /** Number of values per image; `null` if it depends on the image. */
    readonly hashes: number | null;
    /** The largest distance at which two hashes match, in bits. */
    readonly threshold: number;
    /** The implementation whose hashes are equal bit for bit. */
    readonly reference: string;
  }[];
  readonly digests: readonly { readonly name: DigestAlgorithm; readonly bits: number }[];
  /** What {@link ComputeOptions.algorithms} selects by default. */
  readonly defaults: readonly (HashAlgorithm | DigestAlgorithm | "vpdq")[];
  readonly formats: readonly {
    readonly name: string;
    /** `false` for a format that is recognized but not decoded. */
    readonly decoded: boolean;
    /** Which images of the format have the same pixels on every device. */
    readonly deterministic: "always" | "lossless";
  }[];
}

/** The result for one file of many: a fingerprint, or the error of a call that failed. */
export type BatchItem =
  | { readonly index: number; readonly fingerprint: Fingerprint; readonly error?: undefined }
  | { readonly index: number; readonly fingerprint?: undefined; readonly error: OwnprintError };

/** Options for many files. */
export interface BatchOptions extends Omit<FingerprintOptions, "onProgress"> {
  /** Maximum number of workers. Default: {@link ClientOptions.concurrency}. */
  readonly concurrency?: number | undefined;
  readonly onProgress?: ((progress: Progress & { readonly index: number }) => void) | undefined;
}

declare global {
  // Programs without the types of the DOM lack this namespace; with them, the interfaces merge.
  namespace WebAssembly {
    interface Module {}
    interface Memory {}
  }
}

/** The bytes of a WebAssembly module: `BufferSource`, which is a type of the DOM. */
export type WasmBytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** A WebAssembly module, its bytes, or its address. */
export type WasmSource = string | URL | WasmBytes | WebAssembly.Module;

/** An image format that is decoded by a module of its own. */
export type OptionalCodec = "heic" | "avif" | "jxl";

/** A module that decodes the videos of a codec; `video` alone is H.264. */
export type VideoCodecModule =
  "video" | "video-hevc" | "video-vp9" | "video-vp8" | "video-av1";

/** A module that is loaded on demand: that of an image format, or that of a video codec. */
export type CodecModule = OptionalCodec | VideoCodecModule;

/** An optional codec. The package `ownprint-codecs` has one for each {@link CodecModule}. */
export interface Codec {
  readonly name: CodecModule;
  /** The module, or a function that returns it when it is first needed. */
  readonly wasm: WasmSource | (() => WasmSource | Promise<WasmSource>);
}

/** A `TrustedScriptURL`, which TypeScript's library does not declare yet. */
export interface TrustedAddress {
  toJSON(): string;
}

/** Where the WebAssembly module comes from. */
export interface LoadOptions {
  /** A module of your own instead of the package's file. */
  readonly wasm?: WasmSource | undefined;
  /**
   * The expected hash of the module's bytes: one or more `sha384-...`, of which one must match; or
   * the hash of each module by the name of its file, as `integrity.json` of the package has them.
   */
  readonly integrity?: string | Readonly<Record<string, string>> | undefined;
}

/** Options of a client. */
export interface ClientOptions extends LoadOptions {
  /**
   * Maximum number of workers; each has its own memory. Default: the number of processors, but not
   * more than 8, nor than gigabytes of memory where the browser reports them.
   */
  readonly concurrency?: number | undefined;
  /**
   * A full build of your own. It is loaded when the default build lacks a hash or an image format.
   * Default: the package's file, or none if {@link LoadOptions.wasm} is given.
   */
  readonly wasmFull?: WasmSource | undefined;
  /**
   * Optional codecs, such as those of the package `ownprint-codecs`. Each is loaded when a file
   * needs it. Default: none.
   */
  readonly codecs?: readonly Codec[] | undefined;
  /**
   * Address of the worker's script, if a bundler or a policy requires another one. Where a policy
   * requires Trusted Types, a `TrustedScriptURL`.
   */
  readonly worker?: string | URL | TrustedAddress | undefined;
  /** Ends a worker that has been idle for so long. Default: 30; `Infinity` keeps it. */
  readonly idleSeconds?: number | undefined;
}
