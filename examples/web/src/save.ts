/** Saves the results as files in the formats of the `ownprint` command line. */

import { recordToJson, type Fingerprint, type RecordJson } from "ownprint/inline";

/** A result and its name: "Picture 1", or the file's name while names are shown. */
export interface Row {
  readonly path: string;
  readonly fingerprint: Fingerprint;
}

export function saveJson(rows: readonly Row[]): void {
  save("list.json", "application/json", `${JSON.stringify(records(rows), null, 2)}\n`);
}

/** Saves a table as RFC 4180. Several values in one cell are separated by spaces. */
export function saveCsv(rows: readonly Row[]): void {
  const all = records(rows);
  const hashes = names(all.map((record) => record.hashes));
  const digests = names(all.map((record) => record.digests)) as (keyof RecordJson["digests"])[];
  const sets = all.some(({ variants }) => variants) ? SET : [];
  const videos = all.some(({ video }) => video) ? VIDEO : [];
  const errors = all.some(({ error }) => error) ? ERROR : [];
  const header = [
    "path",
    ...FIELDS,
    "decoder",
    "deterministic",
    ...hashes.flatMap((name) => [name, `${name}_quality`]),
    ...sets.map(({ name }) => name),
    ...videos.map(({ name }) => name),
    ...digests,
    "warnings",
    ...errors.map((name) => `error_${name}`),
  ];
  const lines = all.map((record) => [
    harmless(record.path ?? ""),
    ...FIELDS.map((field) => record[field]),
    decoderOf(record),
    record.deterministic,
    ...hashes.flatMap((name) => {
      const { hex = [], quality } = record.hashes[name] ?? {};
      return [[hex].flat().join(" "), quality];
    }),
    ...sets.map(({ of }) => (record.variants?.hashes ?? []).map(of).join(" ")),
    ...videos.map(({ of }) => record.video && of(record.video)),
    ...digests.map((name) => record.digests[name]),
    record.warnings.map(({ code }) => code).join(" "),
    ...errors.map((name) => record.error?.[name]),
  ]);
  const text = [header, ...lines].map((line) => `${line.map(cell).join(",")}\n`).join("");
  save("list.csv", "text/csv", text);
}

/** Columns of the image's properties, in the order of the command line. */
const FIELDS = [
  "format",
  "width",
  "height",
  "orientation",
  "stored_width",
  "stored_height",
  "orientation_applied",
  "damaged",
] as const;

/** Returns the name of the decoder, and its revision if it has one. */
function decoderOf({ decoder }: RecordJson): string {
  return decoder ? Object.values(decoder).join(" ") : "";
}

type Variant = NonNullable<RecordJson["variants"]>["hashes"][number];

/** Columns of a set of variants. */
const SET: readonly { readonly name: string; readonly of: (hash: Variant) => string | number }[] = [
  { name: "variants", of: ({ variant }) => variant },
  { name: "variants_pdq", of: ({ hex }) => hex },
  { name: "variants_quality", of: ({ quality }) => quality },
];

type Video = NonNullable<RecordJson["video"]>;

/**
 * Columns of a video. They have the same content as the command line's, which has no row for a
 * video that a browser played: such a video is whole only in JSON.
 */
const VIDEO: readonly { readonly name: string; readonly of: (video: Video) => string }[] = [
  { name: "video", of: propertiesOf },
  { name: "vpdq", of: (video) => (video.format === undefined ? "" : momentsOf(video).join(" ")) },
];

const ERROR = ["code", "message"] as const;

function propertiesOf(video: Video): string {
  const { format, codec, width, height, frames, frame_rate: rate, damaged } = video;
  if (format === undefined) return "";
  return [format, codec, `${width}x${height}`, frames, rate, ...(damaged ? ["damaged"] : [])].join(
    " ",
  );
}

function momentsOf({ vpdq }: Video): string[] {
  return vpdq.map(({ frame, quality, hex, seconds }) => `${frame},${quality},${hex},${seconds}`);
}

/** Returns the rows as records of the command line. */
export function records(rows: readonly Row[]): RecordJson[] {
  return rows.map(({ path, fingerprint }) => recordToJson({ path, ...fingerprint }));
}

function names(objects: readonly object[]): string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}

function cell(value: string | number | boolean | null | undefined): string {
  const written = String(value ?? "");
  return /[",\r\n]|^ | $/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
}

// File names may come from others, and spreadsheets run text that begins like a formula.
function harmless(name: string): string {
  return /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
}

// The file's name is neutral: it may be found later.
function save(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Every browser has started the download by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
