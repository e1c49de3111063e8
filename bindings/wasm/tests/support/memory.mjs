// The memory of a browser's processes on Linux; 0 on other systems.

import { readFile, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Samples the memory of a process and its descendants.
 *
 * @param {number | undefined} root
 */
export function sampleMemory(root) {
  const start = residentBytes(root);
  let peak = 0;
  let isRunning = true;
  const sampling = (async () => {
    while (isRunning) {
      peak = Math.max(peak, await residentBytes(root));
      await sleep(250);
    }
  })();
  return {
    async stop() {
      isRunning = false;
      await sampling;
      return { start: await start, peak };
    },
  };
}

/** @param {number | undefined} root */
export async function residentBytes(root) {
  if (root === undefined || process.platform !== "linux") return 0;
  const parents = new Map();
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    // The name in parentheses may contain anything; the parent is the second field after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    parents.set(Number(entry), Number(fields[1]));
  }
  const isOurs = (/** @type {number} */ id) => {
    for (let at = id; at; at = parents.get(at) ?? 0) if (at === root) return true;
    return false;
  };
  let bytes = 0;
  for (const id of [...parents.keys()].filter(isOurs)) {
    // Proportional shares, so that shared memory counts once.
    const rollup = await readFile(`/proc/${id}/smaps_rollup`, "utf8").catch(() => "");
    bytes += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  }
  return bytes;
}
