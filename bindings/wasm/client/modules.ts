/** The modules of a worker: the usual one first, and the fuller one in its place from the moment that it is needed. */

import { FingerprintCore } from "./fingerprint-core.js";
import { glue } from "./generated/glue.js";
import { compileModule, FULL, USUAL, type ModuleSource } from "./load.js";

/** Where the modules come from. */
export interface ModuleSources extends ModuleSource {
  readonly wasmFull: ModuleSource["wasm"];
}

export class Modules {
  #core: FingerprintCore;
  #loadFuller: (() => Promise<WebAssembly.Module>) | undefined;

  static async load(sources: ModuleSources): Promise<Modules> {
    const core = new FingerprintCore(await compileModule(sources, USUAL), glue);
    // Whoever names a module gets that one: what lies beside the worker need not go with it, or be there at all.
    if (sources.wasm !== undefined && sources.wasmFull === undefined) {
      return new Modules(core);
    }
    return new Modules(core, () => compileModule({ ...sources, wasm: sources.wasmFull }, FULL));
  }

  private constructor(core: FingerprintCore, loadFuller?: () => Promise<WebAssembly.Module>) {
    this.#core = core;
    this.#loadFuller = loadFuller;
  }

  /** The module that works now. */
  get core(): FingerprintCore {
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
      this.#core = new FingerprintCore(module, glue);
      this.#loadFuller = undefined;
    }
  }
}
