// The page with the client that fetches its worker and its modules.

import * as ownprint from "/dist/index.js";
import * as helpers from "/pages/helpers.mjs";
import { codecs } from "/support/codecs.mjs";

ownprint.addCodecs(...codecs());

/** A client that has all codecs if the test names none. */
class Ownprint extends ownprint.Ownprint {
  constructor(options = {}) {
    super({ codecs: codecs(), ...options });
  }
}

let playing;

/** Returns a client without the codecs of videos other than H.264, so that the browser plays them. */
function player() {
  return (playing ??= new Ownprint({ codecs: codecs("video") }));
}

Object.assign(globalThis, { ownprint: { ...ownprint, Ownprint }, codecs, player, ...helpers });
