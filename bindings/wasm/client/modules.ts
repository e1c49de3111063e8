/** The modules of a worker. Each is loaded when it is first needed. */

import { OwnprintError } from "./errors.js";
import { decodedByFull } from "./generated/decoded.js";
import { isOptionalCodec, videoModuleOf } from "./codecs.js";
import { compile, compileModule, DEFAULT_BUILD, FULL_BUILD, type ModuleSource } from "./load.js";
import type { SentModule } from "./protocol.js";
import { SearchingCore } from "./searching-core.js";
import type { CodecModule } from "./types.js";
import { VideoCore } from "./video-core.js";

/** Where the modules come from. */
export interface ModuleSources extends ModuleSource {
  readonly wasmFull: ModuleSource["wasm"];
  /** Requests the module of an optional codec from the page, which checks its integrity. */
  readonly askForDecoder: (format: CodecModule) => Promise<SentModule | undefined>;
}

export class Modules {
  readonly #sources: ModuleSources;
  readonly #startsFull: boolean;
  #core: SearchingCore | undefined;
  #hasFull: boolean;
  #videos: VideoCore | undefined;

  /** `full` starts with the full build. Nothing is loaded yet. */
  constructor(sources: ModuleSources, full: boolean) {
    // With a module of the caller's own, the package's files may not be available.
    const isOnlyOne = sources.wasm !== undefined && sources.wasmFull === undefined;
    this.#sources = sources;
    this.#startsFull = full && !isOnlyOne;
    this.#hasFull = !full && !isOnlyOne;
  }

  /** Returns the current core. Jobs for videos do not need it. */
  async core(): Promise<SearchingCore> {
    if (this.#core === undefined) {
      const module = this.#startsFull
        ? compileFull(this.#sources)
        : compileModule(this.#sources, DEFAULT_BUILD);
      this.#core = new SearchingCore(await module);
    }
    return this.#core;
  }

  /** Size of the core's memory in bytes. */
  get memoryBytes(): number {
    return this.#core?.memoryBytes ?? 0;
  }

  /** `true` if the full build is available and not yet in use. */
  get hasFull(): boolean {
    return this.#hasFull;
  }

  /** Replaces the default build by the full build, which can do everything that it can. */
  async takeFull(): Promise<void> {
    if (this.#hasFull) {
      const previous = await this.core();
      const module = await compileFull(this.#sources);
      previous.dispose();
      this.#core = new SearchingCore(module, previous.decoders);
      this.#hasFull = false;
    }
  }

  /** Returns the module for videos. */
  async videos(): Promise<VideoCore> {
    const videos = await this.videosIfAvailable();
    if (videos === undefined) {
      throw new OwnprintError(
        "load-failed",
        "this client has no codec for videos; add those of ownprint-codecs to its codecs",
      );
    }
    return videos;
  }

  /** Returns the module for videos; `undefined` if the client excludes it. */
  async videosIfAvailable(): Promise<VideoCore | undefined> {
    if (this.#videos === undefined) {
      const wasm = await this.#sources.askForDecoder("video");
      if (wasm !== undefined) {
        this.#videos = new VideoCore(await compile(wasm, {}));
      }
    }
    return this.#videos;
  }

  /** Loads the module of a video codec, if there is one and it is not loaded yet. */
  async takeVideoCodec(videos: VideoCore, codec: string | undefined): Promise<void> {
    const name = videoModuleOf(codec);
    if (codec === undefined || name === undefined || videos.hasCodec(codec)) {
      return;
    }
    const wasm = await this.#sources.askForDecoder(name);
    if (wasm !== undefined) {
      videos.addCodec(codec, await compile(wasm, {}));
    }
  }

  /** Loads a decoder for a format that the core cannot decode. Returns `false` if there is none. */
  async takeDecoder(format: string | undefined): Promise<boolean> {
    if (this.#hasFull && decodedByFull.includes(format ?? "")) {
      await this.takeFull();
      return true;
    }
    const wasm = isOptionalCodec(format) ? await this.#sources.askForDecoder(format) : undefined;
    if (format === undefined || wasm === undefined) {
      return false;
    }
    const module = await compile(wasm, {});
    (await this.core()).addDecoder(format, module);
    return true;
  }
}

function compileFull(sources: ModuleSources): Promise<WebAssembly.Module> {
  return compileModule({ ...sources, wasm: sources.wasmFull }, FULL_BUILD);
}
