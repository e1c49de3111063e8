/** Finds, fetches, checks and compiles modules. */

import { asBytes } from "./bytes.js";
import { OwnprintError, textOf } from "./errors.js";
import { hasSimd } from "./simd.js";
import type { CodecModule, LoadOptions, WasmSource } from "./types.js";

/** Where a module comes from. */
export interface ModuleSource extends LoadOptions {
  /** Reads a file that `fetch` cannot read: `file:` addresses in Node. */
  readonly readFile?: ((address: URL) => Promise<ArrayBufferView>) | undefined;
}

/**
 * Addresses of the two builds of a module. They are functions, so that bundlers see the addresses
 * and only one of them is created.
 */
export interface ModuleFiles {
  readonly simd: () => URL;
  readonly baseline: () => URL;
}

/** The default build: PDQ, digests, and the common image formats of the web. */
export const DEFAULT_BUILD: ModuleFiles = {
  simd: () => new URL("./ownprint-simd.wasm", import.meta.url),
  baseline: () => new URL("./ownprint.wasm", import.meta.url),
};

/** The full build: every hash, more image formats, search and records. */
export const FULL_BUILD: ModuleFiles = {
  simd: () => new URL("./ownprint-full-simd.wasm", import.meta.url),
  baseline: () => new URL("./ownprint-full.wasm", import.meta.url),
};

/** The build without image decoders. */
export const PIXELS_BUILD: ModuleFiles = {
  simd: () => new URL("./ownprint-pixels-simd.wasm", import.meta.url),
  baseline: () => new URL("./ownprint-pixels.wasm", import.meta.url),
};

/** The modules of optional codecs. Only HEIC is faster with SIMD. */
export const CODEC_FILES: Readonly<Record<CodecModule, () => URL>> = {
  heic: () =>
    hasSimd()
      ? new URL("./ownprint-heic-simd.wasm", import.meta.url)
      : new URL("./ownprint-heic.wasm", import.meta.url),
  avif: () => new URL("./ownprint-avif.wasm", import.meta.url),
  jxl: () => new URL("./ownprint-jxl.wasm", import.meta.url),
  video: () => new URL("./ownprint-video.wasm", import.meta.url),
  "video-hevc": () => new URL("./ownprint-video-hevc.wasm", import.meta.url),
  "video-vp9": () => new URL("./ownprint-video-vp9.wasm", import.meta.url),
  "video-vp8": () => new URL("./ownprint-video-vp8.wasm", import.meta.url),
  "video-av1": () => new URL("./ownprint-video-av1.wasm", import.meta.url),
};

/** Compiles the module in `source.wasm`, or the package's own. */
export function compileModule(
  source: ModuleSource,
  files: ModuleFiles,
): Promise<WebAssembly.Module> {
  return compile(source.wasm ?? (hasSimd() ? files.simd() : files.baseline()), source);
}

/** Compiles a module after checking its integrity. */
export async function compile(
  wasm: WasmSource,
  source: Omit<ModuleSource, "wasm">,
): Promise<WebAssembly.Module> {
  const { integrity, readFile } = source;
  try {
    if (typeof wasm === "string" || wasm instanceof URL) {
      const address = new URL(wasm, globalThis.location?.href);
      const isLocal = readFile !== undefined && address.protocol === "file:";
      return isLocal
        ? await compileChecked(await readFile(address), expected(integrity, address))
        : await compileFetched(address, expected(integrity, address));
    }
    if (!isModule(wasm)) {
      return await compileChecked(wasm, expected(integrity));
    }
    if (integrity !== undefined) {
      throw new OwnprintError(
        "integrity-mismatch",
        "the integrity of a compiled module cannot be checked; give its bytes or its address",
      );
    }
    return wasm;
  } catch (error) {
    if (error instanceof OwnprintError) {
      throw error;
    }
    throw loadFailed(error);
  }
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

/** Returns the bytes of a module. */
export async function fetchModule(address: URL): Promise<BufferSource> {
  try {
    return await (await fetchOk(address)).arrayBuffer();
  } catch (error) {
    throw loadFailed(error);
  }
}

export function loadFailed(cause: unknown): OwnprintError {
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

async function compileFetched(
  address: URL,
  integrity: string | undefined,
): Promise<WebAssembly.Module> {
  const response = await fetchOk(address);
  const isWasm = response.headers.get("content-type")?.startsWith("application/wasm") === true;
  // Streaming compilation needs the right content type, and leaves no bytes to check.
  if (integrity === undefined && isWasm) {
    return WebAssembly.compileStreaming(response);
  }
  return compileChecked(await response.arrayBuffer(), integrity);
}

async function compileChecked(
  wasm: BufferSource | ArrayBufferView,
  integrity: string | undefined,
): Promise<WebAssembly.Module> {
  const bytes = asBytes(wasm) as Uint8Array<ArrayBuffer>;
  if (integrity !== undefined) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
    const found = `sha384-${btoa(String.fromCharCode(...digest))}`;
    if (!integrity.split(/\s+/).includes(found)) {
      throw new OwnprintError(
        "integrity-mismatch",
        `the WebAssembly module has the hash ${found}; expected ${integrity}`,
      );
    }
  }
  return WebAssembly.compile(bytes);
}

/** Checks the name, because a module of another window is no instance of this window's class. */
function isModule(wasm: BufferSource | WebAssembly.Module): wasm is WebAssembly.Module {
  return Object.prototype.toString.call(wasm) === "[object WebAssembly.Module]";
}
