/** Files on their way in. */

import { asBytes, pushInPieces } from "./bytes.js";
import type { FingerprintCore } from "./fingerprint-core.js";
import type { Glue } from "./generated/glue-full.js";
import { Handle, type GlueObject, type Hold } from "./handle.js";
import type { ImageDecoder } from "./image-decoder.js";
import type { ComputeOptions, Fingerprint } from "./types.js";
import { fileAlone, withImage } from "./with-image.js";

/** Options of {@link FingerprintCore.stream}. */
export interface StreamOptions extends ComputeOptions {
  /** Compute no hash, whatever is selected: memory then stays constant for images too. */
  readonly digestsOnly?: boolean;
}

/** @internal */
export type GlueStream = ReturnType<InstanceType<Glue["Fingerprinter"]>["stream"]> & GlueObject;

/** Bytes that enter the module at a time: copied, digested and wiped while they are in the processor's cache. */
const PUSHED_BYTES = 64 << 10;

/** As many bytes as show which format a file has. */
const HEAD_BYTES = 64;

/** One file on its way in. */
export class FingerprintStream {
  readonly #handle: Handle<GlueStream>;
  readonly #core: FingerprintCore;
  readonly #options: ComputeOptions;
  /** What came so far, until that shows whether another module must decode the file. */
  #head: Uint8Array | undefined;
  #decoder: ImageDecoder | undefined;

  /** @internal */
  constructor(inner: GlueStream, hold: Hold, core: FingerprintCore, options: ComputeOptions) {
    this.#handle = new Handle(inner, hold, "this stream is finished; start another");
    this.#core = core;
    this.#options = options;
    this.#head = core.decoders.size > 0 ? new Uint8Array() : undefined;
  }

  /** Takes the next bytes, and says whether more can change the result. */
  push(bytes: ArrayBuffer | ArrayBufferView): boolean {
    const whole = asBytes(bytes);
    // The stack is wiped when the file ends: many small pieces need not wait for it each.
    const push = (): boolean => pushInPieces(whole, PUSHED_BYTES, (piece) => this.#handle.inner.push(piece));
    const wantsMore = this.#handle.call(push, false);
    this.#pushToDecoder(whole);
    return wantsMore || this.#decoder !== undefined;
  }

  /** The format that the head shows, decodable or not. */
  get format(): string | undefined {
    return this.#handle.call(() => this.#handle.inner.format());
  }

  /** The same, where pixels are wanted and nothing here can decode it: there will be no hash, whatever follows. */
  get undecodable(): string | undefined {
    const format = this.#handle.call(() => this.#handle.inner.undecodable());
    return format !== undefined && this.#core.decoders.has(format) ? undefined : format;
  }

  /** The fingerprint of what was pushed. */
  finish(): Fingerprint {
    const file = (): Fingerprint => JSON.parse(this.#handle.end((inner) => inner.finish())) as Fingerprint;
    try {
      if (this.#head !== undefined) {
        this.#chooseByHead(this.#head);
      }
      const decoder = this.#decoder;
      if (decoder === undefined) {
        return file();
      }
      const known = fileAlone(file);
      const { description, pixels } = decoder.decode();
      try {
        return withImage(known, description, this.#core.fingerprintPixels(pixels, this.#options));
      } finally {
        pixels.data.fill(0);
      }
    } finally {
      this.dispose();
    }
  }

  /** Gives up, and wipes what was kept. */
  dispose(): void {
    this.#head?.fill(0);
    this.#head = undefined;
    this.#decoder?.dispose();
    this.#decoder = undefined;
    this.#handle.dispose();
  }

  #pushToDecoder(piece: Uint8Array): void {
    const before = this.#head;
    if (before === undefined) {
      this.#decoder?.push(piece);
      return;
    }
    if (before.length === 0 && piece.length >= HEAD_BYTES) {
      // The piece is the caller's.
      return this.#chooseDecoder(piece);
    }
    const head = joined(before, piece);
    before.fill(0);
    this.#head = head;
    if (head.length >= HEAD_BYTES) {
      this.#chooseByHead(head);
    }
  }

  /** By what was kept, which nobody needs afterwards. */
  #chooseByHead(head: Uint8Array): void {
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
    this.#decoder?.push(head);
  }
}

/** Digests on their way. */
export class Digester {
  readonly #stream: FingerprintStream;

  /** @internal */
  constructor(stream: FingerprintStream) {
    this.#stream = stream;
  }

  update(bytes: ArrayBuffer | ArrayBufferView): void {
    this.#stream.push(bytes);
  }

  /** By algorithm name, in lower-case hexadecimal digits. */
  finish(): Readonly<Record<string, string>> {
    return this.#stream.finish().digests;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
