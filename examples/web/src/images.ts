/** The chosen images and their results, independent of the page. */

import type { Fingerprint, Progress } from "ownprint/inline";

import { codeOf, fingerprint, forget } from "./engine";

export type State =
  | { readonly kind: "waiting" }
  /** `share` is the part of the file that was read, 0 to 1. */
  | { readonly kind: "working"; readonly share: number }
  | { readonly kind: "done"; readonly fingerprint: Fingerprint }
  | { readonly kind: "failed"; readonly code: string }
  | { readonly kind: "cancelled" };

export interface ImageItem {
  /** A number is never reused, so that "Picture 2" remains the same image. */
  readonly number: number;
  readonly file: File;
  readonly state: State;
  /** Hashes a damaged file as far as it can be decoded. */
  readonly acceptDamaged: boolean;
  /** Hashes common edits too. */
  readonly withEdits: boolean;
}

interface Listener {
  /** The image has another kind of state. */
  changed(image: ImageItem): void;
  progressed(image: ImageItem): void;
  /** No image is waiting or being hashed. */
  rested(): void;
}

type Entry = { -readonly [Field in keyof ImageItem]: ImageItem[Field] };

/** The set of edits that are hashed. */
const EDITS = "standard" as const;

/** Hashes one image at a time: a phone's memory cannot hold many decoded photos. */
export class Images {
  readonly #listener: Listener;
  readonly #entries = new Map<ImageItem, Entry>();
  #given = 0;
  #working: { readonly entry: Entry; readonly abort: AbortController } | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get all(): readonly ImageItem[] {
    return [...this.#entries.values()];
  }

  add(files: Iterable<File>, withEdits: boolean): readonly ImageItem[] {
    const added: Entry[] = [];
    for (const file of files) {
      // This records the size now. Otherwise, a file deleted before its turn is read as empty.
      void file.size;
      const number = ++this.#given;
      added.push({ number, file, state: { kind: "waiting" }, acceptDamaged: false, withEdits });
    }
    for (const entry of added) this.#entries.set(entry, entry);
    void this.#work();
    return added;
  }

  cancel(image: ImageItem): void {
    this.#stop(image);
    this.#set(image, { kind: "cancelled" });
  }

  retry(image: ImageItem, acceptDamaged = false): void {
    const entry = this.#entries.get(image);
    if (entry) entry.acceptDamaged = acceptDamaged;
    this.#set(image, { kind: "waiting" });
    void this.#work();
  }

  remove(image: ImageItem): void {
    this.#entries.delete(image);
    this.#stop(image);
  }

  /** Releases files, results, and the memory in which images were decoded. */
  clear(): void {
    this.#entries.clear();
    this.#working?.abort.abort();
    this.#given = 0;
    forget();
  }

  #stop(image: ImageItem): void {
    if (this.#working?.entry === image) this.#working.abort.abort();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    const entry = [...this.#entries.values()].find(({ state }) => state.kind === "waiting");
    if (!entry) {
      // While the results are read, no image stays in the worker's memory.
      forget();
      if (this.#entries.size > 0) this.#listener.rested();
      return;
    }
    const working = { entry, abort: new AbortController() };
    this.#working = working;
    this.#set(entry, { kind: "working", share: 0 });
    const result = await this.#resultOf(entry, working.abort.signal);
    if (!working.abort.signal.aborted) this.#set(entry, result);
    this.#working = undefined;
    void this.#work();
  }

  async #resultOf(entry: Entry, signal: AbortSignal): Promise<State> {
    const onProgress = ({ bytes, total = 0 }: Progress): void => {
      if (signal.aborted || total === 0) return;
      entry.state = { kind: "working", share: Math.min(bytes / total, 1) };
      this.#listener.progressed(entry);
    };
    try {
      const { file, acceptDamaged, withEdits } = entry;
      const options = { signal, acceptDamaged, onProgress, ...(withEdits && { variants: EDITS }) };
      const result = await fingerprint(file, options);
      // The digests of a file in an unknown format are a result; of other files, advice is shown.
      const { code = "unsupported-format" } = result.error ?? {};
      return code === "unsupported-format"
        ? { kind: "done", fingerprint: result }
        : { kind: "failed", code };
    } catch (error) {
      return { kind: "failed", code: codeOf(error) };
    }
  }

  #set(image: ImageItem, state: State): void {
    const entry = this.#entries.get(image);
    if (!entry) return;
    entry.state = state;
    this.#listener.changed(entry);
  }
}
