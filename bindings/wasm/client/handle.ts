/** Objects that live in a module's memory, held from outside. */

import type { Glue } from "./generated/glue-full.js";

/** An object of the module. wasm-bindgen leaves out of its types how to let go of one without telling the module. */
export interface GlueObject {
  free(): void;
  __destroy_into_raw(): number;
}

/** How an object of the module is used, and given back. */
export interface Hold {
  readonly call: <T>(step: (glue: Glue) => T, wipes?: boolean) => T;
  readonly release: () => void;
}

/**
 * An object of the module, until a step takes it over or it is given back.
 *
 * @internal
 */
export class Handle<Inner extends GlueObject> {
  readonly #hold: Hold;
  readonly #gone: string;
  #inner: Inner | undefined;

  /** `gone` is what calls are told that come too late. */
  constructor(inner: Inner, hold: Hold, gone: string) {
    this.#inner = inner;
    this.#hold = hold;
    this.#gone = gone;
  }

  get inner(): Inner {
    if (this.#inner === undefined) {
      throw new TypeError(this.#gone);
    }
    return this.#inner;
  }

  /** Takes a step in the instance that the object is of. */
  call<T>(step: () => T, wipes?: boolean): T {
    return this.#hold.call(step, wipes);
  }

  /** Ends it by a step that takes the object over. */
  end<T>(step: (inner: Inner) => T): T {
    const inner = this.inner;
    this.#inner = undefined;
    this.#hold.release();
    return this.call(() => step(inner));
  }

  /** Gives the object back, unless it is gone. */
  dispose(): void {
    if (this.#inner === undefined) {
      return;
    }
    try {
      this.end((inner) => inner.free());
    } catch {
      // The instance is gone, and with it everything that was kept.
    }
  }
}
