/** The only file that calls ownprint. */

import type { Comparable, Comparison, Fingerprint, FingerprintOptions } from "ownprint/inline";

type Ownprint = typeof import("ownprint/inline");

// The large script is loaded in parallel with the page. It contains the worker and WebAssembly, so
// that the page needs nothing more from the network afterwards.
const loading: Promise<Ownprint> = import("ownprint/inline").then(async (ownprint) => {
  await ownprint.preload();
  return ownprint;
});

/** Resolves when the page needs nothing more from the network. */
export async function loaded(): Promise<void> {
  await loading;
}

/** Fingerprints a file with the core's default algorithms. */
export async function fingerprint(file: File, options: FingerprintOptions): Promise<Fingerprint> {
  // The browser may decode formats that ownprint cannot. The result says so, and the page shows it.
  return await busy((ownprint) => ownprint.fingerprint(file, { platformDecode: true, ...options }));
}

/** Compares two images by PDQ, also with the edits of either of them. */
export async function compare(one: Comparable, other: Comparable): Promise<Comparison> {
  return await busy(async (ownprint) => {
    const comparison = await ownprint.compare(one, other);
    if (comparison.isMatch) return comparison;
    const reversed = await ownprint.compare(other, one);
    return reversed.isMatch ? reversed : comparison;
  });
}

/** Ends the idle worker and releases its memory. The next call starts another one. */
export function forget(): void {
  if (running === 0) void loading.then(({ dispose }) => dispose()).catch(() => undefined);
}

let running = 0;

async function busy<Result>(work: (ownprint: Ownprint) => Promise<Result>): Promise<Result> {
  running += 1;
  try {
    return await work(await loading.catch((cause: unknown) => Promise.reject(notLoaded(cause))));
  } finally {
    running -= 1;
  }
}

// Gives the browser's error a code for which the page has words.
function notLoaded(cause: unknown): Error {
  return Object.assign(new Error("cannot load ownprint", { cause }), { code: "load-failed" });
}

/** Returns the stable code of an error. */
export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown";
}
