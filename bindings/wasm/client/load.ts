/** Getting the module: which file, from where, and whether it is the one that was meant. */

import { asBytes } from "./bytes.js";
import { hasSimd } from "./simd.js";
import { OwnprintError } from "./types.js";
import type { CodecModule, LoadOptions, WasmSource } from "./types.js";

/** Where a module comes from. */
export interface ModuleSource extends LoadOptions {
  /** How a file is read where `fetch` cannot: Node's `file:` addresses. */
  readonly readFile?: ((address: URL) => Promise<ArrayBufferView>) | undefined;
}

/** Where the two builds of a module are. Functions: a bundler sees the addresses, and only one is made. */
export interface ModuleFiles {
  readonly simd: () => URL;
  readonly baseline: () => URL;
}

/** The module that pages need: PDQ, digests, the image formats of the web. */
export const USUAL: ModuleFiles = {
  simd: () => new URL("./ownprint-simd.wasm", import.meta.url),
  baseline: () => new URL("./ownprint.wasm", import.meta.url),
};

/** The full build: every family of hashes, every image format. */
export const FULL: ModuleFiles = {
  simd: () => new URL("./ownprint-full-simd.wasm", import.meta.url),
  baseline: () => new URL("./ownprint-full.wasm", import.meta.url),
};

/** The module without image decoders. */
export const PIXELS: ModuleFiles = {
  simd: () => new URL("./ownprint-pixels-simd.wasm", import.meta.url),
  baseline: () => new URL("./ownprint-pixels.wasm", import.meta.url),
};

/** The modules that decode one kind of image each, and the one for videos. SIMD would make but HEIC no faster. */
export const DECODERS: Readonly<Record<CodecModule, () => URL>> = {
  heic: () =>
    hasSimd() ? new URL("./ownprint-heic-simd.wasm", import.meta.url) : new URL("./ownprint-heic.wasm", import.meta.url),
  avif: () => new URL("./ownprint-avif.wasm", import.meta.url),
  jxl: () => new URL("./ownprint-jxl.wasm", import.meta.url),
  video: () => new URL("./ownprint-video.wasm", import.meta.url),
};

/** Compiles the module that `source` names, or the package's own. */
export function compileModule(source: ModuleSource, files: ModuleFiles): Promise<WebAssembly.Module> {
  return compile(source.wasm ?? (hasSimd() ? files.simd() : files.baseline()), source);
}

/** Compiles a module. Its integrity is checked before that. */
export async function compile(wasm: WasmSource, source: Omit<ModuleSource, "wasm">): Promise<WebAssembly.Module> {
  const { integrity, readFile } = source;
  try {
    if (typeof wasm === "string" || wasm instanceof URL) {
      const address = new URL(wasm, globalThis.location?.href);
      const isLocal = readFile !== undefined && address.protocol === "file:";
      return isLocal ? await compileChecked(await readFile(address), integrity) : await compileFetched(address, integrity);
    }
    if (!isModule(wasm)) {
      return await compileChecked(wasm, integrity);
    }
    if (integrity !== undefined) {
      throw new OwnprintError("integrity-mismatch", "a compiled module has no bytes to check: give its bytes or address");
    }
    return wasm;
  } catch (error) {
    if (error instanceof OwnprintError) {
      throw error;
    }
    throw loadFailed(error);
  }
}

/** What the module's address gives, for whoever compiles it. */
export async function fetchModule(address: URL): Promise<BufferSource> {
  try {
    return await (await fetchOk(address)).arrayBuffer();
  } catch (error) {
    throw loadFailed(error);
  }
}

export function loadFailed(cause: unknown): OwnprintError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new OwnprintError("load-failed", `the WebAssembly module could not be loaded: ${detail}`, { cause });
}

async function fetchOk(address: URL): Promise<Response> {
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok) {
    throw new Error(`${address} answered ${response.status}`);
  }
  return response;
}

async function compileFetched(address: URL, integrity: string | undefined): Promise<WebAssembly.Module> {
  const response = await fetchOk(address);
  const isWasm = response.headers.get("content-type")?.startsWith("application/wasm") === true;
  // Compiling while it arrives needs the right content type, and leaves no bytes to check.
  if (integrity === undefined && isWasm) {
    return WebAssembly.compileStreaming(response);
  }
  return compileChecked(await response.arrayBuffer(), integrity);
}

async function compileChecked(wasm: BufferSource | ArrayBufferView, integrity: string | undefined): Promise<WebAssembly.Module> {
  const bytes = asBytes(wasm) as Uint8Array<ArrayBuffer>;
  if (integrity !== undefined) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
    const found = `sha384-${btoa(String.fromCharCode(...digest))}`;
    if (!integrity.split(/\s+/).includes(found)) {
      throw new OwnprintError(
        "integrity-mismatch",
        `the WebAssembly module is not the expected one: it has ${found}, expected was ${integrity}`,
      );
    }
  }
  return WebAssembly.compile(bytes);
}

/** By its name: a module of another window is no instance of this window's class. */
function isModule(wasm: BufferSource | WebAssembly.Module): wasm is WebAssembly.Module {
  return Object.prototype.toString.call(wasm) === "[object WebAssembly.Module]";
}
