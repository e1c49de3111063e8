// What a browser's processes hold in memory together, as Linux counts it; 0 elsewhere.

import { readFile, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Samples what a process and all it started hold in memory.
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
    // The program's name is in parentheses and may hold anything; the parent is the second field behind it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    parents.set(Number(entry), Number(fields[1]));
  }
  const isOurs = (/** @type {number} */ id) => {
    for (let at = id; at; at = parents.get(at) ?? 0) if (at === root) return true;
    return false;
  };
  let bytes = 0;
  for (const id of [...parents.keys()].filter(isOurs)) {
    // Shares of what several processes have in common, so that it counts once.
    const rollup = await readFile(`/proc/${id}/smaps_rollup`, "utf8").catch(() => "");
    bytes += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  }
  return bytes;
}
