/**
 * The only place where JSON of the core (snake_case, `docs/schema/fingerprint-1.json`) becomes
 * objects (camelCase), and objects become JSON.
 */

import type { HashAlgorithm } from "./algorithms.js";
import type { Diagnostic, ErrorCode, WarningCode } from "./errors.js";
import type {
  Comparison,
  Decoder,
  Digests,
  Fingerprint,
  ImageHashes,
  ImageInfo,
  PerceptualHash,
  SkippedVariant,
  VariantHash,
  VariantHashes,
  VariantSetName,
  VideoFingerprint,
  VpdqFrame,
} from "./fingerprint-types.js";
import { algorithmsWithSeveralValues } from "./generated/algorithms.js";

/**
 * A fingerprint as it is stored and exchanged: with the file's path, and possibly with hashes whose
 * image's format and size are not known.
 */
export interface FingerprintRecord extends Omit<Fingerprint, "image"> {
  /** Path or name of the file. */
  readonly path?: string;
  readonly image?: ImageHashes & Partial<ImageInfo>;
}

/** A record as JSON: a line of the command line's `jsonl`. The schema defines it. */
export interface RecordJson {
  readonly path?: string;
  readonly schema: 1;
  readonly format?: string | null;
  readonly width?: number;
  readonly height?: number;
  readonly orientation?: number;
  readonly stored_width?: number;
  readonly stored_height?: number;
  readonly orientation_applied?: boolean;
  readonly damaged?: true;
  readonly rgb_md5?: string;
  readonly hashes: Readonly<Record<string, HashJson>>;
  readonly variants?: VariantsJson;
  readonly video?: VideoJson;
  readonly digests: Digests;
  readonly warnings: readonly Diagnostic<WarningCode>[];
  readonly error?: Diagnostic<ErrorCode>;
  readonly decoder?: Decoder;
  readonly deterministic?: false;
}

/** The values of one algorithm: a list if the algorithm gives several, otherwise a string. */
export interface HashJson {
  readonly hex: string | readonly string[];
  readonly quality?: number;
}

/** A set of variants in a record. */
export interface VariantsJson {
  readonly set?: VariantSetName;
  readonly hashes: readonly VariantJson[];
  readonly skipped: readonly SkippedVariant[];
}

/** The hash of a variant in a record. */
export interface VariantJson {
  readonly variant: string;
  readonly hex: string;
  readonly quality: number;
}

/** A video in a record. */
export interface VideoJson {
  readonly format?: string;
  readonly codec?: string;
  readonly width: number;
  readonly height: number;
  readonly frames?: number;
  readonly frame_rate?: string;
  readonly damaged?: true;
  readonly vpdq: readonly FrameJson[];
}

/** The hash of a frame in a record. */
export interface FrameJson {
  readonly frame: number;
  readonly seconds: number;
  readonly hex: string;
  readonly quality: number;
}

/** Returns the fingerprint that a module gives as text. */
export function fingerprintFrom(text: string): Fingerprint {
  return recordFromJson(JSON.parse(text) as RecordJson) as Fingerprint;
}

/** Returns the frames that a module gives as text. */
export function framesFrom(text: string): VpdqFrame[] {
  return (JSON.parse(text) as FrameJson[]).map(frameFrom);
}

/** A comparison as the core writes it. */
export type ComparisonJson = Omit<Comparison, "isMatch" | "variant" | "queryVariant"> & {
  readonly match: boolean;
};

/** Returns the comparison of its JSON. */
export function comparisonFrom(json: ComparisonJson): Comparison {
  const { algorithm, distance, bits, threshold, match: isMatch } = json;
  return { algorithm, distance, bits, threshold, isMatch };
}

/**
 * Returns the object of a record that was parsed from JSON. The record is not checked; for records
 * from elsewhere use {@link Core.readRecord}.
 */
export function recordFromJson(json: RecordJson): FingerprintRecord {
  const { path, video, digests, warnings, error, decoder, deterministic = true } = json;
  return defined({
    path,
    image: imageFrom(json),
    video: video && videoFrom(video),
    digests,
    warnings,
    error,
    decoder,
    deterministic,
  });
}

