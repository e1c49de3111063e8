/** Decodes images of one format in a module of its own, for the module that hashes them. */

import type { ComputeOptions, PixelsInput } from "./compute-types.js";
import type { Fingerprint } from "./fingerprint-types.js";
import { glue, type Glue } from "./generated/glue-decoder.js";
import { Instance, limitsIn } from "./instance.js";
import { fingerprintFrom } from "./record-json.js";

/** Bytes that are copied out of the module's memory at a time. */
const COPIED_BYTES = 4 << 20;

/** A decoded image. */
export interface DecodedImage {
  /** The image's properties in the form of a fingerprint without hashes and digests. */
  readonly description: Fingerprint;
  /** A copy that the caller overwrites. */
  readonly pixels: PixelsInput & { readonly data: Uint8Array };
}

type GlueImage = ReturnType<InstanceType<Glue["ImageStream"]>["decode"]>;

/** Decodes one file that arrives in chunks. */
export class ImageDecoder {
  readonly #instance: Instance<Glue>;
  readonly #stream: InstanceType<Glue["ImageStream"]>;

  constructor(module: WebAssembly.Module, { limits, acceptDamaged = false }: ComputeOptions) {
    this.#instance = new Instance(module, glue());
    this.#stream = this.#instance.start(
      (glue) => new glue.ImageStream(limitsIn(glue, limits), acceptDamaged),
    );
  }

  /** Adds the next bytes of the file. */
  update(bytes: Uint8Array): void {
    this.#instance.call(() => this.#stream.update(bytes));
  }

  /** Decodes the image; no call is possible afterwards. */
  decode(): DecodedImage {
    return this.#instance.once(() => copyOf(this.#instance.hold(this.#stream.decode())));
  }

  /** Cancels, and overwrites everything that was kept. */
  dispose(): void {
    this.#instance.dispose();
  }
}

function copyOf(image: GlueImage): DecodedImage {
  const [width, height, orientation] = [image.width(), image.height(), image.orientation()];
  const data = new Uint8Array(width * height * 3);
  try {
    for (let start = 0; start < data.length; start += COPIED_BYTES) {
      const chunk = image.rgb(start, COPIED_BYTES);
      data.set(chunk, start);
      chunk.fill(0);
    }
    const description = fingerprintFrom(image.description());
    return { description, pixels: { data, width, height, format: "rgb8", orientation } };
  } catch (error) {
    data.fill(0);
    throw error;
  }
}
