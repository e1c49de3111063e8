/** The modules of a worker: the usual one first, and the fuller one in its place from the moment that it is needed. */

import { compileModule, FULL, USUAL, type ModuleSource } from "./load.js";
import { SearchingCore } from "./searching-core.js";

/** Where the modules come from. */
export interface ModuleSources extends ModuleSource {
  readonly wasmFull: ModuleSource["wasm"];
}

export class Modules {
  #core: SearchingCore;
  #loadFuller: (() => Promise<WebAssembly.Module>) | undefined;

  /** `fuller` loads the fuller module at once. */
  static async load(sources: ModuleSources, fuller = false): Promise<Modules> {
    const loadFuller = (): Promise<WebAssembly.Module> => compileModule({ ...sources, wasm: sources.wasmFull }, FULL);
    // Whoever names a module gets that one: what lies beside the worker need not go with it, or be there at all.
    const isOnlyOne = sources.wasm !== undefined && sources.wasmFull === undefined;
    if (fuller && !isOnlyOne) {
      return new Modules(new SearchingCore(await loadFuller()));
    }
    const core = new SearchingCore(await compileModule(sources, USUAL));
    return isOnlyOne ? new Modules(core) : new Modules(core, loadFuller);
  }

  private constructor(core: SearchingCore, loadFuller?: () => Promise<WebAssembly.Module>) {
    this.#core = core;
    this.#loadFuller = loadFuller;
  }

  /** The module that works now. */
  get core(): SearchingCore {
    return this.#core;
  }

  /** Whether there is a fuller module than the one that works now. */
  get hasFuller(): boolean {
    return this.#loadFuller !== undefined;
  }

  /** Lets the fuller module work from now on. It can do all that the usual one can, whose memory is given back. */
  async takeFuller(): Promise<void> {
    const module = await this.#loadFuller?.();
    if (module !== undefined) {
      this.#core.dispose();
      this.#core = new SearchingCore(module);
      this.#loadFuller = undefined;
    }
  }
}
