/** The modules of a worker, each from the moment that it is needed: the usual one first, but for videos. */

import { VideoCore } from "./video-core.js";
import { isOptionalCodec } from "./optional-codecs.js";
import { decodedByFull } from "./generated/decoded.js";
import { compile, compileModule, FULL, USUAL, type ModuleSource } from "./load.js";
import type { SentModule } from "./protocol.js";
import { SearchingCore } from "./searching-core.js";
import { OwnprintError } from "./types.js";
import type { CodecModule } from "./types.js";

/** Where the modules come from. */
export interface ModuleSources extends ModuleSource {
  readonly wasmFull: ModuleSource["wasm"];
  /** Asks the page for the module of a format, or for videos; it may have none. */
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
    // Whoever names a module gets that one: what lies beside the worker need not go with it, or be there at all.
    const isOnlyOne = sources.wasm !== undefined && sources.wasmFull === undefined;
    this.#sources = sources;
    this.#startsFull = full && !isOnlyOne;
    this.#hasFull = !full && !isOnlyOne;
  }

  /** The module that works now, loaded when the first job comes that needs it: videos do not. */
  async core(): Promise<SearchingCore> {
    if (this.#core === undefined) {
      const module = this.#startsFull ? compileFull(this.#sources) : compileModule(this.#sources, USUAL);
      this.#core = new SearchingCore(await module);
    }
    return this.#core;
  }

  /** Bytes that it holds. */
  get memoryBytes(): number {
    return this.#core?.memoryBytes ?? 0;
  }

  /** Whether there is a full build than the one that works now. */
  get hasFull(): boolean {
    return this.#hasFull;
  }

  /** Lets the full build work from now on. It can do all that the usual one can, whose memory is given back. */
  async takeFull(): Promise<void> {
    if (this.#hasFull) {
      const usual = await this.core();
      const module = await compileFull(this.#sources);
      usual.dispose();
      this.#core = new SearchingCore(module, usual.decoders);
      this.#hasFull = false;
    }
  }

  /** The module for videos, loaded when the first one comes. */
  async videos(): Promise<VideoCore> {
    if (this.#videos === undefined) {
      const wasm = await this.#sources.askForDecoder("video");
      if (wasm === undefined) {
        throw new OwnprintError("load-failed", 'the module for videos is not to be had: name "video" in optionalCodecs, or one in wasmFormats');
      }
      this.#videos = new VideoCore(await compile(wasm, this.#sources));
    }
    return this.#videos;
  }

  /** Loads what decodes a format that the module at work cannot, and says whether there is such. */
  async takeDecoder(format: string | undefined): Promise<boolean> {
    if (this.#hasFull && decodedByFull.includes(format ?? "")) {
      await this.takeFull();
      return true;
    }
    const wasm = isOptionalCodec(format) ? await this.#sources.askForDecoder(format) : undefined;
    if (format === undefined || wasm === undefined) {
      return false;
    }
    const module = await compile(wasm, this.#sources);
    (await this.core()).addDecoder(format, module);
    return true;
  }
}

function compileFull(sources: ModuleSources): Promise<WebAssembly.Module> {
  return compileModule({ ...sources, wasm: sources.wasmFull }, FULL);
}
