// Compiled, never run. Lines that must not compile are marked, and the compiler checks them too.
import {
  type BatchItem,
  type Capabilities,
  type Comparison,
  DigestAlgorithm,
  type Digests,
  type Fingerprint,
  type FingerprintOptions,
  HashAlgorithm,
  Ownprint,
  OwnprintError,
  type Progress,
  type VariantHashes,
  type WorkerIndex,
  capabilities,
  compare,
  createIndex,
  digestStream,
  dispose,
  distance,
  fingerprint,
  fingerprintAll,
  fingerprintPixels,
  loadIndex,
  recordFromJson,
  recordToJson,
} from "ownprint";
import {
  type Core,
  type FingerprintRecord,
  type HashIndex,
  type Hit,
  type IndexReader,
  type ListReader,
  type ListedHash,
  type StopNciiPage,
  loadCore,
} from "ownprint/core";
import { fingerprint as inline } from "ownprint/inline";
import { fingerprint as inlineFull } from "ownprint/inline-full";

declare const file: File;
declare const files: FileList;
declare const context: CanvasRenderingContext2D;

export async function everything(signal: AbortSignal): Promise<string[]> {
  const options: FingerprintOptions = {
    algorithms: [HashAlgorithm.PDQ, "phash:16", DigestAlgorithm.MD5],
    orientation: "ignore",
    signal,
    limits: { pixels: 10_000_000 },
    onProgress: ({ bytes, total }) => console.log(bytes, total ?? "unknown"),
  };
  const one: Fingerprint = await fingerprint(file, options);
  const same: Fingerprint = await inline(await file.arrayBuffer(), { algorithms: "all" });
  await inlineFull(file, { algorithms: ["phash:16"] });
  await fingerprint(new Uint8Array(8));
  await fingerprint(await fetch("/image.jpg"));
  await fingerprint(file.stream());
  const quality: number | undefined = one.image?.pdq?.quality;
  const values: readonly string[] | undefined = one.image?.hashes["phash:16"]?.values;
  const reason: string | undefined = one.error?.code;
  const same2: Fingerprint = recordFromJson(recordToJson({ path: "a.jpg", ...one })) as Fingerprint;
  for await (const item of fingerprintAll(files, { concurrency: 2 })) show(item);
  const { width, height, data } = context.getImageData(0, 0, 10, 10);
  await fingerprintPixels({ data, width, height });
  const digests: Digests = await digestStream(file, { algorithms: ["sha256"] });
  const comparison: Comparison = await compare(one, same);
  const set: VariantHashes | undefined = (await fingerprint(file, { variants: "standard" })).image
    ?.variants;
  await fingerprint(file, { variants: ["mirror", "crop:4"] });
  const edit: string | undefined = comparison.variant ?? set?.hashes[0]?.variant;
  const near = set?.skipped.map((one) => (one.reason === "near" ? one.distance : one.quality));
  const bits: number = distance("00", "01");
  const known: Capabilities = await capabilities();
  dispose();
  const texts = [
    quality,
    values,
    reason,
    edit,
    near,
    comparison.isMatch,
    bits,
    same2.deterministic,
  ];
  return [...texts.map(String), ...known.defaults, ...Object.values(digests)];
}

function show(item: BatchItem): string {
  // The type guarantees that exactly one of them is present.
  return item.error ? item.error.code : item.fingerprint.warnings.map(({ code }) => code).join();
}

export async function ownThings(): Promise<number> {
  const client = new Ownprint({
    concurrency: 2,
    wasm: new URL("https://example.org/ownprint.wasm"),
    integrity: "sha384-…",
  });
  try {
    await client.fingerprint(file);
  } catch (error) {
    if (error instanceof OwnprintError) console.log(error.code, error.message);
  }
  client.dispose();
  const full = new Ownprint({ wasm: "/ownprint.wasm", wasmFull: "/ownprint-full.wasm" });
  await full.fingerprint(file, { algorithms: ["phash", "whash:16"] });
  const whole: Core = await loadCore({ full: true });
  whole.dispose();
  const core: Core = await loadCore({ decoders: false });
  const stream = core.stream({ algorithms: "all" });
  stream.update(new Uint8Array(3));
  const result: Fingerprint = stream.finalize();
  const digester = core.digester(["md5"]);
  digester.update(new ArrayBuffer(3));
  digester.finalize();
  return result.warnings.length + core.memoryBytes;
}

