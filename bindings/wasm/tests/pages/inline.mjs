// The page with the client that holds its worker and its module in its script.

import * as ownprint from "/dist/inline.js";
import * as helpers from "/pages/helpers.mjs";

Object.assign(globalThis, { ownprint, ...helpers });
