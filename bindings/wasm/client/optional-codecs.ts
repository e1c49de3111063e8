/** Image formats, and videos, with a module of their own, which is loaded when there is such a file, or before. */

import type { Platform } from "./worker-handle.js";
import { sendable, type SentModule } from "./protocol.js";
import type { ClientOptions, OptionalCodec, CodecModule } from "./types.js";

export const OPTIONAL_CODECS: readonly OptionalCodec[] = ["heic", "avif", "jxl"];

/** Whether a format is one of them. */
export function isOptionalCodec(format: string | undefined): format is OptionalCodec {
  return OPTIONAL_CODECS.some((it) => it === format);
}

/** All that has such a module. */
const CODEC_MODULES: readonly CodecModule[] = [...OPTIONAL_CODECS, "video"];

/** The list of modules that a caller gave. */
export function codecModules(given: readonly CodecModule[]): readonly CodecModule[] {
  const unknown = given.find((name) => !CODEC_MODULES.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`there is no module for ${JSON.stringify(unknown)}; there are ${CODEC_MODULES.join(", ")}`);
  }
  return given;
}

/** Their modules, got once for all workers of a client. */
export class CodecModules {
  readonly #options: ClientOptions;
  readonly #own: Platform["codecModule"];
  readonly #allowed: readonly CodecModule[];
  readonly #held = new Map<CodecModule, Promise<SentModule>>();

  constructor(platform: Platform, options: ClientOptions) {
    this.#options = options;
    // Whoever names a module gets no other, unless it is named too.
    this.#own = options.wasm === undefined ? platform.codecModule : undefined;
    this.#allowed = codecModules(options.optionalCodecs ?? CODEC_MODULES);
  }

  /** The image formats that there are modules for. */
  get formats(): readonly OptionalCodec[] {
    return OPTIONAL_CODECS.filter((format) => this.#has(format));
  }

  /** The module of that name, or its address; nothing, where there is to be none. */
  async get(name: CodecModule): Promise<SentModule | undefined> {
    if (!this.#has(name)) {
      return undefined;
    }
    const module = this.#held.get(name) ?? this.#load(name);
    this.#held.set(name, module);
    // What failed may succeed the next time.
    module.catch(() => this.#held.delete(name));
    return module;
  }

  #has(name: CodecModule): boolean {
    return this.#allowed.includes(name) && (this.#own !== undefined || this.#options.wasmFormats?.[name] !== undefined);
  }

  async #load(name: CodecModule): Promise<SentModule> {
    const given = this.#options.wasmFormats?.[name];
    return given === undefined ? ((await this.#own?.(name)) as SentModule) : sendable(given);
  }
}
