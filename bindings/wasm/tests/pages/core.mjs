// The page with the synchronous core and the search through its memory.

import * as core from "/dist/core.js";
import * as helpers from "/pages/helpers.mjs";
import { windowsFound } from "/support/residue.mjs";

Object.assign(globalThis, { core, windowsFound, ...helpers });
