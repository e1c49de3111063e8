/** The only file that talks to ownprint. */

import type { Comparable, Comparison, Fingerprint, FingerprintOptions } from "ownprint/inline";

type Ownprint = typeof import("ownprint/inline");

// Asked for at once, beside the page and not behind it, so that the words are there while the large script comes. With worker
// and WebAssembly inside it, it is the last thing that the page needs from anywhere.
const loading: Promise<Ownprint> = import("ownprint/inline").then(async (ownprint) => {
  await ownprint.preload();
  return ownprint;
});

/** Ends when the page needs nothing more from the network. */
export async function loaded(): Promise<void> {
  await loading;
}

/** The fingerprint of a file, with the core's own choice of what to compute. */
export async function fingerprint(file: File, options: FingerprintOptions): Promise<Fingerprint> {
  return await busy(async (ownprint) => {
    try {
      // The browser may help with pictures that ownprint cannot read itself; the result says so, and the page passes it on.
      return await ownprint.fingerprint(file, { platformDecode: true, ...options });
    } catch (error) {
      // Nor can the browser: the file's digests are left.
      if (codeOf(error) !== "unsupported-format") throw error;
      return await ownprint.fingerprint(file, options);
    }
  });
}

/** How far apart two pictures are by PDQ; whichever has the hashes of its edits, one of them may be what is the same. */
export async function compare(one: Comparable, other: Comparable): Promise<Comparison> {
  return await busy(async (ownprint) => {
    const comparison = await ownprint.compare(one, other);
    return comparison.match ? comparison : await ownprint.compare(other, one).then((it) => (it.match ? it : comparison));
  });
}

/** Ends the worker, and with it all memory that pictures were in, unless it is at work. The next call starts another. */
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

// The browser says only that a script is missing; the page has words for this code.
function notLoaded(cause: unknown): Error {
  return Object.assign(new Error("ownprint could not be loaded", { cause }), { code: "load-failed" });
}

/** The stable code of what went wrong. */
export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown";
}
