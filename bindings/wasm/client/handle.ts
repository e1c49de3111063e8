/** References to objects in a module's memory. */

import { OwnprintError } from "./errors.js";
import type { Glue } from "./generated/glue-full.js";

/** An object of a module. wasm-bindgen's types omit `__destroy_into_raw`. */
export interface GlueObject {
  free(): void;
  /** Drops the reference without a call into the module. */
  __destroy_into_raw(): number;
}

/** How an object of a module is used and released. */
export interface Hold {
  readonly call: <T>(step: (glue: Glue) => T, wipes?: boolean) => T;
  readonly release: () => void;
}

/**
 * An object of a module until it is consumed or disposed of.
 *
 * @internal
 */
export class Handle<Inner extends GlueObject> {
  readonly #hold: Hold;
  readonly #endedMessage: string;
  #inner: Inner | undefined;

  /** `endedMessage` is the message of the error `disposed` that calls throw afterwards. */
  constructor(inner: Inner, hold: Hold, endedMessage: string) {
    this.#inner = inner;
    this.#hold = hold;
    this.#endedMessage = endedMessage;
  }

  get inner(): Inner {
    if (this.#inner === undefined) {
      throw new OwnprintError("disposed", this.#endedMessage);
    }
    return this.#inner;
  }

  /** Runs `step` in the instance that the object belongs to. */
  call<T>(step: () => T, wipes?: boolean): T {
    return this.#hold.call(step, wipes);
  }

  /** Runs a step that consumes the object. */
  end<T>(step: (inner: Inner) => T): T {
    const inner = this.inner;
    this.#inner = undefined;
    this.#hold.release();
    return this.call(() => step(inner));
  }

  /** Frees the object unless it has ended. */
  dispose(): void {
    if (this.#inner === undefined) {
      return;
    }
    try {
      this.end((inner) => inner.free());
    } catch {
      // The instance is gone, and the object's memory with it.
    }
  }
}