export async function searching(): Promise<string[]> {
  const core: Core = await loadCore({ full: true });
  using index: HashIndex = core.index("pdq");
  const entry: number = index.insert("00", "a text");
  const added: number = index.insertList("pdq 00") + index.insertList(new Uint8Array(3));
  const hits: Hit[] = [
    ...index.within("00"),
    ...index.within("00", 31),
    ...index.nearest("00", entry),
  ];
  const groups: number[][] = index.groups();
  const removed: string | undefined = index.remove(0);
  const file: Blob = new Blob([index.save()]);
  const loaded: HashIndex = core.loadIndex(await file.arrayBuffer());
  const listed: ListedHash[] = core.readList("");
  const quality: number | undefined = listed[0]?.quality;
  const line: string | undefined = core.exchangeLine("pdq", "00", 50);
  loaded.dispose();
  return [
    ...hits.map(({ payload }) => payload),
    removed ?? "",
    line ?? "",
    String(quality),
    String(added + groups.length + loaded.size),
  ];
}

export async function searchingInAWorker(signal: AbortSignal): Promise<string[]> {
  using index: WorkerIndex = await createIndex("pdq", { signal });
  const onProgress = ({ bytes }: Progress): void => console.log(bytes);
  const added: number =
    (await index.insertList(file, { signal, onProgress })) + (await index.insertList("pdq 00"));
  const entry: number = await index.insert("00", "a text");
  const hits: Hit[] = [
    ...(await index.within("00", 31, { signal })),
    ...(await index.nearest("00", entry)),
  ];
  const removed: string | undefined = await index.remove(entry);
  const loaded: WorkerIndex = await loadIndex(new Blob([await index.save()]));
  const groups: number[][] = await loaded.groups();
  loaded.dispose();
  return [
    ...hits.map(({ payload }) => payload),
    removed ?? "",
    loaded.algorithm,
    String(added + groups.length + (await index.size())),
  ];
}

export function records(core: Core): string[] {
  const record: FingerprintRecord = core.readRecord("{}");
  const reported: string = record.error?.code ?? String(record.image?.hashes.pdq?.values);
  const table = core.csvTable(["pdq", "md5"], { variants: "standard" });
  const rows: string[] = [table.header, ...core.readCsv("").map((one) => table.row(one))];
  const page: StopNciiPage = core.readStopNciiPage("{}");
  const reader: ListReader = core.listReader();
  const stream: IndexReader = core.index().listReader();
  stream.update(new Uint8Array(3));
  const hashes: ListedHash[] = [...reader.update(new ArrayBuffer(3)), ...reader.finalize()];
  const texts = [core.writeRecord(record), core.writeStopNciiPage(page)];
  return [reported, ...rows, ...texts, String(hashes.length + stream.finalize())];
}

export function codes(one: Fingerprint, error: OwnprintError): boolean {
  // @ts-expect-error There is no such code.
  return error.code === "unsuported-format" || one.warnings[0]?.code === "low-qualitty";
}

/** With `exactOptionalPropertyTypes`, an option may be `undefined`. */
export function undefinedOptions(signal: AbortSignal | undefined): void {
  void fingerprint(file, { signal, algorithms: undefined, onProgress: undefined });
  using client = new Ownprint({ concurrency: undefined, worker: undefined, idleSeconds: 5 });
  client.addCodecs({ name: "heic", wasm: () => new URL("https://example.org/heic.wasm") });
}

export function mistakes(core: Core): void {
  core.writeStopNciiPage({
    count: 0,
    nextPageToken: null,
    nextSetTimestamp: 0,
    hasMoreRecords: false,
    // @ts-expect-error There is no such status.
    hashRecords: [{ hashStatus: "active" }],
  });
  // @ts-expect-error The hash is a string.
  core.index("pdq").within(5);
  // @ts-expect-error Hits are read-only.
  core.index("pdq").nearest("00", 1)[0]!.distance = 0;
  // @ts-expect-error A path is not a file.
  void fingerprint("image.jpg");
  // @ts-expect-error It must be a list or "all".
  void fingerprint(file, { algorithms: "pdq" });
  // @ts-expect-error There is no such set.
  void fingerprint(file, { variants: "huge" });
  // @ts-expect-error The size is missing.
  void fingerprintPixels({ data: new Uint8Array(3) });
  // @ts-expect-error There is no such orientation.
  void fingerprint(file, { orientation: "sideways" });
  // @ts-expect-error There is no such algorithm.
  void fingerprint(file, { algorithms: ["sift"] });
}
