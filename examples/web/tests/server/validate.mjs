/** Validates the bodies of requests. Every key is known, and every length is bounded. */

const MAX_FILES = 1000;
const MAX_VARIANTS = 64;
/** All frames of a submission: more than five hours of video. */
const MAX_FRAMES = 20_000;
const MAX_SECONDS = 1_000_000;

/** An error whose code the page knows; see `HAND_IN_CODES`. */
export class RequestError extends Error {
  constructor(status, code, message, retryAfter) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

const refuse = (message) => {
  throw new RequestError(400, "refused", message);
};

/** Returns the parts of a submission. */
export function submission(body) {
  keys(body, ["key", "pin", "files"], [], "the body");
  hex(body.key, 32, "key");
  pin(body.pin);
  const { files } = body;
  if (!Array.isArray(files) || files.length === 0 || files.length > MAX_FILES) {
    refuse(`files: an array of 1 to ${MAX_FILES}`);
  }
  let frames = 0;
  for (const file of files) {
    if (file?.kind === "image") image(file);
    else if (file?.kind === "video") frames += video(file);
    else refuse("kind: image or video");
  }
  if (frames > MAX_FRAMES) refuse(`vpdq: ${MAX_FRAMES} frames in all`);
  return { key: body.key, pin: body.pin, files };
}

/** Returns a case number and a PIN. */
export function numbers(body) {
  keys(body, ["case", "pin"], [], "the body");
  if (typeof body.case !== "string" || !/^[0-9]{12}$/.test(body.case)) {
    throw new RequestError(400, "invalid-number", "case: 12 digits");
  }
  pin(body.pin);
  return { number: body.case, pin: body.pin };
}

function pin(value) {
  if (typeof value !== "string" || !/^[0-9]{8}$/.test(value)) {
    throw new RequestError(400, "invalid-number", "pin: 8 digits");
  }
}

function image(file) {
  keys(file, ["kind", "pdq"], ["variants"], "an image");
  keys(file.pdq, ["hex", "quality"], [], "pdq");
  pdq(file.pdq);
  for (const variant of list(file.variants, MAX_VARIANTS, "variants")) {
    keys(variant, ["variant", "hex", "quality"], [], "a variant");
    // Steps of an edit such as rotate:4.5:black, joined by plus signs.
    if (typeof variant.variant !== "string" || !/^[a-z0-9:.+-]{1,200}$/.test(variant.variant)) {
      refuse("variant: a name");
    }
    pdq(variant);
  }
}

function video(file) {
  keys(file, ["kind", "md5"], ["vpdq"], "a video");
  hex(file.md5, 32, "md5");
  const frames = list(file.vpdq, MAX_FRAMES, "vpdq");
  for (const frame of frames) {
    keys(frame, ["frame", "quality", "hex", "seconds"], [], "a frame");
    if (!Number.isSafeInteger(frame.frame) || frame.frame < 0) refuse("frame: a number");
    const { seconds } = frame;
    if (typeof seconds !== "number" || !(seconds >= 0 && seconds <= MAX_SECONDS)) {
      refuse("seconds: a time");
    }
    pdq(frame);
  }
  return frames.length;
}

function pdq({ hex: value, quality }) {
  hex(value, 64, "hex");
  if (!Number.isInteger(quality) || quality < 0 || quality > 100) refuse("quality: 0 to 100");
}

function hex(value, length, name) {
  if (typeof value !== "string" || value.length !== length || !/^[0-9a-f]+$/.test(value)) {
    refuse(`${name}: ${length} hexadecimal digits`);
  }
}

/** Returns an optional list. */
function list(value, limit, name) {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > limit) refuse(`${name}: an array of up to ${limit}`);
  return value;
}

/** Refuses whatever is not an object with exactly these keys. File names would be one more. */
function keys(value, required, optional, name) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse(`${name}: an object`);
  }
  for (const key of required) if (!Object.hasOwn(value, key)) refuse(`${name}: ${key} is missing`);
  for (const key of Object.keys(value)) {
    if (!required.includes(key) && !optional.includes(key)) refuse(`${name}: an unknown key`);
  }
}
