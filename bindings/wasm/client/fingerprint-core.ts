/** What every module can do, synchronously. A worker needs no more. */

import type { Glue } from "./generated/glue-full.js";
import { asBytes, wholeThrough } from "./bytes.js";
import { errorOf } from "./errors.js";
import type { GlueObject, Hold } from "./handle.js";
import { limitsIn } from "./instance.js";
import { Digester, FingerprintStream, type GlueStream, type StreamOptions } from "./stream.js";
import { computeOnly, described, variantNames } from "./options.js";
import { ImageDecoder } from "./image-decoder.js";
import { OwnprintError } from "./types.js";
import type { Capabilities, Comparison, ComputeOptions, Fingerprint, PixelsInput, VariantHash, VariantHashes } from "./types.js";

/**
 * One instance of the module. Calls block until they are done.
 *
 * An instance that trapped is replaced: the call that met the defect throws an `internal` error, the next works again.
 */
export class FingerprintCore {
  readonly #module: WebAssembly.Module;
  readonly #makeGlue: () => Glue;
  #instance: Instance | undefined;
  /** What the garbage collector must not give back to an instance that is gone. */
  readonly #open = new Set<GlueObject>();
  readonly #decoders: Map<string, WebAssembly.Module>;

  /** @internal */
  constructor(module: WebAssembly.Module, makeGlue: () => Glue, decoders: ReadonlyMap<string, WebAssembly.Module> = new Map()) {
    this.#module = module;
    this.#makeGlue = makeGlue;
    this.#decoders = new Map(decoders);
  }

  /**
   * The modules that decode optional codecs, by the formats' names.
   *
   * @internal
   */
  get decoders(): ReadonlyMap<string, WebAssembly.Module> {
    return this.#decoders;
  }

  /**
   * Has files of a format decoded by a module of their own.
   *
   * @internal
   */
  addDecoder(format: string, module: WebAssembly.Module): void {
    this.#decoders.set(format, module);
  }

  /**
   * What decodes one file of a format, where there is a module for it.
   *
   * @internal
   */
  decoder(format: string | undefined, options: ComputeOptions): ImageDecoder | undefined {
    const module = this.#decoders.get(format ?? "");
    return module && new ImageDecoder(module, options);
  }

  /** Fingerprints a whole file. */
  fingerprint(bytes: ArrayBuffer | ArrayBufferView, options: ComputeOptions = {}): Fingerprint {
    if (this.#decoders.size > 0) {
      return wholeThrough(this.stream(options), bytes);
    }
    const text = this.call((glue) => configured(glue, options, (it) => it.bytes(asBytes(bytes))));
    return JSON.parse(text) as Fingerprint;
  }

  /** Fingerprints decoded pixels; there are no digests, for there is no file. */
  fingerprintPixels(pixels: PixelsInput, options: ComputeOptions = {}): Fingerprint {
    const { data, width, height, format, stride, orientation } = described(pixels);
    const text = this.call((glue) =>
      configured(glue, options, (it) => it.pixels(asBytes(data), width, height, format, stride, orientation)),
    );
    return JSON.parse(text) as Fingerprint;
  }

  /** Starts a file that comes in pieces: an image is kept whole, anything else passes through in constant memory. */
  stream(options: StreamOptions = {}): FingerprintStream {
    const inner = this.call((glue) =>
      configured(glue, options, (it) => {
        if (options.digestsOnly === true) {
          it.digestsOnly();
        }
        return it.stream() as GlueStream;
      }),
    );
    return new FingerprintStream(inner, this.hold(inner, "file"), this, options);
  }

  /** Starts digests over bytes that come in pieces, in constant memory. */
  digester(algorithms?: readonly string[]): Digester {
    const selected = algorithms === undefined ? {} : { algorithms };
    return new Digester(this.stream({ ...selected, digestsOnly: true }));
  }

  /**
   * Compares two hashes in hexadecimal digits; or with a hash that of a set of variants which is the nearest, and says which.
   *
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`, `unknown-algorithm`
   */
  compare(a: string | VariantHashes, b: string, algorithm = "pdq"): Comparison {
    if (typeof a === "string") {
      return JSON.parse(this.call((glue) => glue.compare(algorithm, a, b))) as Comparison;
    }
    const hashes = a.hashes.map(({ hex }) => hex).join(" ");
    const { hex, variant } = a.hashes[this.call((glue) => glue.nearest(hashes, b))] as VariantHash;
    return { ...this.compare(hex, b, algorithm), variant };
  }

