/** Pictures of one format, decoded by a module of their own for the one that hashes. */

import { glue, type Glue } from "./generated/glue-decoder.js";
import { Instance, limitsIn } from "./instance.js";
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

/** One file on its way in. */
export class PictureDecoder {
  readonly #instance: Instance<Glue>;
  readonly #intake: InstanceType<Glue["Intake"]>;

  constructor(module: WebAssembly.Module, { limits, acceptDamaged = false }: ComputeOptions) {
    this.#instance = new Instance(module, glue());
    this.#intake = this.#instance.start((glue) => new glue.Intake(limitsIn(glue, limits), acceptDamaged));
  }

  push(bytes: Uint8Array): void {
    this.#instance.call(() => this.#intake.push(bytes));
  }

  /** The picture. Nothing can be asked afterwards. */
  decode(): DecodedPicture {
    return this.#instance.once(() => copied(this.#instance.hold(this.#intake.decode())));
  }

  /** Gives up, and overwrites all that was kept. */
  dispose(): void {
    this.#instance.dispose();
  }
}

function copied(picture: ReturnType<InstanceType<Glue["Intake"]>["decode"]>): DecodedPicture {
  const [width, height, orientation] = [picture.width(), picture.height(), picture.orientation()];
  const data = new Uint8Array(width * height * 3);
  try {
    for (let start = 0; start < data.length; start += COPIED_BYTES) {
      const piece = picture.rgb(start, COPIED_BYTES);
      data.set(piece, start);
      piece.fill(0);
    }
    const description = JSON.parse(picture.description()) as Fingerprint;
    return { description, pixels: { data, width, height, format: "rgb8", orientation } };
  } catch (error) {
    data.fill(0);
    throw error;
  }
}
