// The page with the client whose script contains the worker and the default build.

import avif from "/codecs/dist/inline/avif.js";
import heic from "/codecs/dist/inline/heic.js";
import jxl from "/codecs/dist/inline/jxl.js";
import * as ownprint from "/dist/inline.js";
import * as helpers from "/pages/helpers.mjs";

ownprint.addCodecs(avif, heic, jxl);

Object.assign(globalThis, { ownprint, ...helpers });