  /** Bits that differ between two hashes of one length, in hexadecimal digits. */
  distance(a: string, b: string): number {
    return this.call((glue) => glue.distance(a, b));
  }

  /** What is computed and decoded here. */
  capabilities(): Capabilities {
    const capabilities = JSON.parse(this.call((glue) => glue.capabilities())) as Capabilities;
    const formats = capabilities.formats.map((it) => ({ ...it, decoded: it.decoded || this.#decoders.has(it.name) }));
    return { ...capabilities, formats };
  }

  /** Bytes of WebAssembly memory now held; memory grows to its peak and is given back by {@link dispose}. */
  get memoryBytes(): number {
    return this.#instance?.memory.buffer.byteLength ?? 0;
  }

  /** The memory, for whoever wants to look for something in it; `undefined` while there is no instance. */
  get memory(): WebAssembly.Memory | undefined {
    return this.#instance?.memory;
  }

  /** Overwrites and lets go of the instance and all its memory. Open streams and indexes fail; the next call starts anew. */
  dispose(): void {
    const memory = this.#instance?.memory;
    this.#instance = undefined;
    for (const one of this.#open) {
      one.__destroy_into_raw();
    }
    this.#open.clear();
    if (memory !== undefined) {
      new Uint8Array(memory.buffer).fill(0);
    }
  }

  /**
   * Holds an object of the present instance until it is released: calls for it work only as long as that instance lives.
   *
   * @internal
   */
  protected hold(inner: GlueObject, what: string): Hold {
    const started = this.#instance;
    this.#open.add(inner);
    return {
      call: (step, wipes) => {
        if (this.#instance !== started) {
          throw new OwnprintError("cancelled", `cancelled: the module that held this ${what} was let go of`);
        }
        return this.call(step, wipes);
      },
      release: () => this.#open.delete(inner),
    };
  }

  /**
   * Takes a step in the module. `wipes` overwrites the stack afterwards, where the step may have left parts of a file.
   *
   * @internal
   */
  protected call<T>(step: (glue: Glue) => T, wipes = true): T {
    const { glue } = (this.#instance ??= this.#instantiate());
    try {
      const result = step(glue);
      if (wipes) {
        glue.wipeStack();
      }
      return result;
    } catch (thrown) {
      if (typeof thrown === "string") {
        glue.wipeStack();
        throw errorOf(thrown);
      }
      if (thrown instanceof OwnprintError || thrown instanceof TypeError) {
        throw thrown;
      }
      // A trap, or the stack's end: nothing that the instance holds can be relied upon.
      this.dispose();
      throw errorOf(this.#instantiate().glue.internalError(), thrown);
    }
  }

  #instantiate(): Instance {
    const glue = this.#makeGlue();
    const { memory } = glue.initSync({ module: this.#module });
    return { glue, memory };
  }
}

type GlueFingerprinter = InstanceType<Glue["Fingerprinter"]>;

interface Instance {
  readonly glue: Glue;
  readonly memory: WebAssembly.Memory;
}

/** Runs `step` with a fingerprinter that is set as the options say. */
function configured<T>(
  glue: Glue,
  options: ComputeOptions,
  step: (fingerprinter: GlueFingerprinter) => T,
): T {
  const { algorithms, variants, pixels, acceptDamaged, rgbMd5, limits } = computeOnly(options);
  const fingerprinter = new glue.Fingerprinter();
  try {
    if (algorithms !== undefined) {
      fingerprinter.select(algorithms === "all" ? algorithms : algorithms.join(","));
    }
    const set = variantNames(variants);
    if (set !== undefined) {
      fingerprinter.variants(set);
    }
    if (pixels === "stored") {
      fingerprinter.stored();
    }
    if (acceptDamaged === true) {
      fingerprinter.acceptDamaged();
    }
    if (rgbMd5 === true) {
      fingerprinter.rgbMd5();
    }
    if (limits !== undefined) {
      fingerprinter.limits(limitsIn(glue, limits));
    }
    return step(fingerprinter);
  } finally {
    fingerprinter.free();
  }
}
