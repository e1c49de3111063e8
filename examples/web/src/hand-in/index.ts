/** Chooses the service that receives hashes, by its address. */

import { HttpHandIn } from "./http";
import { MemoryHandIn } from "./memory";
import type { HandIn } from "./types";

export { hashesOf } from "./hashes";
export { HttpHandIn } from "./http";
export { MemoryHandIn } from "./memory";
export { grouped, newAttempt, newPin, typedDigits } from "./numbers";
export * from "./types";

/** The endpoint of a trial: cases stay in the memory of the page. */
export const TRIAL = "memory:";

/** Returns the service of an endpoint; throws a `TypeError` if its address is not allowed. */
export function handInAt(endpoint: string): HandIn {
  return endpoint === TRIAL ? new MemoryHandIn() : new HttpHandIn(endpoint);
}
