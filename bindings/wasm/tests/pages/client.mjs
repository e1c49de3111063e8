// The page with the client that fetches its worker and its modules.

import * as ownprint from "/dist/index.js";
import * as helpers from "/pages/helpers.mjs";

let playing;

/** Returns a client without the codecs of videos other than H.264, so that the browser plays them. */
function player() {
  return (playing ??= new ownprint.Ownprint({ optionalCodecs: ["video"] }));
}

Object.assign(globalThis, { ownprint, player, ...helpers });
