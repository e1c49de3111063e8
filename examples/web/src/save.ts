/** The results as a file, in the form the `ownprint` command line prints. */

import type { Fingerprint, VariantHash } from "ownprint/inline";

/** A result and the name under which it is saved: "Picture 1", or the file's own name while names are shown. */
export interface Row {
  readonly path: string;
  readonly fingerprint: Fingerprint;
}

export function saveJson(rows: readonly Row[]): void {
  const objects = rows.map(({ path, fingerprint }) => ({ path, ...fingerprint }));
  save("list.json", "application/json", `${JSON.stringify(objects, null, 2)}\n`);
}

/** RFC 4180; several values in one cell are separated by spaces. */
export function saveCsv(rows: readonly Row[]): void {
  const hashes = names(rows.map(({ fingerprint }) => fingerprint.hashes));
  const digests = names(rows.map(({ fingerprint }) => fingerprint.digests));
  const sets = rows.some(({ fingerprint }) => fingerprint.variants) ? SET : [];
  const header = ["path", ...PICTURE, ...hashes.flatMap((name) => [name, `${name}_quality`]), ...sets.map(({ name }) => name), ...digests, "warnings"];
  const lines = rows.map(({ path, fingerprint }) => [
    harmless(path),
    ...PICTURE.map((field) => fingerprint[field]),
    ...hashes.flatMap((name) => [[fingerprint.hashes[name]?.hex ?? []].flat().join(" "), fingerprint.hashes[name]?.quality]),
    ...sets.map(({ of }) => (fingerprint.variants?.hashes ?? []).map(of).join(" ")),
    ...digests.map((name) => fingerprint.digests[name]),
    fingerprint.warnings.map(({ code }) => code).join(" "),
  ]);
  save("list.csv", "text/csv", [header, ...lines].map((line) => `${line.map(cell).join(",")}\n`).join(""));
}

const PICTURE = [
  "format",
  "width",
  "height",
  "orientation",
  "stored_width",
  "stored_height",
  "pixels",
  "damaged",
  "decoder",
  "exact",
] as const;

const SET: readonly { readonly name: string; readonly of: (hash: VariantHash) => string | number }[] = [
  { name: "variants", of: ({ variant }) => variant },
  { name: "variants_pdq", of: ({ hex }) => hex },
  { name: "variants_quality", of: ({ quality }) => quality },
];

function names(objects: readonly object[]): string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}

function cell(value: string | number | boolean | null | undefined): string {
  const written = String(value ?? "");
  return /[",\r\n]|^ | $/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
}

// Whoever sent the file chose its name, and spreadsheets run names that begin like a formula.
function harmless(name: string): string {
  return /^[=+\-@\t]/.test(name) ? `'${name}` : name;
}

// The name tells nothing: a saved file is found more easily than a closed page.
function save(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Long enough for every browser to have begun; until then the address is all that is left of it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
