/** Images of one format, decoded by a module of their own for the one that hashes. */

import { glue, type Glue } from "./generated/glue-decoder.js";
import { Instance, limitsIn } from "./instance.js";
import type { ComputeOptions, Fingerprint, PixelsInput } from "./types.js";

/** Bytes that are copied at a time, out of the module's memory. */
const COPIED_BYTES = 4 << 20;

/** An image out of its file. */
export interface DecodedImage {
  /** What is known of it, without hashes and digests. */
  readonly description: Fingerprint;
  /** For one who overwrites them. */
  readonly pixels: PixelsInput & { readonly data: Uint8Array };
}

/** One file on its way in. */
export class ImageDecoder {
  readonly #instance: Instance<Glue>;
  readonly #stream: InstanceType<Glue["FingerprintStream"]>;

  constructor(module: WebAssembly.Module, { limits, acceptDamaged = false }: ComputeOptions) {
    this.#instance = new Instance(module, glue());
    this.#stream = this.#instance.start((glue) => new glue.FingerprintStream(limitsIn(glue, limits), acceptDamaged));
  }

  push(bytes: Uint8Array): void {
    this.#instance.call(() => this.#stream.push(bytes));
  }

  /** The image. Nothing can be asked afterwards. */
  decode(): DecodedImage {
    return this.#instance.once(() => copied(this.#instance.hold(this.#stream.decode())));
  }

  /** Gives up, and overwrites all that was kept. */
  dispose(): void {
    this.#instance.dispose();
  }
}

function copied(image: ReturnType<InstanceType<Glue["FingerprintStream"]>["decode"]>): DecodedImage {
  const [width, height, orientation] = [image.width(), image.height(), image.orientation()];
  const data = new Uint8Array(width * height * 3);
  try {
    for (let start = 0; start < data.length; start += COPIED_BYTES) {
      const piece = image.rgb(start, COPIED_BYTES);
      data.set(piece, start);
      piece.fill(0);
    }
    const description = JSON.parse(image.description()) as Fingerprint;
    return { description, pixels: { data, width, height, format: "rgb8", orientation } };
  } catch (error) {
    data.fill(0);
    throw error;
  }
}
