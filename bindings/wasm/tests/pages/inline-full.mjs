// The page with the client whose script contains the worker and the full build.

import * as ownprint from "/dist/inline-full.js";
import * as helpers from "/pages/helpers.mjs";

Object.assign(globalThis, { ownprint, ...helpers });
