/** What every entry point with a client exports. */

export * from "./types.js";
export { distance } from "./distance.js";
export { recordFromJson, recordToJson } from "./record-json.js";
export type {
  FingerprintRecord,
  FrameJson,
  HashJson,
  RecordJson,
  VariantJson,
  VariantsJson,
  VideoJson,
} from "./record-json.js";
export type { DigestOptions } from "./client.js";
export type { Comparable } from "./comparable.js";
export type { Hit } from "./hash-index.js";
export type { IndexFileOptions, IndexOptions, WorkerIndex } from "./worker-index.js";
