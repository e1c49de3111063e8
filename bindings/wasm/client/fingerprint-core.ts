/** What every module can do, synchronously. */

import type { HashAlgorithm } from "./algorithms.js";
import { asBytes, hashWhole } from "./bytes.js";
import type { ComputeOptions, Limits, PixelsInput } from "./compute-types.js";
import { errorFrom, invalidArgument, OwnprintError, textOf } from "./errors.js";
import type { Comparison, Fingerprint, VariantHash, VariantHashes } from "./fingerprint-types.js";
import type { Glue } from "./generated/glue-full.js";
import type { GlueObject, Hold } from "./handle.js";
import { ImageDecoder } from "./image-decoder.js";
import { limitsIn } from "./instance.js";
import { asText, computeOnly, described, variantNames } from "./options.js";
import { comparisonFrom, fingerprintFrom } from "./record-json.js";
import { Digester, FingerprintStream, type GlueStream, type StreamOptions } from "./stream.js";
import type { Capabilities } from "./types.js";

/**
 * One instance of a module. Calls block until they are done.
 *
 * If the module traps, the call throws `internal`, and the next call starts a new instance.
 */
export class FingerprintCore {
  readonly #module: WebAssembly.Module;
  readonly #makeGlue: () => Glue;
  #instance: Instance | undefined;
  /** Objects that the garbage collector must not free in an instance that is gone. */
  readonly #open = new Set<GlueObject>();
  readonly #decoders: Map<string, WebAssembly.Module>;

  /** @internal */
  constructor(
    module: WebAssembly.Module,
    makeGlue: () => Glue,
    decoders: ReadonlyMap<string, WebAssembly.Module> = new Map(),
  ) {
    this.#module = module;
    this.#makeGlue = makeGlue;
    this.#decoders = new Map(decoders);
  }

  /**
   * Modules that decode optional formats, by format.
   *
   * @internal
   */
  get decoders(): ReadonlyMap<string, WebAssembly.Module> {
    return this.#decoders;
  }

  /**
   * Adds a module that decodes a format.
   *
   * @internal
   */
  addDecoder(format: string, module: WebAssembly.Module): void {
    this.#decoders.set(format, module);
  }

  /**
   * Returns a decoder for one file, if there is a module for its format.
   *
   * @internal
   */
  decoder(format: string | undefined, options: ComputeOptions): ImageDecoder | undefined {
    const module = this.#decoders.get(format ?? "");
    return module && new ImageDecoder(module, options);
  }

  /** Fingerprints a file in memory. */
  fingerprint(bytes: ArrayBuffer | ArrayBufferView, options: ComputeOptions = {}): Fingerprint {
    if (this.#decoders.size > 0) {
      return hashWhole(this.stream(options), bytes);
    }
    const text = this.call((glue) =>
      configured(glue, options, (it) => it.fingerprintBytes(asBytes(bytes))),
    );
    return fingerprintFrom(text);
  }

  /**
   * Fingerprints decoded pixels. The result has no digests.
   *
   * @throws {@link OwnprintError} `invalid-pixels`, `limit-exceeded`, `unknown-algorithm`
   */
  fingerprintPixels(pixels: PixelsInput, options: ComputeOptions = {}): Fingerprint {
    const { data, width, height, format, stride, orientation } = described(pixels);
    const text = this.call((glue) =>
      configured(glue, options, (it) =>
        it.fingerprintPixels(asBytes(data), width, height, format, stride, orientation),
      ),
    );
    return fingerprintFrom(text);
  }

  /**
   * Starts a file that arrives in chunks. An image is kept in memory until it is decoded; other
   * files are hashed in constant memory.
   */
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

  /** Starts digests of bytes that arrive in chunks, in constant memory. */
  digester(algorithms?: ComputeOptions["algorithms"]): Digester {
    const selected = algorithms === undefined ? {} : { algorithms };
    return new Digester(this.stream({ ...selected, digestsOnly: true }));
  }

