// Creates defective modules: one function traps, or nothing is overwritten.

const SECTION = { export: 7, code: 10 };
const FUNCTION = 0;
const UNREACHABLE = 0x00;
const NOP = 0x01;
const RETURN = 0x0f;
const GLOBAL_GET = 0x23;

/** How the allocator overwrites memory: `local.get 0, i32.const 0, local.get 1, memory.fill`. */
const WIPE = [0x20, 0x00, 0x41, 0x00, 0x20, 0x01, 0xfc, 0x0b, 0x00];

/**
 * Returns the module with `unreachable` at the start of an exported function.
 *
 * @param {Uint8Array} module
 * @param {RegExp} name of the export
 */
export function withTrapIn(module, name) {
  return beginning(module, name, [UNREACHABLE, UNREACHABLE]);
}

/** Returns the module without overwriting of the stack. @param {Uint8Array} module */
export function withoutWipingOfStack(module) {
  return beginning(module, /^wipeStack$/, [RETURN, NOP]);
}

/**
 * Returns the module with an allocator that does not overwrite freed memory.
 *
 * @param {Uint8Array} module
 */
export function withoutWipingOfHeap(module) {
  const leaving = Buffer.from(module);
  const at = leaving.indexOf(Buffer.from(WIPE));
  if (at === -1 || leaving.includes(Buffer.from(WIPE), at + 1))
    throw new Error("the overwriting of memory was not found exactly once");
  return new Uint8Array(leaving.fill(NOP, at, at + WIPE.length));
}

/**
 * Replaces the first two bytes of an exported function.
 *
 * @param {Uint8Array} module
 * @param {RegExp} name
 * @param {number[]} bytes
 */
function beginning(module, name, bytes) {
  const changed = Uint8Array.from(module);
  const at = firstInstruction(changed, indexOf(changed, name) - importedFunctions(changed));
  // A function with a stack frame starts with the stack pointer, global 0.
  if (changed[at] !== GLOBAL_GET || changed[at + 1] !== 0)
    throw new Error(`${name} begins with ${changed[at]}`);
  changed.set(bytes, at);
  return changed;
}

/** Returns the index of an exported function. @param {Uint8Array} module @param {RegExp} name */
function indexOf(module, name) {
  const reader = section(module, SECTION.export);
  for (let left = reader.number(); left > 0; left -= 1) {
    const [exported, kind, index] = [reader.name(), reader.number(), reader.number()];
    if (kind === FUNCTION && name.test(exported)) return index;
  }
  throw new Error(`there is no export ${name}`);
}

/**
 * Returns the number of imported functions, whose indices precede the others.
 *
 * @param {Uint8Array} module
 */
function importedFunctions(module) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(Uint8Array.from(module)));
  return imports.filter(({ kind }) => kind === "function").length;
}

/**
 * Returns the offset of a function's first instruction, after its locals.
 *
 * @param {Uint8Array} module
 * @param {number} index
 */
function firstInstruction(module, index) {
  const reader = section(module, SECTION.code);
  reader.number();
  for (let skipped = 0; skipped < index; skipped += 1) reader.skip(reader.number());
  reader.number();
  for (let groups = reader.number(); groups > 0; groups -= 1) {
    reader.number();
    reader.number();
  }
  return reader.at;
}

/** Returns a reader for the contents of a section. @param {Uint8Array} module @param {number} id */
function section(module, id) {
  const reader = new Reader(module, 8);
  while (reader.at < module.length) {
    const found = reader.number();
    const length = reader.number();
    if (found === id) return reader;
    reader.skip(length);
  }
  throw new Error(`there is no section ${id}`);
}

class Reader {
  /** @param {Uint8Array} bytes @param {number} at */
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Reads an unsigned LEB128 number. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  name() {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }

  /** @param {number} bytes */
  skip(bytes) {
    this.at += bytes;
  }
}
