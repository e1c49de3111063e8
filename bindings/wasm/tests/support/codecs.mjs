// The codecs of ownprint-codecs, in Node and in the pages.

import avif from "../../codecs/dist/avif.js";
import heic from "../../codecs/dist/heic.js";
import jxl from "../../codecs/dist/jxl.js";
import video from "../../codecs/dist/video.js";
import videoAv1 from "../../codecs/dist/video-av1.js";
import videoHevc from "../../codecs/dist/video-hevc.js";
import videoVp8 from "../../codecs/dist/video-vp8.js";
import videoVp9 from "../../codecs/dist/video-vp9.js";

const ALL = [heic, avif, jxl, video, videoHevc, videoVp9, videoVp8, videoAv1];

/**
 * Returns the codecs with these names; without names, all.
 *
 * @param {...string} names
 */
export function codecs(...names) {
  return names.length === 0 ? ALL : ALL.filter(({ name }) => names.includes(name));
}

export const CODECS_OF_PACKAGE = ALL.map(({ name }) => name);
