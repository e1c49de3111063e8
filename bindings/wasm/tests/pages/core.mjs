// The page with the synchronous core, and a way to see its memory.

import { watchMemories, windowsFound } from "/support/residue.mjs";

// Before the core is imported, so that no instance escapes.
const memories = watchMemories();
const core = await import("/dist/core.js");
const helpers = await import("/pages/helpers.mjs");

Object.assign(globalThis, { core, memories, windowsFound, ...helpers });
