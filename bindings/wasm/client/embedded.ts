/** The platform of `./inline` and `./inline-full`, whose scripts contain worker and modules. */

import { workerScript } from "./generated/worker-script.js";
import type { Platform } from "./platform.js";
import type { WasmBytes } from "./types.js";
import { requireWorkers, webWorker, webWorkers } from "./web-worker.js";

/** A module that was compressed with gzip. */
interface Embedded {
  readonly base64: string;
}

/** `load` imports the script with the module. Each worker is sent a copy of the module's bytes. */
export function embeddedPlatform(load: () => Promise<Embedded>): Platform {
  let decoded: WasmBytes | undefined;
  return {
    clonesBlobs: true,
    workers: webWorkers,

    startWorker({ worker }) {
      requireWorkers();
      if (worker !== undefined) {
        return webWorker(new Worker(worker as string | URL));
      }
      const script = new Blob([workerScript], { type: "text/javascript" });
      const address = URL.createObjectURL(script);
      const trusted = trustedAddress(address) as string;
      return webWorker(new Worker(trusted), () => URL.revokeObjectURL(address));
    },

    async embeddedModule() {
      return (decoded ??= await bytesOf(await load()));
    },
  };
}

/** Returns the bytes of an embedded module. */
export async function bytesOf({ base64 }: Embedded): Promise<ArrayBuffer> {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): unknown };
}

let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;

/** Where a page requires Trusted Types, it must allow the policy `ownprint`. */
function trustedAddress(address: string): unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined) {
    return address;
  }
  try {
    policy ??= trustedTypes.createPolicy("ownprint", { createScriptURL: (it) => it });
  } catch {
    // The page does not allow the policy; without a requirement, the text is enough.
    return address;
  }
  return policy.createScriptURL(address);
}
