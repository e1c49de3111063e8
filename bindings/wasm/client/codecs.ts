/** The optional codecs of a client. Each is loaded on demand. */

import { invalidArgument } from "./errors.js";
import { checkedModule, type ModuleSource } from "./load.js";
import type { SentModule } from "./protocol.js";
import type { ClientOptions, Codec, CodecModule, OptionalCodec, VideoCodecModule } from "./types.js";

const IMAGE_CODECS: readonly OptionalCodec[] = ["heic", "avif", "jxl"];

const VIDEO_CODECS: readonly VideoCodecModule[] = [
  "video",
  "video-hevc",
  "video-vp9",
  "video-vp8",
  "video-av1",
];

const NAMES: readonly CodecModule[] = [...IMAGE_CODECS, ...VIDEO_CODECS];

/** Returns `true` if a format is decoded by an optional codec. */
export function isOptionalCodec(format: string | undefined): format is OptionalCodec {
  return IMAGE_CODECS.some((it) => it === format);
}

/** Returns the codec of a video; `undefined` if there is none. */
export function videoModuleOf(codec: string | undefined): VideoCodecModule | undefined {
  return VIDEO_CODECS.find((name) => name === `video-${codec}`);
}

/** Returns the video codec of a module; `undefined` if it is none, or that of H.264. */
export function videoCodecOf(module: string): string | undefined {
  return VIDEO_CODECS.some((name) => name === module) ? module.split("-", 2)[1] : undefined;
}

/** Checks a list of codecs. */
export function checkedCodecs(given: readonly Codec[]): readonly Codec[] {
  if (!Array.isArray(given)) {
    throw invalidArgument("codecs must be a list of codecs, such as those of ownprint-codecs");
  }
  for (const codec of given as readonly (Partial<Codec> | null | undefined)[]) {
    if (codec?.name === undefined || !NAMES.includes(codec.name)) {
      throw invalidArgument(
        `unknown codec ${JSON.stringify(codec?.name ?? codec)}; ` +
          `the codecs of ownprint-codecs are ${NAMES.join(", ")}`,
      );
    }
  }
  return given;
}

/** Returns the module of a codec, which is created when it is first needed. */
export async function moduleOf({ wasm }: Codec) {
  return typeof wasm === "function" ? wasm() : wasm;
}

/** Loads each module once for all workers of a client. */
export class CodecModules {
  readonly #source: Pick<ModuleSource, "integrity" | "readFile">;
  readonly #codecs = new Map<CodecModule, Codec>();
  readonly #loaded = new Map<CodecModule, Promise<SentModule>>();

  constructor({ integrity, codecs = [] }: ClientOptions, readFile: ModuleSource["readFile"]) {
    this.#source = { integrity, readFile };
    this.add(codecs);
  }

  add(codecs: readonly Codec[]): void {
    for (const codec of checkedCodecs(codecs)) {
      this.#codecs.set(codec.name, codec);
      this.#loaded.delete(codec.name);
    }
  }

  get names(): readonly CodecModule[] {
    return [...this.#codecs.keys()];
  }

  /** Returns the bytes of a codec's module; `undefined` if the client has no such codec. */
  async get(name: CodecModule): Promise<SentModule | undefined> {
    const codec = this.#codecs.get(name);
    if (codec === undefined) {
      return undefined;
    }
    const module = this.#loaded.get(name) ?? this.#load(codec);
    this.#loaded.set(name, module);
    // The next call tries again.
    module.catch(() => this.#loaded.delete(name));
    return module;
  }

  async #load(codec: Codec): Promise<SentModule> {
    return checkedModule(await moduleOf(codec), this.#source);
  }
}