/** Returns a record, or a fingerprint, in the form that `JSON.stringify` turns into a record. */
export function recordToJson(record: FingerprintRecord): RecordJson {
  const { path, image, video, digests, warnings, error, decoder, deterministic } = record;
  return defined({
    path,
    schema: 1 as const,
    ...(image && imageToJson(image)),
    hashes: image ? hashesToJson(image.hashes) : {},
    variants: image?.variants && variantsToJson(image.variants),
    video: video && videoToJson(video),
    digests,
    warnings,
    error,
    decoder,
    deterministic: deterministic ? undefined : (false as const),
  });
}

function imageFrom(json: RecordJson): FingerprintRecord["image"] {
  const { format, width, height, orientation, damaged = false, hashes, variants } = json;
  const isImage = width !== undefined || variants !== undefined || Object.keys(hashes).length > 0;
  if (!isImage) {
    return undefined;
  }
  const { pdq } = hashes;
  return defined({
    format,
    width,
    height,
    orientation,
    storedWidth: json.stored_width,
    storedHeight: json.stored_height,
    orientationApplied: json.orientation_applied,
    damaged,
    rgbMd5: json.rgb_md5,
    pdq: pdq?.quality === undefined ? undefined : pdqFrom(pdq as FrameJson),
    hashes: mapped(hashes, ({ hex, quality }) => defined({ values: [hex].flat(), quality })),
    variants: variants && variantsFrom(variants),
  });
}

function imageToJson(image: NonNullable<FingerprintRecord["image"]>) {
  const { format, width, height, orientation, damaged } = image;
  return {
    format,
    width,
    height,
    orientation,
    stored_width: image.storedWidth,
    stored_height: image.storedHeight,
    orientation_applied: image.orientationApplied,
    damaged: damaged || undefined,
    rgb_md5: image.rgbMd5,
  };
}

function hashesToJson(hashes: ImageHashes["hashes"]): RecordJson["hashes"] {
  return mapped(hashes as Record<HashAlgorithm, PerceptualHash>, ({ values, quality }, name) => {
    const isList = algorithmsWithSeveralValues.includes(name.replace(/:.*/, ""));
    return defined({ hex: isList ? values : (values[0] as string), quality });
  });
}

function variantsFrom({ set, hashes, skipped }: VariantsJson): VariantHashes {
  const each = (it: VariantJson): VariantHash => ({ variant: it.variant, ...pdqFrom(it) });
  return defined({ set, hashes: hashes.map(each), skipped });
}

function variantsToJson({ set, hashes, skipped }: VariantHashes): VariantsJson {
  const each = ({ variant, hash: hex, quality }: VariantHash): VariantJson => ({
    variant,
    hex,
    quality,
  });
  return defined({ set, hashes: hashes.map(each), skipped });
}

function videoFrom(video: VideoJson): VideoFingerprint {
  const { frame_rate: frameRate, damaged = false, vpdq, ...rest } = video;
  return defined({ ...rest, frameRate, damaged, vpdq: vpdq.map(frameFrom) }) as VideoFingerprint;
}

function videoToJson(video: VideoFingerprint): VideoJson {
  const { format, codec, width, height, frames, frameRate, damaged, vpdq } = video;
  const each = ({ frame, seconds, hash: hex, quality }: VpdqFrame): FrameJson => ({
    frame,
    seconds,
    hex,
    quality,
  });
  return defined({
    format,
    codec,
    width,
    height,
    frames,
    frame_rate: frameRate,
    damaged: damaged || undefined,
    vpdq: vpdq.map(each),
  });
}

function frameFrom(json: FrameJson): VpdqFrame {
  return { frame: json.frame, seconds: json.seconds, ...pdqFrom(json) };
}

function pdqFrom({ hex, quality }: Pick<FrameJson, "hex" | "quality">) {
  return { hash: hex, quality };
}

function mapped<Name extends string, From, To>(
  object: Readonly<Record<Name, From>>,
  each: (value: From, name: string) => To,
): Record<Name, To> {
  const entries = Object.entries<From>(object).map(([name, value]) => [name, each(value, name)]);
  return Object.fromEntries(entries) as Record<Name, To>;
}

type Defined<T> = {
  [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key];
} & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** Returns the object without its undefined members. */
function defined<T extends object>(object: T): Defined<T> {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}
