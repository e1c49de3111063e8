/** Picture formats with a module of their own, which is loaded when there is such a picture, or before. */

import type { Platform } from "./slot.js";
import { sendable, type SentModule } from "./protocol.js";
import type { ClientOptions, FurtherFormat } from "./types.js";

export const FURTHER_FORMATS: readonly FurtherFormat[] = ["heic", "avif", "jxl"];

/** Whether a format is one of them. */
export function isFurther(format: string | undefined): format is FurtherFormat {
  return FURTHER_FORMATS.some((it) => it === format);
}

/** The list of formats that a caller gave. */
export function furtherFormats(given: readonly FurtherFormat[]): readonly FurtherFormat[] {
  const unknown = given.find((format) => !isFurther(format));
  if (unknown !== undefined) {
    throw new TypeError(`there is no module for ${JSON.stringify(unknown)}; there are ${FURTHER_FORMATS.join(", ")}`);
  }
  return given;
}

/** Their modules, got once for all workers of a client. */
export class FurtherModules {
  readonly #options: ClientOptions;
  readonly #own: Platform["furtherModule"];
  readonly #allowed: readonly FurtherFormat[];
  readonly #held = new Map<FurtherFormat, Promise<SentModule>>();

  constructor(platform: Platform, options: ClientOptions) {
    this.#options = options;
    // Whoever names a module gets no other, unless it is named too.
    this.#own = options.wasm === undefined ? platform.furtherModule : undefined;
    this.#allowed = furtherFormats(options.furtherFormats ?? FURTHER_FORMATS);
  }

  /** The formats that there are modules for. */
  get formats(): readonly FurtherFormat[] {
    const { wasmFormats = {} } = this.#options;
    return this.#allowed.filter((format) => this.#own !== undefined || wasmFormats[format] !== undefined);
  }

  /** The module of a format, or its address; nothing, where there is to be none. */
  async get(format: FurtherFormat): Promise<SentModule | undefined> {
    if (!this.formats.includes(format)) {
      return undefined;
    }
    const module = this.#held.get(format) ?? this.#load(format);
    this.#held.set(format, module);
    // What failed may succeed the next time.
    module.catch(() => this.#held.delete(format));
    return module;
  }

  async #load(format: FurtherFormat): Promise<SentModule> {
    const given = this.#options.wasmFormats?.[format];
    return given === undefined ? ((await this.#own?.(format)) as SentModule) : sendable(given);
  }
}
