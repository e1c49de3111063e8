/** An instance of a module for one file: what that needs of memory goes with it, and a decoder that gave up takes nothing else along. */

import { errorOf } from "./errors.js";
import type { GlueObject } from "./handle.js";
import { OwnprintError } from "./types.js";
import type { Limits } from "./types.js";

/** What the glue of such a module has, whatever else it has. */
interface FileGlue {
  initSync(module: { module: WebAssembly.Module }): { readonly memory: WebAssembly.Memory };
  /** The error that the core has for a trap, as JSON. */
  trapped(): string;
}

export class Instance<Glue extends FileGlue> {
  readonly #glue: Glue;
  readonly #held = new Set<GlueObject>();
  #memory: WebAssembly.Memory | undefined;

  constructor(module: WebAssembly.Module, glue: Glue) {
    this.#glue = glue;
    this.#memory = glue.initSync({ module }).memory;
  }

  call<T>(step: (glue: Glue) => T): T {
    if (this.#memory === undefined) {
      throw new TypeError("this file is finished; start another");
    }
    try {
      return step(this.#glue);
    } catch (thrown) {
      if (typeof thrown === "string") {
        throw errorOf(thrown);
      }
      if (thrown instanceof OwnprintError || thrown instanceof TypeError) {
        throw thrown;
      }
      const error = errorOf(this.#glue.trapped(), thrown);
      this.dispose();
      throw error;
    }
  }

  /** A first step, which makes an object; where it fails nothing is left. */
  start<T extends object>(step: (glue: Glue) => T): T {
    try {
      return this.hold(this.call(step));
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** The last step. */
  once<T>(step: (glue: Glue) => T): T {
    try {
      return this.call(step);
    } finally {
      this.dispose();
    }
  }

  /** An object of this instance, which the garbage collector must not give back to it once its memory is overwritten. */
  hold<T extends object>(made: T): T {
    this.#held.add(made as unknown as GlueObject);
    return made;
  }

  /** Overwrites all that it holds. */
  dispose(): void {
    for (const one of this.#held) {
      one.__destroy_into_raw();
    }
    this.#held.clear();
    if (this.#memory !== undefined) {
      new Uint8Array(this.#memory.buffer).fill(0);
      this.#memory = undefined;
    }
  }
}

/** Limits as a module takes them. */
export function limitsIn<Made>(
  glue: { readonly Limits: new (...values: (number | undefined)[]) => Made },
  { fileBytes, width, height, pixels, memory, expansion }: Limits = {},
): Made {
  return new glue.Limits(fileBytes, width, height, pixels, memory, expansion);
}
