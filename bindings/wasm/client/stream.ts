/** Streaming hashers: a file arrives in chunks. */

import { asBytes, updateInChunks } from "./bytes.js";
import type { ComputeOptions, PixelsInput } from "./compute-types.js";
import { decodeErrorOf, type Diagnostic, type ErrorCode } from "./errors.js";
import type { Digests, Fingerprint } from "./fingerprint-types.js";
import type { Glue } from "./generated/glue-full.js";
import { Handle, type GlueObject, type Hold } from "./handle.js";
import type { ImageDecoder } from "./image-decoder.js";
import { mergeImage, UNDECODED_IMAGE, withoutCodes } from "./merge.js";
import { fingerprintFrom } from "./record-json.js";

/** Options of {@link FingerprintCore.stream}. */
export interface StreamOptions extends ComputeOptions {
  /** Computes digests only; memory is then constant for images too. */
  readonly digestsOnly?: boolean | undefined;
}

/** @internal */
export type GlueStream = ReturnType<InstanceType<Glue["Fingerprinter"]>["stream"]> & GlueObject;

/**
 * What a stream needs of the core that it belongs to.
 *
 * @internal
 */
export interface StreamCore {
  /** Modules that decode optional formats, by format. */
  readonly decoders: ReadonlyMap<string, WebAssembly.Module>;
  decoder(format: string | undefined, options: ComputeOptions): ImageDecoder | undefined;
  fingerprintPixels(pixels: PixelsInput, options: ComputeOptions): Fingerprint;
}

/** Bytes that are copied into the module at a time, so that they stay in the processor's cache. */
const CHUNK_BYTES = 64 << 10;

/** Number of bytes that identify a file's format. */
const HEAD_BYTES = 64;

/** Fingerprints one file that arrives in chunks. {@link FingerprintCore.stream} returns one. */
export class FingerprintStream {
  readonly #handle: Handle<GlueStream>;
  readonly #core: StreamCore;
  readonly #options: ComputeOptions;
  #wantsMore = true;
  /** The first bytes, until they show whether another module must decode the file. */
  #head: Uint8Array | undefined;
  #decoder: ImageDecoder | undefined;
  /** Why the other module cannot decode the file. */
  #error: Diagnostic<ErrorCode> | undefined;

  /** @internal */
  constructor(inner: GlueStream, hold: Hold, core: StreamCore, options: ComputeOptions) {
    this.#handle = new Handle(inner, hold, "this stream is finished; start another");
    this.#core = core;
    this.#options = options;
    this.#head = core.decoders.size > 0 ? new Uint8Array() : undefined;
  }

  /** Adds the next bytes of the file. */
  update(bytes: ArrayBuffer | ArrayBufferView): void {
    const all = asBytes(bytes);
    const update = (): boolean =>
      updateInChunks(all, CHUNK_BYTES, (chunk) => this.#handle.inner.update(chunk));
    // The stack is wiped by `finalize`, not after every chunk.
    this.#wantsMore = this.#handle.call(update, false);
    this.#updateDecoder(all);
  }

  /** `false` if further bytes cannot change the result. */
  get wantsMore(): boolean {
    return this.#wantsMore || this.#decoder !== undefined;
  }

  /** The format that the first bytes show, or `undefined`. */
  get format(): string | undefined {
    return this.#handle.call(() => this.#handle.inner.format());
  }

  /** The format, if hashes are requested and no loaded module can decode it. */
  get undecodable(): string | undefined {
    const format = this.#handle.call(() => this.#handle.inner.undecodable());
    return format !== undefined && this.#core.decoders.has(format) ? undefined : format;
  }

  /**
   * `true` for a video whose hashes are requested, which the modules for videos compute.
   *
   * @internal
   */
  get isUndecodableVideo(): boolean {
    return this.#handle.call(() => this.#handle.inner.isUndecodableVideo());
  }

  /** Returns the fingerprint of the file; no call is possible afterwards. */
  finalize(): Fingerprint {
    try {
      if (this.#head !== undefined) {
        this.#wipeAfterChoice(this.#head);
      }
      const file = fingerprintFrom(this.#handle.end((inner) => inner.finalize()));
      return this.#decoder || this.#error ? this.#decoded(file) : file;
    } finally {
      this.dispose();
    }
  }

  /** Cancels, and overwrites everything that was kept. */
  dispose(): void {
    this.#head?.fill(0);
    this.#head = undefined;
    this.#decoder?.dispose();
    this.#decoder = undefined;
    this.#handle.dispose();
  }

  /** Adds the image that the other module decodes to the file's digests. */
  #decoded(file: Fingerprint): Fingerprint {
    const decoded = this.#attempt(() => this.#decoder?.decode());
    if (decoded === undefined) {
      return {
        ...withoutCodes(file, UNDECODED_IMAGE),
        ...(this.#error && { error: this.#error }),
      };
    }
    const { description, pixels } = decoded;
    try {
      return mergeImage(file, description, this.#core.fingerprintPixels(pixels, this.#options));
    } finally {
      pixels.data.fill(0);
    }
  }

  #updateDecoder(chunk: Uint8Array): void {
    const before = this.#head;
    if (before === undefined) {
      this.#attempt(() => this.#decoder?.update(chunk));
      return;
    }
    if (before.length === 0 && chunk.length >= HEAD_BYTES) {
      // The chunk belongs to the caller and is not overwritten.
      return this.#chooseDecoder(chunk);
    }
    const head = joined(before, chunk);
    before.fill(0);
    this.#head = head;
    if (head.length >= HEAD_BYTES) {
      this.#wipeAfterChoice(head);
    }
  }

  #wipeAfterChoice(head: Uint8Array): void {
    try {
      this.#chooseDecoder(head);
    } finally {
      head.fill(0);
    }
  }

  #chooseDecoder(head: Uint8Array): void {
    this.#head = undefined;
    const format = this.#handle.call(() => this.#handle.inner.undecodable());
    this.#decoder = this.#core.decoder(format, this.#options);
    this.#attempt(() => this.#decoder?.update(head));
  }

  /** Runs a step of the decoder. If it fails, the error is kept for the result. */
  #attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      this.#error = decodeErrorOf(error);
      this.#decoder?.dispose();
      this.#decoder = undefined;
      return undefined;
    }
  }
}

/** Computes digests in chunks. {@link FingerprintCore.digester} returns one. */
export class Digester {
  readonly #stream: FingerprintStream;

  /** @internal */
  constructor(stream: FingerprintStream) {
    this.#stream = stream;
  }

  /** Adds bytes. */
  update(bytes: ArrayBuffer | ArrayBufferView): void {
    this.#stream.update(bytes);
  }

  /** Returns the digests; no call is possible afterwards. */
  finalize(): Digests {
    return this.#stream.finalize().digests;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
