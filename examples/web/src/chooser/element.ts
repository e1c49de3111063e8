/**
 * `<ownprint-chooser>`: choosing files, their fingerprints, and handing in, in the pages of others.
 *
 * Attributes: `lang` (default: the language of the page around it), `endpoint` (the address of a
 * service, see hand-in/http.ts; default: none), `theme="auto"` (dark if the reader prefers it). After the last file, and after everything was cleared, the event `ownprint-result` has
 * `detail.records`: the records of the command line, without file names.
 */

import { recordToJson, type RecordJson } from "ownprint/inline";

import { Announcer } from "../announce";
import { setUpChoosing } from "../choose";
import { picturesLoaded, videosLoaded } from "../engine";
import { TRIAL, handInAt } from "../hand-in";
import { HandInPanel } from "../hand-in-panel";
import {
  bestOf,
  fillTexts,
  isUnreviewed,
  language,
  onLanguage,
  setLanguage,
  text,
  type Key,
} from "../language";
import { List } from "../list";
import { closePreviews, setUpPreviews } from "../preview";
import type { Row } from "../save";
import { styleSheet } from "./styles";
import { template, type Template } from "./template";

/** What `ownprint-result` tells. */
export interface ResultDetail {
  readonly records: readonly RecordJson[];
}

export class OwnprintChooser extends HTMLElement {
  static readonly observedAttributes = ["lang"];

  #parts: Template | undefined;
  #list: List | undefined;
  #handIn: HandInPanel | undefined;
  #readiness: Key = "requests.loading";
  #forgetLanguage: (() => void) | undefined;
  readonly #leave = (): void => this.#list?.clear();

  connectedCallback(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [styleSheet()];
    const parts = template();
    this.#parts = parts;
    parts.root.classList.toggle("auto", this.getAttribute("theme") === "auto");
    shadow.replaceChildren(parts.root);
    const announcer = new Announcer(() => parts.region);
    const announce = (sentence: string): void => announcer.announce(sentence);
    const list = new List({
      ...parts,
      choose: parts.button,
      announce,
      changed: (items) => this.#handIn?.update(items),
      cleared: () => {
        this.#handIn?.clear();
        this.#tell([]);
      },
      rested: (rows) => this.#tell(rows),
    });
    this.#list = list;
    const allow = setUpChoosing({
      ...parts,
      area: this,
      announce,
      chosen: (files) => list.add(files),
    });
    this.#setUpHandIn(parts, announce);
    this.#forgetLanguage = onLanguage(() => this.#fill());
    // Browsers keep pages as they were left; after "back", there must be nothing here.
    window.addEventListener("pagehide", this.#leave);
    this.#fill();
    void this.#speak();
    void this.#load(parts, allow);
  }

  disconnectedCallback(): void {
    window.removeEventListener("pagehide", this.#leave);
    this.#forgetLanguage?.();
    closePreviews();
    this.#list?.dispose();
    this.#list = undefined;
    this.#handIn = undefined;
    this.#parts = undefined;
    this.shadowRoot?.replaceChildren();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) void this.#speak();
  }

  #setUpHandIn({ section }: Template, announce: (sentence: string) => void): void {
    const endpoint = this.getAttribute("endpoint") ?? "";
    if (endpoint === "") return;
    try {
      const receiver = endpoint === TRIAL ? undefined : new URL(endpoint).host;
      this.#handIn = new HandInPanel({ handIn: handInAt(endpoint), receiver, announce });
      section.after(this.#handIn.element);
    } catch (error) {
      // For whoever builds the page; fingerprints are made all the same.
      reportError(error);
    }
  }

  async #load(parts: Template, allow: () => void): Promise<void> {
    const show = (key: Key): void => {
      if (this.#parts !== parts) return;
      this.#readiness = key;
      parts.readiness.textContent = text(key);
    };
    show("requests.loading");
    try {
      await picturesLoaded();
    } catch {
      show("error.load-failed.text");
      return;
    }
    allow();
    show("requests.pictures.text");
    await videosLoaded().then(
      () => show("requests.ready"),
      () => show("requests.no-videos.text"),
    );
  }

  async #speak(): Promise<void> {
    const around = this.getAttribute("lang") ?? this.closest<HTMLElement>("[lang]")?.lang;
    await setLanguage(bestOf([...(around ? [around] : []), ...navigator.languages]));
    this.#fill();
  }

  #fill(): void {
    const parts = this.#parts;
    if (!parts) return;
    parts.root.lang = language();
    parts.root.dir = text("language.direction");
    parts.note.hidden = !isUnreviewed();
    parts.readiness.textContent = text(this.#readiness);
    fillTexts(parts.root);
    this.#handIn?.render();
  }

  #tell(rows: readonly Row[]): void {
    if (!this.isConnected) return;
    // The page around learns hashes, but not what the files are called.
    const records = rows.map(({ fingerprint }) => recordToJson({ ...fingerprint }));
    const detail: ResultDetail = { records };
    const options = { detail, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent("ownprint-result", options));
  }
}

setUpPreviews();
customElements.define("ownprint-chooser", OwnprintChooser);
