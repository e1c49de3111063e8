/** The chosen pictures and what became of each. Knows nothing of the page. */

import type { Fingerprint, Progress } from "ownprint/inline";

import { codeOf, fingerprint, forget } from "./engine";

export type State =
  | { readonly kind: "waiting" }
  /** `share` of the file that was read, 0 to 1. */
  | { readonly kind: "working"; readonly share: number }
  | { readonly kind: "done"; readonly fingerprint: Fingerprint }
  | { readonly kind: "failed"; readonly code: string }
  | { readonly kind: "cancelled" };

export interface Picture {
  /** Counts up and is never given twice, so that "Picture 2" stays the same one. */
  readonly number: number;
  readonly file: File;
  readonly state: State;
  /** Hash what is left of a damaged file. */
  readonly acceptDamaged: boolean;
  /** Hash its common edits, too. */
  readonly withEdits: boolean;
}

interface Listener {
  /** Another kind of state. */
  changed(picture: Picture): void;
  progressed(picture: Picture): void;
  /** Nothing waits or works any more. */
  rested(): void;
}

type Entry = { -readonly [Field in keyof Picture]: Picture[Field] };

/** The set of edits whose hashes are made with the picture's own. */
const EDITS = "standard" as const;

/** Works on one picture at a time: a telephone's memory holds one decoded photograph well, and not many. */
export class Pictures {
  readonly #listener: Listener;
  readonly #entries = new Map<Picture, Entry>();
  #given = 0;
  #working: { readonly entry: Entry; readonly abort: AbortController } | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get all(): readonly Picture[] {
    return [...this.#entries.values()];
  }

  add(files: Iterable<File>, withEdits: boolean): readonly Picture[] {
    const added: Entry[] = [];
    for (const file of files) {
      // Asking makes the browser take note of the file as it is now. Otherwise one that has gone by its turn is read as empty.
      void file.size;
      added.push({ number: ++this.#given, file, state: { kind: "waiting" }, acceptDamaged: false, withEdits });
    }
    for (const entry of added) this.#entries.set(entry, entry);
    void this.#work();
    return added;
  }

  cancel(picture: Picture): void {
    this.#stop(picture);
    this.#set(picture, { kind: "cancelled" });
  }

  retry(picture: Picture, acceptDamaged = false): void {
    const entry = this.#entries.get(picture);
    if (entry) entry.acceptDamaged = acceptDamaged;
    this.#set(picture, { kind: "waiting" });
    void this.#work();
  }

  remove(picture: Picture): void {
    this.#entries.delete(picture);
    this.#stop(picture);
  }

  /** Lets go of everything: files, results, and the memory that pictures were decoded in. */
  clear(): void {
    this.#entries.clear();
    this.#working?.abort.abort();
    this.#given = 0;
    forget();
  }

  #stop(picture: Picture): void {
    if (this.#working?.entry === picture) this.#working.abort.abort();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    const entry = [...this.#entries.values()].find(({ state }) => state.kind === "waiting");
    if (!entry) {
      // Nothing left to do: no picture stays in the worker's memory while the results are read.
      forget();
      if (this.#entries.size > 0) this.#listener.rested();
      return;
    }
    const working = { entry, abort: new AbortController() };
    this.#working = working;
    this.#set(entry, { kind: "working", share: 0 });
    const end = await this.#endOf(entry, working.abort.signal);
    if (!working.abort.signal.aborted) this.#set(entry, end);
    this.#working = undefined;
    void this.#work();
  }

  async #endOf(entry: Entry, signal: AbortSignal): Promise<State> {
    const onProgress = ({ bytes, total = 0 }: Progress): void => {
      if (signal.aborted || total === 0) return;
      entry.state = { kind: "working", share: Math.min(bytes / total, 1) };
      this.#listener.progressed(entry);
    };
    try {
      const { file, acceptDamaged, withEdits } = entry;
      const options = { signal, acceptDamaged, onProgress, ...(withEdits && { variants: EDITS }) };
      return { kind: "done", fingerprint: await fingerprint(file, options) };
    } catch (error) {
      return { kind: "failed", code: codeOf(error) };
    }
  }

  #set(picture: Picture, state: State): void {
    const entry = this.#entries.get(picture);
    if (!entry) return;
    entry.state = state;
    this.#listener.changed(entry);
  }
}
