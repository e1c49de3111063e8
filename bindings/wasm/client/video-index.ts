/// <reference lib="esnext.disposable" preserve="true" />
/** Search for videos by the hashes of their frames. */

import { textOrBytes } from "./bytes.js";
import type { Glue } from "./generated/glue-full.js";
import { Handle, type GlueObject, type Hold } from "./handle.js";
import { asCount, asQuality, asText } from "./options.js";
import { columnsOf } from "./video-columns.js";
import type { ComparableVideo, VideoComparison, VideoThresholds } from "./video-types.js";

/** A video that a search found. */
export interface VideoHit {
  /** The video's number in the index. */
  readonly video: number;
  /** The text that was inserted with the video. */
  readonly payload: string;
  /** The comparison of the query with the video. */
  readonly comparison: VideoComparison;
}

/**
 * An index of videos, each with a text. A query finds the videos that have its frames; the results
 * equal those of `compareVideos` with every video of the index. {@link Core.videoIndex} and
 * {@link Core.loadVideoIndex} return one.
 *
 * ```js
 * const index = core.videoIndex();
 * index.insertList(await readFile("videos.jsonl"));
 * for (const { payload, comparison } of index.matches(fingerprint)) {
 *   console.log(`${payload}: ${comparison.queryPercent} %`);
 * }
 * index.dispose();
 * ```
 *
 * The index is in the core's memory: after {@link Core.dispose}, or after a trap, its methods throw
 * `cancelled`.
 */
export class VideoIndex {
  readonly #handle: Handle<GlueVideoIndex>;

  /** @internal */
  constructor(inner: GlueVideoIndex, holdOf: (inner: GlueObject, what: string) => Hold) {
    this.#handle = new Handle(
      inner,
      holdOf(inner, "index"),
      "this index was disposed of; create or load another",
    );
  }

  /** The minimum quality of the frames in the index. */
  get quality(): number {
    return this.#call((inner) => inner.quality());
  }

  /** Number of videos. */
  get size(): number {
    return this.#call((inner) => inner.size());
  }

  /** Number of hashes: of each video, the distinct ones of sufficient quality. */
  get frames(): number {
    return this.#call((inner) => inner.frames());
  }

  /**
   * Adds a video.
   *
   * @param video its hashed frames, or a fingerprint with such frames
   * @param payload a text that searches return; lone surrogates become U+FFFD
   * @returns the video's number; videos are numbered from 0 in the order of insertion
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable` for a fingerprint without frames
   */
  insert(video: ComparableVideo, payload = ""): number {
    const { hashes, qualities } = columnsOf(video);
    const text = asText("payload", payload);
    return this.#call((inner) => inner.insert(hashes, qualities, text));
  }

  /**
   * Adds the videos of a list: JSON lines or CSV as the command line writes them, the lines of
   * vPDQ, or the JSON of python-threatexchange. The payload is the name in the list, if any. If a
   * line is invalid, no video is added.
   *
   * @returns the number of videos added
   * @throws {@link OwnprintError} `invalid-record` with line and column
   */
  insertList(list: string | ArrayBuffer | ArrayBufferView): number {
    const bytes = textOrBytes(list);
    return this.#call((inner) => inner.insertList(bytes));
  }

  /** Removes a video and returns its text; `undefined` if there is no such video. */
  remove(video: number): string | undefined {
    const number = asCount("video", video);
    return this.#call((inner) => inner.remove(number));
  }

  /**
   * Returns all videos that a query matches, the best one first.
   *
   * @param query the hashed frames of a video, or a fingerprint with such frames
   * @throws {@link OwnprintError} `invalid-hash`, `not-comparable` for a fingerprint without
   *   frames, or if the minimum quality is below that of the index
   */
  matches(query: ComparableVideo, thresholds: VideoThresholds = {}): VideoHit[] {
    const { hashes, qualities } = columnsOf(query);
    const limits = columns(thresholds);
    return this.#call((inner) => {
      const found = inner.matches(hashes, qualities, ...limits);
      try {
        return hitsFrom(found.rows(), found.percents());
      } finally {
        found.free();
      }
    });
  }

  /**
   * Returns groups of videos that match one another: a video belongs to a group if it matches one
   * of its members, or a member matches it. Videos without a match are omitted.
   *
   * @throws {@link OwnprintError} `not-comparable` if the minimum quality is below that of the
   *   index
   */
  groups(thresholds: VideoThresholds = {}): number[][] {
    const limits = columns(thresholds);
    return JSON.parse(this.#call((inner) => inner.groups(...limits))) as number[][];
  }

  /** Returns the index as a file with a checksum; every language reads and writes the same file. */
  save(): Uint8Array<ArrayBuffer> {
    return this.#call((inner) => inner.save(), true) as Uint8Array<ArrayBuffer>;
  }

  /** Overwrites and releases the index. Later calls throw `disposed`. */
  dispose(): void {
    this.#handle.dispose();
  }

  /** As {@link dispose}, for `using` declarations. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #call<T>(step: (inner: GlueVideoIndex) => T, wipes = false): T {
    const { inner } = this.#handle;
    return this.#handle.call(() => step(inner), wipes);
  }
}

/** @internal */
export type GlueVideoIndex = InstanceType<Glue["VideoIndex"]> & GlueObject;

type Columns = [quality?: number, distance?: number, query?: number, compared?: number];

function columns(thresholds: VideoThresholds): Columns {
  const { quality, distance, queryPercent, comparedPercent } = thresholds;
  const bits = distance === undefined ? undefined : asCount("distance", distance);
  return [asQuality(quality), bits, queryPercent, comparedPercent] as Columns;
}

type Counts = [query: number, queryFound: number, compared: number, comparedFound: number];

function hitsFrom(json: string, percents: Float64Array): VideoHit[] {
  const rows = JSON.parse(json) as [video: number, payload: string, counts: Counts][];
  return rows.map(([video, payload, [query, queryFound, compared, comparedFound]], at) => ({
    video,
    payload,
    comparison: {
      query,
      queryFound,
      queryPercent: percents[2 * at] ?? 0,
      compared,
      comparedFound,
      comparedPercent: percents[2 * at + 1] ?? 0,
      isMatch: true,
    },
  }));
}
