/** Whether a file is a picture or a video, before the core has looked into it. */

export type Kind = "image" | "video";

/** Endings of names whose type browsers and systems often do not know. */
const VIDEO_NAMES = /\.(mp4|m4v|mov|qt|3gp|3g2|webm|mkv|avi|mpe?g|ts|mts|m2ts|ogv|wmv|flv)$/i;

/** Returns what the type or the name of a file says; `undefined` if they say nothing. */
export function kindOf({ type, name }: File): Kind | undefined {
  if (type.startsWith("video/")) return "video";
  if (type.startsWith("image/")) return "image";
  return VIDEO_NAMES.test(name) ? "video" : undefined;
}
