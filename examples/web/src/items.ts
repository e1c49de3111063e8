/** The chosen pictures and videos and their results, independent of the page. */

import type { Fingerprint, VideoProgress } from "ownprint/inline";

import { codeOf, fingerprint, forget } from "./engine";
import { kindOf, type Kind } from "./kind";

export type State =
  | { readonly kind: "waiting" }
  | {
      readonly kind: "working";
      readonly step: Step;
      /** The part of the step that is done, 0 to 1; always 1 for `computing`. */
      readonly share: number;
    }
  | { readonly kind: "done"; readonly fingerprint: Fingerprint }
  /** `fingerprint` is there if the file's digests are a result of their own, as for videos. */
  | { readonly kind: "failed"; readonly code: string; readonly fingerprint?: Fingerprint }
  | { readonly kind: "cancelled" };

/** The file is read, then hashed. `playing` means that the browser plays a video for that. */
export type Step = "reading" | "computing" | "playing";

export interface Item {
  /** A number is never reused, so that "Picture 2" remains the same picture. */
  readonly number: number;
  readonly file: File;
  /** What name and type say, until the core has looked into the file. */
  readonly kind: Kind;
  readonly state: State;
  /** Hashes a damaged file as far as it can be decoded. */
  readonly acceptDamaged: boolean;
  /** Hashes common edits of a picture too. */
  readonly withEdits: boolean;
}

interface Listener {
  /** The item has another kind of state. */
  changed(item: Item): void;
  progressed(item: Item): void;
  /** No item is waiting or being hashed. */
  rested(): void;
}

type Entry = { -readonly [Field in keyof Item]: Item[Field] };

/** The set of edits that are hashed. */
const EDITS = "standard" as const;

const UNKNOWN = "unsupported-format";

/** Hashes one file at a time: a phone's memory cannot hold many decoded photos. */
export class Items {
  readonly #listener: Listener;
  readonly #entries = new Map<Item, Entry>();
  #given = 0;
  #working: { readonly entry: Entry; readonly abort: AbortController } | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get all(): readonly Item[] {
    return [...this.#entries.values()];
  }

  add(files: Iterable<File>, withEdits: boolean): readonly Item[] {
    const added: Entry[] = [];
    for (const file of files) {
      // This records the size now. Otherwise, a file deleted before its turn is read as empty.
      void file.size;
      added.push({
        number: ++this.#given,
        file,
        kind: kindOf(file) ?? "image",
        state: { kind: "waiting" },
        acceptDamaged: false,
        withEdits,
      });
    }
    for (const entry of added) this.#entries.set(entry, entry);
    void this.#work();
    return added;
  }

  cancel(item: Item): void {
    this.#stop(item);
    this.#set(item, { kind: "cancelled" });
  }

  retry(item: Item, acceptDamaged = false): void {
    const entry = this.#entries.get(item);
    if (entry) entry.acceptDamaged = acceptDamaged;
    this.#set(item, { kind: "waiting" });
    void this.#work();
  }

  remove(item: Item): void {
    this.#entries.delete(item);
    this.#stop(item);
  }

  /** Releases files, results, and the memory in which files were decoded. */
  clear(): void {
    this.#entries.clear();
    this.#working?.abort.abort();
    this.#given = 0;
    forget();
  }

  #stop(item: Item): void {
    if (this.#working?.entry === item) this.#working.abort.abort();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    const entry = [...this.#entries.values()].find(({ state }) => state.kind === "waiting");
    if (!entry) {
      // While the results are read, no file stays in the worker's memory.
      forget();
      if (this.#entries.size > 0) this.#listener.rested();
      return;
    }
    const working = { entry, abort: new AbortController() };
    this.#working = working;
    this.#set(entry, { kind: "working", step: "reading", share: 0 });
    const result = await this.#resultOf(entry, working.abort.signal);
    if (!working.abort.signal.aborted) this.#set(entry, result);
    this.#working = undefined;
    void this.#work();
  }

  async #resultOf(entry: Entry, signal: AbortSignal): Promise<State> {
    const onProgress = (progress: VideoProgress): void => {
      if (signal.aborted) return;
      entry.state = { kind: "working", ...stepOf(progress) };
      this.#listener.progressed(entry);
    };
    const onKind = (kind: Kind): void => {
      if (signal.aborted || entry.kind === kind) return;
      entry.kind = kind;
      this.#listener.changed(entry);
    };
    try {
      const { file, acceptDamaged, withEdits } = entry;
      const variants = withEdits ? EDITS : undefined;
      const options = { signal, acceptDamaged, variants, onProgress, onKind };
      const result = await fingerprint(file, options);
      return entry.kind === "video" ? videoState(result) : imageState(result);
    } catch (error) {
      return { kind: "failed", code: codeOf(error) };
    }
  }

  #set(item: Item, state: State): void {
    const entry = this.#entries.get(item);
    if (!entry) return;
    entry.state = state;
    this.#listener.changed(entry);
  }
}

/** Returns the fingerprint of an item, also if there are only the digests of its file. */
export function fingerprintOf({ state }: Item): Fingerprint | undefined {
  return state.kind === "done" || state.kind === "failed" ? state.fingerprint : undefined;
}

/** The digests of a file in an unknown format are a result; of other files, advice is shown. */
function imageState(fingerprint: Fingerprint): State {
  const { code = UNKNOWN } = fingerprint.error ?? {};
  return code === UNKNOWN ? { kind: "done", fingerprint } : { kind: "failed", code };
}

/** Lists of videos have MD5 too, so that the digests are worth something without the rest. */
function videoState(fingerprint: Fingerprint): State {
  const { video, error, warnings } = fingerprint;
  if (video) return { kind: "done", fingerprint };
  const code = error?.code ?? warnings[0]?.code ?? "unknown";
  return { kind: "failed", code, fingerprint };
}

function stepOf({ bytes, total = 0, seconds, duration = 0 }: VideoProgress): {
  readonly step: Step;
  readonly share: number;
} {
  if (seconds !== undefined) {
    return { step: "playing", share: duration > 0 ? Math.min(seconds / duration, 1) : 0 };
  }
  return bytes < total
    ? { step: "reading", share: bytes / total }
    : { step: "computing", share: 1 };
}
