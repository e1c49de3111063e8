/**
 * An instance of a module that handles one file. Its memory is overwritten and released with the
 * file, and a decoder that fails affects no other file.
 */

import type { Limits } from "./compute-types.js";
import { errorFrom, invalidArgument, OwnprintError, textOf } from "./errors.js";
import type { GlueObject } from "./handle.js";

/** What the glue of every such module exports. */
interface FileGlue {
  initSync(module: { module: WebAssembly.Module }): { readonly memory: WebAssembly.Memory };
  /** Returns the core's error for a trap, as JSON. */
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
      throw new OwnprintError("disposed", "this file is finished; start another");
    }
    try {
      return step(this.#glue);
    } catch (thrown) {
      if (typeof thrown === "string") {
        throw errorFrom(thrown);
      }
      if (thrown instanceof OwnprintError) {
        throw thrown;
      }
      if (thrown instanceof TypeError) {
        throw invalidArgument(textOf(thrown), thrown);
      }
      const error = errorFrom(this.#glue.trapped(), thrown);
      this.dispose();
      throw error;
    }
  }

  /** Creates an object with the first call; disposes of the instance if the call fails. */
  start<T extends object>(step: (glue: Glue) => T): T {
    try {
      return this.hold(this.call(step));
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Runs the last call and disposes of the instance. */
  once<T>(step: (glue: Glue) => T): T {
    try {
      return this.call(step);
    } finally {
      this.dispose();
    }
  }

  /** Keeps the garbage collector from freeing an object in memory that was overwritten. */
  hold<T extends object>(object: T): T {
    this.#held.add(object as unknown as GlueObject);
    return object;
  }

  /** Overwrites and releases the memory. */
  dispose(): void {
    for (const object of this.#held) {
      object.__destroy_into_raw();
    }
    this.#held.clear();
    if (this.#memory !== undefined) {
      new Uint8Array(this.#memory.buffer).fill(0);
      this.#memory = undefined;
    }
  }
}

/** Returns limits as an object of a module. */
export function limitsIn<LimitsObject>(
  glue: { readonly Limits: new (...values: (number | undefined)[]) => LimitsObject },
  { fileBytes, width, height, pixels, memory, expansion }: Limits = {},
): LimitsObject {
  return new glue.Limits(fileBytes, width, height, pixels, memory, expansion);
}
