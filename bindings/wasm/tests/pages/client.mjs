// The page with the client that fetches its worker and its modules.

import * as ownprint from "/dist/index.js";
import * as helpers from "/pages/helpers.mjs";

Object.assign(globalThis, { ownprint, ...helpers });
