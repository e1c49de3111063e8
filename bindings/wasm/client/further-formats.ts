/** Picture formats, and films, with a module of their own, which is loaded when there is such a file, or before. */

import type { Platform } from "./slot.js";
import { sendable, type SentModule } from "./protocol.js";
import type { ClientOptions, FurtherFormat, FurtherModule } from "./types.js";

export const FURTHER_FORMATS: readonly FurtherFormat[] = ["heic", "avif", "jxl"];

/** Whether a format is one of them. */
export function isFurther(format: string | undefined): format is FurtherFormat {
  return FURTHER_FORMATS.some((it) => it === format);
}

/** All that has such a module. */
const FURTHER_MODULES: readonly FurtherModule[] = [...FURTHER_FORMATS, "video"];

/** The list of modules that a caller gave. */
export function furtherModules(given: readonly FurtherModule[]): readonly FurtherModule[] {
  const unknown = given.find((name) => !FURTHER_MODULES.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`there is no module for ${JSON.stringify(unknown)}; there are ${FURTHER_MODULES.join(", ")}`);
  }
  return given;
}

/** Their modules, got once for all workers of a client. */
export class FurtherModules {
  readonly #options: ClientOptions;
  readonly #own: Platform["furtherModule"];
  readonly #allowed: readonly FurtherModule[];
  readonly #held = new Map<FurtherModule, Promise<SentModule>>();

  constructor(platform: Platform, options: ClientOptions) {
    this.#options = options;
    // Whoever names a module gets no other, unless it is named too.
    this.#own = options.wasm === undefined ? platform.furtherModule : undefined;
    this.#allowed = furtherModules(options.furtherFormats ?? FURTHER_MODULES);
  }

  /** The picture formats that there are modules for. */
  get formats(): readonly FurtherFormat[] {
    return FURTHER_FORMATS.filter((format) => this.#has(format));
  }

  /** The module of that name, or its address; nothing, where there is to be none. */
  async get(name: FurtherModule): Promise<SentModule | undefined> {
    if (!this.#has(name)) {
      return undefined;
    }
    const module = this.#held.get(name) ?? this.#load(name);
    this.#held.set(name, module);
    // What failed may succeed the next time.
    module.catch(() => this.#held.delete(name));
    return module;
  }

  #has(name: FurtherModule): boolean {
    return this.#allowed.includes(name) && (this.#own !== undefined || this.#options.wasmFormats?.[name] !== undefined);
  }

  async #load(name: FurtherModule): Promise<SentModule> {
    const given = this.#options.wasmFormats?.[name];
    return given === undefined ? ((await this.#own?.(name)) as SentModule) : sendable(given);
  }
}
