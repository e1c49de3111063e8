// The page with the client whose script contains the worker and the default build.

import * as ownprint from "/dist/inline.js";
import * as helpers from "/pages/helpers.mjs";

Object.assign(globalThis, { ownprint, ...helpers });
