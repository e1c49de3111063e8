/** Finds, fetches, checks and compiles modules. */

import { asBytes } from "./bytes.js";
import { OwnprintError, textOf } from "./errors.js";
import { hasSimd } from "./simd.js";
import type { LoadOptions, WasmBytes, WasmSource } from "./types.js";

/** Where a module comes from. */
export interface ModuleSource extends LoadOptions {
  /** Reads a file that `fetch` cannot read: `file:` addresses in Node. */
  readonly readFile?: ((address: URL) => Promise<ArrayBufferView>) | undefined;
}

/** Returns the address of a build. Bundlers recognize the expressions in such functions. */
export type ModuleFile = () => URL;

// Functions of their own: a minifier would join the two expressions to one that bundlers do not
// recognize.
const defaultSimd: ModuleFile = () => new URL("./ownprint-simd.wasm", import.meta.url);
const defaultBaseline: ModuleFile = () => new URL("./ownprint.wasm", import.meta.url);

/** The default build: PDQ, digests, and the common image formats of the web. */
export const DEFAULT_BUILD: ModuleFile = () => (hasSimd() ? defaultSimd() : defaultBaseline());

/** The full build: every hash, more image formats, search and records. */
export const FULL_BUILD: ModuleFile = () =>
  withSimd(() => new URL("./ownprint-full-simd.wasm", import.meta.url));

/** The build without image decoders. */
export const PIXELS_BUILD: ModuleFile = () =>
  withSimd(() => new URL("./ownprint-pixels-simd.wasm", import.meta.url));

/** Every engine has SIMD since 2023, so that only the default build exists without it. */
function withSimd(file: ModuleFile): URL {
  requireSimd();
  return file();
}

/** Throws in an engine without SIMD. */
export function requireSimd(): void {
  if (!hasSimd()) {
    throw new OwnprintError(
      "load-failed",
      "this WebAssembly engine has no SIMD, which this module needs; update the browser",
    );
  }
}

/** Compiles the module in `source.wasm`, or the package's own. */
export async function compileModule(
  source: ModuleSource,
  file: ModuleFile,
): Promise<WebAssembly.Module> {
  return compile(source.wasm ?? addressOf(file), source);
}

function addressOf(file: ModuleFile): URL {
  try {
    return file();
  } catch (error) {
    if (error instanceof OwnprintError) {
      throw error;
    }
    // Edge runtimes have modules that are compiled ahead, and no addresses of files.
    throw new OwnprintError(
      "load-failed",
      "this platform gives modules no address; import the file, such as " +
        "ownprint/ownprint-simd.wasm, and use new Core(module) of ownprint/core",
      { cause: error },
    );
  }
}

/** Compiles a module after checking its integrity. */
export async function compile(
  wasm: WasmSource,
  source: Omit<ModuleSource, "wasm">,
): Promise<WebAssembly.Module> {
  return loading(async () => {
    const isFetched = isAddress(wasm) && localAddress(wasm, source) === undefined;
    if (isFetched && source.integrity === undefined) {
      const response = await fetchOk(addressFrom(wasm));
      // Streaming compilation needs the right content type.
      return isWasm(response)
        ? await WebAssembly.compileStreaming(response)
        : await WebAssembly.compile(checkedMagic(await response.arrayBuffer()));
    }
    const module = await checkedModule(wasm, source);
    return isModule(module) ? module : await WebAssembly.compile(module);
  });
}

/** Returns the bytes of a module after checking them, or the compiled module. */
export async function checkedModule(
  wasm: WasmSource,
  source: Omit<ModuleSource, "wasm">,
): Promise<WasmBytes | WebAssembly.Module> {
  const { integrity, readFile } = source;
  return loading(async () => {
    if (isAddress(wasm)) {
      const local = localAddress(wasm, source);
      const address = local ?? addressFrom(wasm);
      const bytes =
        local !== undefined && readFile !== undefined
          ? asBytes(await readFile(local))
          : await (await fetchOk(address)).arrayBuffer();
      return checkedBytes(bytes as WasmBytes, expected(integrity, address));
    }
    if (!isModule(wasm)) {
      return checkedBytes(wasm, expected(integrity));
    }
    if (integrity !== undefined) {
      throw new OwnprintError(
        "integrity-mismatch",
        "the integrity of a compiled module cannot be checked; give its bytes or its address",
      );
    }
    return wasm;
  });
}

async function loading<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof OwnprintError) {
      throw error;
    }
    throw loadFailed(error);
  }
}

function isAddress(wasm: WasmSource): wasm is string | URL {
  return typeof wasm === "string" || wasm instanceof URL;
}

/** A relative address is relative to the page. */
function addressFrom(wasm: string | URL): URL {
  return new URL(wasm, globalThis.location?.href);
}

/** Returns an address that `fetch` cannot read; `undefined` for others. */
function localAddress(
  wasm: string | URL,
  { readFile }: Omit<ModuleSource, "wasm">,
): URL | undefined {
  if (readFile === undefined) {
    return undefined;
  }
  const address = addressFrom(wasm);
  return address.protocol === "file:" ? address : undefined;
}

/**
 * Returns the hashes that a module may have. A map of hashes names the module of each, so that one
 * module of the package cannot take the place of another.
 */
function expected(integrity: LoadOptions["integrity"], address?: URL): string | undefined {
  if (integrity === undefined || typeof integrity === "string") {
    return integrity;
  }
  const file = address?.pathname.split("/").pop() ?? "";
  const hash = Object.hasOwn(integrity, file) ? integrity[file] : undefined;
  if (hash === undefined) {
    throw new OwnprintError(
      "integrity-mismatch",
      `\`integrity\` has no hash of the module ${file || "that was given as bytes"}`,
    );
  }
  return hash;
}

function loadFailed(cause: unknown): OwnprintError {
  const detail = textOf(cause);
  return new OwnprintError("load-failed", `cannot load the WebAssembly module: ${detail}`, {
    cause,
  });
}

async function fetchOk(address: URL): Promise<Response> {
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok) {
    throw new Error(`the response has status ${response.status}`);
  }
  return response;
}

function isWasm(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("application/wasm") === true;
}

async function checkedBytes(
  wasm: WasmBytes,
  integrity: string | undefined,
): Promise<WasmBytes> {
  if (integrity !== undefined) {
    const bytes = asBytes(wasm) as Uint8Array<ArrayBuffer>;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
    const found = `sha384-${btoa(String.fromCharCode(...digest))}`;
    if (!integrity.split(/\s+/).includes(found)) {
      throw new OwnprintError(
        "integrity-mismatch",
        `the WebAssembly module has the hash ${found}; expected ${integrity}`,
      );
    }
  }
  return checkedMagic(wasm);
}

/** Checks the first bytes: many servers answer with a page of HTML where there is no file. */
function checkedMagic(wasm: WasmBytes): WasmBytes {
  const [first, a, s, m] = asBytes(wasm);
  if (first !== 0 || a !== 0x61 || s !== 0x73 || m !== 0x6d) {
    throw new Error("the bytes are no WebAssembly; is the address right?");
  }
  return wasm;
}

/** Checks the name, because a module of another window is no instance of this window's class. */
function isModule(wasm: WasmBytes | WebAssembly.Module): wasm is WebAssembly.Module {
  return Object.prototype.toString.call(wasm) === "[object WebAssembly.Module]";
}
