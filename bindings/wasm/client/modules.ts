/** The modules of a worker, each from the moment that it is needed: the usual one first, but for films. */

import { FilmCore } from "./film-core.js";
import { isFurther } from "./further-formats.js";
import { decodedByFuller } from "./generated/decoded.js";
import { compile, compileModule, FULL, USUAL, type ModuleSource } from "./load.js";
import type { SentModule } from "./protocol.js";
import { SearchingCore } from "./searching-core.js";
import { OwnprintError } from "./types.js";
import type { FurtherModule } from "./types.js";

/** Where the modules come from. */
export interface ModuleSources extends ModuleSource {
  readonly wasmFull: ModuleSource["wasm"];
  /** Asks the page for the module of a format, or for films; it may have none. */
  readonly askForDecoder: (format: FurtherModule) => Promise<SentModule | undefined>;
}

export class Modules {
  readonly #sources: ModuleSources;
  readonly #startsFuller: boolean;
  #core: SearchingCore | undefined;
  #hasFuller: boolean;
  #films: FilmCore | undefined;

  /** `fuller` starts with the fuller module. Nothing is loaded yet. */
  constructor(sources: ModuleSources, fuller: boolean) {
    // Whoever names a module gets that one: what lies beside the worker need not go with it, or be there at all.
    const isOnlyOne = sources.wasm !== undefined && sources.wasmFull === undefined;
    this.#sources = sources;
    this.#startsFuller = fuller && !isOnlyOne;
    this.#hasFuller = !fuller && !isOnlyOne;
  }

  /** The module that works now, loaded when the first job comes that needs it: films do not. */
  async core(): Promise<SearchingCore> {
    if (this.#core === undefined) {
      const module = this.#startsFuller ? compileFuller(this.#sources) : compileModule(this.#sources, USUAL);
      this.#core = new SearchingCore(await module);
    }
    return this.#core;
  }

  /** Bytes that it holds. */
  get memoryBytes(): number {
    return this.#core?.memoryBytes ?? 0;
  }

  /** Whether there is a fuller module than the one that works now. */
  get hasFuller(): boolean {
    return this.#hasFuller;
  }

  /** Lets the fuller module work from now on. It can do all that the usual one can, whose memory is given back. */
  async takeFuller(): Promise<void> {
    if (this.#hasFuller) {
      const usual = await this.core();
      const module = await compileFuller(this.#sources);
      usual.dispose();
      this.#core = new SearchingCore(module, usual.decoders);
      this.#hasFuller = false;
    }
  }

  /** The module for films, loaded when the first one comes. */
  async films(): Promise<FilmCore> {
    if (this.#films === undefined) {
      const wasm = await this.#sources.askForDecoder("video");
      if (wasm === undefined) {
        throw new OwnprintError("load-failed", 'the module for films is not to be had: name "video" in furtherFormats, or one in wasmFormats');
      }
      this.#films = new FilmCore(await compile(wasm, this.#sources));
    }
    return this.#films;
  }

  /** Loads what decodes a format that the module at work cannot, and says whether there is such. */
  async takeDecoder(format: string | undefined): Promise<boolean> {
    if (this.#hasFuller && decodedByFuller.includes(format ?? "")) {
      await this.takeFuller();
      return true;
    }
    const wasm = isFurther(format) ? await this.#sources.askForDecoder(format) : undefined;
    if (format === undefined || wasm === undefined) {
      return false;
    }
    const module = await compile(wasm, this.#sources);
    (await this.core()).addDecoder(format, module);
    return true;
  }
}

function compileFuller(sources: ModuleSources): Promise<WebAssembly.Module> {
  return compileModule({ ...sources, wasm: sources.wasmFull }, FULL);
}
