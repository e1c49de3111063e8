/** Pictures of one format, decoded by a module of their own for the one that hashes. */

import { errorOf } from "./errors.js";
import { glue, type Glue } from "./generated/glue-decoder.js";
import { OwnprintError } from "./types.js";
import type { ComputeOptions, Fingerprint, PixelsInput } from "./types.js";

/** Bytes that are copied at a time, out of the module's memory. */
const COPIED_BYTES = 4 << 20;

/** A picture out of its file. */
export interface DecodedPicture {
  /** What is known of it, without hashes and digests. */
  readonly description: Fingerprint;
  /** For one who overwrites them. */
  readonly pixels: PixelsInput & { readonly data: Uint8Array };
}

/**
 * One file on its way in. It has an instance of the module to itself: what decoders need of memory goes with it, and a decoder that
 * gave up on a file takes nothing else along.
 */
export class PictureDecoder {
  readonly #glue: Glue;
  #memory: WebAssembly.Memory | undefined;
  readonly #intake: InstanceType<Glue["Intake"]>;

  constructor(module: WebAssembly.Module, { limits = {}, acceptDamaged = false }: ComputeOptions) {
    this.#glue = glue();
    this.#memory = this.#glue.initSync({ module }).memory;
    const { fileBytes, width, height, pixels, memory, expansion } = limits;
    const allowed = new this.#glue.Limits(fileBytes, width, height, pixels, memory, expansion);
    this.#intake = new this.#glue.Intake(allowed, acceptDamaged);
  }

  push(bytes: Uint8Array): void {
    this.#call(() => this.#intake.push(bytes));
  }

  /** The picture. Nothing can be asked afterwards. */
  decode(): DecodedPicture {
    try {
      return this.#call(() => copied(this.#intake.decode()));
    } finally {
      this.dispose();
    }
  }

  /** Overwrites all that the module holds. */
  dispose(): void {
    if (this.#memory !== undefined) {
      new Uint8Array(this.#memory.buffer).fill(0);
      this.#memory = undefined;
    }
  }

  #call<T>(step: () => T): T {
    try {
      return step();
    } catch (thrown) {
      if (typeof thrown === "string") {
        throw errorOf(thrown);
      }
      if (thrown instanceof OwnprintError) {
        throw thrown;
      }
      throw errorOf(this.#glue.trapped(), thrown);
    }
  }
}

function copied(picture: ReturnType<InstanceType<Glue["Intake"]>["decode"]>): DecodedPicture {
  const [width, height, orientation] = [picture.width(), picture.height(), picture.orientation()];
  const data = new Uint8Array(width * height * 3);
  for (let start = 0; start < data.length; start += COPIED_BYTES) {
    data.set(picture.rgb(start, COPIED_BYTES), start);
  }
  const description = JSON.parse(picture.description()) as Fingerprint;
  return { description, pixels: { data, width, height, format: "rgb8", orientation } };
}