  /**
   * Compares two hashes in hexadecimal digits. If the first is a set of variants, its nearest
   * variant is compared, and the result names it.
   *
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable`, `unknown-algorithm`
   */
  compare(a: string | VariantHashes, b: string, algorithm: HashAlgorithm = "pdq"): Comparison {
    if (typeof a === "string") {
      return comparisonFrom(JSON.parse(this.call((glue) => glue.compare(algorithm, a, b))));
    }
    const hashes = a.hashes.map(({ hash }) => hash).join(" ");
    const nearest = this.call((glue) => glue.nearest(hashes, b));
    const { hash, variant } = a.hashes[nearest] as VariantHash;
    return { ...this.compare(hash, b, algorithm), variant };
  }

  /** Returns the number of bits that differ between two hashes in hexadecimal digits. */
  distance(a: string, b: string): number {
    const [first, second] = [asText("a", a), asText("b", b)];
    return this.call((glue) => glue.distance(first, second));
  }

  /** Returns what the loaded modules compute and decode. */
  capabilities(): Capabilities {
    const capabilities = JSON.parse(this.call((glue) => glue.capabilities())) as Capabilities;
    const formats = capabilities.formats.map((it) => ({
      ...it,
      decoded: it.decoded || this.#decoders.has(it.name),
    }));
    return { ...capabilities, formats };
  }

  /** Size of the WebAssembly memory in bytes. It grows only; {@link dispose} releases it. */
  get memoryBytes(): number {
    return this.#instance?.memory.buffer.byteLength ?? 0;
  }

  /** The WebAssembly memory; `undefined` while there is no instance. */
  get memory(): WebAssembly.Memory | undefined {
    return this.#instance?.memory;
  }

  /**
   * Overwrites and releases the instance and its memory. Open streams and indexes fail; the next
   * call starts a new instance.
   */
  dispose(): void {
    const memory = this.#instance?.memory;
    this.#instance = undefined;
    for (const object of this.#open) {
      object.__destroy_into_raw();
    }
    this.#open.clear();
    if (memory !== undefined) {
      new Uint8Array(memory.buffer).fill(0);
    }
  }

  /**
   * Compares a file, or an image, that the browser decodes with the limits.
   *
   * @internal
   * @throws {@link OwnprintError} `limit-exceeded`
   */
  checkLimits(
    limits: Limits | undefined,
    file: { readonly bytes: number } | { readonly width: number; readonly height: number },
  ): void {
    this.call((glue) => {
      const checked = limitsIn(glue, limits);
      try {
        if ("bytes" in file) {
          checked.checkFileBytes(file.bytes);
        } else {
          checked.checkImage(file.width, file.height);
        }
      } finally {
        checked.free();
      }
    });
  }

  /**
   * Holds an object of the present instance. Calls for it fail once that instance is gone.
   *
   * @internal
   */
  protected hold(inner: GlueObject, what: string): Hold {
    const instance = this.#instance;
    this.#open.add(inner);
    return {
      call: (step, wipes) => {
        if (this.#instance !== instance) {
          throw new OwnprintError(
            "cancelled",
            `cancelled: the module that held this ${what} was released`,
          );
        }
        return this.call(step, wipes);
      },
      release: () => this.#open.delete(inner),
    };
  }

  /**
   * Calls the module. `wipes` overwrites its stack afterwards, where parts of a file may remain.
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
        throw errorFrom(thrown);
      }
      if (thrown instanceof OwnprintError) {
        throw thrown;
      }
      if (thrown instanceof TypeError) {
        throw invalidArgument(textOf(thrown), thrown);
      }
      // A trap or a stack overflow: the instance's state is undefined.
      this.dispose();
      throw errorFrom(this.#instantiate().glue.internalError(), thrown);
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

/** Runs `step` with a fingerprinter that has these options. */
function configured<T>(
  glue: Glue,
  options: ComputeOptions,
  step: (fingerprinter: GlueFingerprinter) => T,
): T {
  const { algorithms, variants, orientation, acceptDamaged, rgbMd5, limits } = computeOnly(options);
  const fingerprinter = new glue.Fingerprinter();
  try {
    if (algorithms !== undefined) {
      fingerprinter.select(typeof algorithms === "string" ? algorithms : algorithms.join(","));
    }
    const set = variantNames(variants);
    if (set !== undefined) {
      fingerprinter.variants(set);
    }
    if (orientation === "ignore") {
      fingerprinter.ignoreOrientation();
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
