/** What every module can do, synchronously. A worker needs no more. */

import type { Glue } from "./generated/glue-full.js";
import { asBytes } from "./bytes.js";
import { computeOnly, described, variantNames } from "./options.js";
import { OwnprintError } from "./types.js";
import type { Catalogue, Comparison, ComputeOptions, Fingerprint, PixelsInput, VariantHash, VariantHashes } from "./types.js";

/** Options of {@link FingerprintCore.intake}. */
export interface IntakeOptions extends ComputeOptions {
  /** Compute no hash, whatever is selected: memory then stays constant for pictures too. */
  readonly digestsOnly?: boolean;
}

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

  /** @internal */
  constructor(module: WebAssembly.Module, makeGlue: () => Glue) {
    this.#module = module;
    this.#makeGlue = makeGlue;
  }

  /** Fingerprints a whole file. */
  fingerprint(bytes: ArrayBuffer | ArrayBufferView, options: ComputeOptions = {}): Fingerprint {
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

  /** Starts a file that comes in pieces: a picture is kept whole, anything else passes through in constant memory. */
  intake(options: IntakeOptions = {}): Intake {
    const inner = this.call((glue) =>
      configured(glue, options, (it) => {
        if (options.digestsOnly === true) {
          it.digestsOnly();
        }
        return it.intake() as GlueIntake;
      }),
    );
    return new Intake(inner, this.hold(inner, "file"));
  }

  /** Starts digests over bytes that come in pieces, in constant memory. */
  digester(algorithms?: readonly string[]): Digester {
    const selected = algorithms === undefined ? {} : { algorithms };
    return new Digester(this.intake({ ...selected, digestsOnly: true }));
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

  /** What this module computes and decodes. */
  catalogue(): Catalogue {
    return JSON.parse(this.call((glue) => glue.catalogue())) as Catalogue;
  }

  /** Bytes of WebAssembly memory now held; memory grows to its peak and is given back by {@link dispose}. */
  get memoryBytes(): number {
    return this.#instance?.memory.buffer.byteLength ?? 0;
  }

  /** The memory, for whoever wants to look for something in it; `undefined` while there is no instance. */
  get memory(): WebAssembly.Memory | undefined {
    return this.#instance?.memory;
  }

  /** Overwrites and lets go of the instance and all its memory. Open intakes and indexes fail; the next call starts anew. */
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

/** Bytes that enter the module at a time: copied, digested and wiped while they are in the processor's cache. */
const PUSHED_BYTES = 64 << 10;

/**
 * An object of the module, until a step takes it over or it is given back.
 *
 * @internal
 */
export class Handle<Inner extends GlueObject> {
  readonly #hold: Hold;
  readonly #gone: string;
  #inner: Inner | undefined;

  /** `gone` is what calls are told that come too late. */
  constructor(inner: Inner, hold: Hold, gone: string) {
    this.#inner = inner;
    this.#hold = hold;
    this.#gone = gone;
  }

  get inner(): Inner {
    if (this.#inner === undefined) {
      throw new TypeError(this.#gone);
    }
    return this.#inner;
  }

  /** Takes a step in the instance that the object is of. */
  call<T>(step: () => T, wipes?: boolean): T {
    return this.#hold.call(step, wipes);
  }

  /** Ends it by a step that takes the object over. */
  end<T>(step: (inner: Inner) => T): T {
    const inner = this.inner;
    this.#inner = undefined;
    this.#hold.release();
    return this.call(() => step(inner));
  }

  /** Gives the object back, unless it is gone. */
  dispose(): void {
    if (this.#inner === undefined) {
      return;
    }
    try {
      this.end((inner) => inner.free());
    } catch {
      // The instance is gone, and with it everything that was kept.
    }
  }
}

/** One file on its way in. */
export class Intake {
  readonly #handle: Handle<GlueIntake>;

  /** @internal */
  constructor(inner: GlueIntake, hold: Hold) {
    this.#handle = new Handle(inner, hold, "this intake is finished; start another");
  }

  /** Takes the next bytes, and says whether more can change the result. */
  push(bytes: ArrayBuffer | ArrayBufferView): boolean {
    const whole = asBytes(bytes);
    // The stack is wiped when the file ends: many small pieces need not wait for it each.
    const push = (): boolean => {
      let wantsMore = true;
      for (let start = 0; wantsMore && start < whole.length; start += PUSHED_BYTES) {
        wantsMore = this.#handle.inner.push(whole.subarray(start, start + PUSHED_BYTES));
      }
      return wantsMore;
    };
    return this.#handle.call(push, false);
  }

  /** The format that the head shows, decodable or not. */
  get format(): string | undefined {
    return this.#handle.call(() => this.#handle.inner.format());
  }

  /** The same, where pixels are wanted and this module cannot decode it: there will be no hash, whatever follows. */
  get undecodable(): string | undefined {
    return this.#handle.call(() => this.#handle.inner.undecodable());
  }

  /** The fingerprint of what was pushed. */
  finish(): Fingerprint {
    return JSON.parse(this.#handle.end((inner) => inner.finish())) as Fingerprint;
  }

  /** Gives up, and wipes what was kept. */
  dispose(): void {
    this.#handle.dispose();
  }
}

/** Digests on their way. */
export class Digester {
  readonly #intake: Intake;

  /** @internal */
  constructor(intake: Intake) {
    this.#intake = intake;
  }

  update(bytes: ArrayBuffer | ArrayBufferView): void {
    this.#intake.push(bytes);
  }

  /** By algorithm name, in lower-case hexadecimal digits. */
  finish(): Readonly<Record<string, string>> {
    return this.#intake.finish().digests;
  }
}

type GlueFingerprinter = InstanceType<Glue["Fingerprinter"]>;
type GlueIntake = ReturnType<GlueFingerprinter["intake"]> & GlueObject;

/** An object of the module. wasm-bindgen leaves out of its types how to let go of one without telling the module. */
export interface GlueObject {
  free(): void;
  __destroy_into_raw(): number;
}

interface Instance {
  readonly glue: Glue;
  readonly memory: WebAssembly.Memory;
}

/** How an object of the module is used, and given back. */
export interface Hold {
  readonly call: <T>(step: (glue: Glue) => T, wipes?: boolean) => T;
  readonly release: () => void;
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
      const { fileBytes, width, height, pixels, memory, expansion } = limits;
      fingerprinter.limits(fileBytes, width, height, pixels, memory, expansion);
    }
    return step(fingerprinter);
  } finally {
    fingerprinter.free();
  }
}

function errorOf(json: string, cause?: unknown): OwnprintError {
  const { code, message } = JSON.parse(json) as { code: string; message: string };
  return new OwnprintError(code, message, { cause });
}
