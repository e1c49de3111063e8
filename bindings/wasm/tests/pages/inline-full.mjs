// The page with the client that holds its worker and the full build in its script.

import * as ownprint from "/dist/inline-full.js";
import * as helpers from "/pages/helpers.mjs";

Object.assign(globalThis, { ownprint, ...helpers });
