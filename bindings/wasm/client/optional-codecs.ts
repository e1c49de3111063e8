/** Modules of optional codecs, which are loaded on demand. */

import type { Platform } from "./platform.js";
import { sendable, type SentModule } from "./protocol.js";
import type { ClientOptions, CodecModule, OptionalCodec, VideoCodecModule } from "./types.js";

export const OPTIONAL_CODECS: readonly OptionalCodec[] = ["heic", "avif", "jxl"];

/** Returns `true` if a format is decoded by an optional codec. */
export function isOptionalCodec(format: string | undefined): format is OptionalCodec {
  return OPTIONAL_CODECS.some((it) => it === format);
}

const VIDEO_MODULES: readonly VideoCodecModule[] = [
  "video",
  "video-hevc",
  "video-vp9",
  "video-vp8",
  "video-av1",
];

const CODEC_MODULES: readonly CodecModule[] = [...OPTIONAL_CODECS, ...VIDEO_MODULES];

/** Returns the module of a video codec; `undefined` if there is none. */
export function videoModuleOf(codec: string | undefined): VideoCodecModule | undefined {
  return VIDEO_MODULES.find((name) => name === `video-${codec}`);
}

/** Returns the video codec of a module; `undefined` if it is none, or that of H.264. */
export function videoCodecOf(module: string): string | undefined {
  return VIDEO_MODULES.some((name) => name === module)
    ? module.split("-", 2)[1]
    : undefined;
}

/** Checks a list of modules. */
export function codecModules(given: readonly CodecModule[]): readonly CodecModule[] {
  const unknown = given.find((name) => !CODEC_MODULES.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `unknown codec ${JSON.stringify(unknown)}; the codecs are ${CODEC_MODULES.join(", ")}`,
    );
  }
  return given;
}

/** Loads each module once for all workers of a client. */
export class CodecModules {
  readonly #options: ClientOptions;
  readonly #packaged: Platform["codecModule"];
  readonly #allowed: readonly CodecModule[];
  readonly #loaded = new Map<CodecModule, Promise<SentModule>>();

  constructor(platform: Platform, options: ClientOptions) {
    this.#options = options;
    // With a module of the caller's own, the package's files may not be available.
    this.#packaged = options.wasm === undefined ? platform.codecModule : undefined;
    this.#allowed = codecModules(options.optionalCodecs ?? CODEC_MODULES);
  }

  /** The image formats whose modules are available. */
  get formats(): readonly OptionalCodec[] {
    return OPTIONAL_CODECS.filter((format) => this.#has(format));
  }

  /** Returns a module or its address; `undefined` if it is not available. */
  async get(name: CodecModule): Promise<SentModule | undefined> {
    if (!this.#has(name)) {
      return undefined;
    }
    const module = this.#loaded.get(name) ?? this.#load(name);
    this.#loaded.set(name, module);
    // The next call tries again.
    module.catch(() => this.#loaded.delete(name));
    return module;
  }

  #has(name: CodecModule): boolean {
    const isAvailable =
      this.#packaged !== undefined || this.#options.wasmCodecs?.[name] !== undefined;
    return isAvailable && this.#allowed.includes(name);
  }

  async #load(name: CodecModule): Promise<SentModule> {
    const given = this.#options.wasmCodecs?.[name];
    return given === undefined ? ((await this.#packaged?.(name)) as SentModule) : sendable(given);
  }
}
