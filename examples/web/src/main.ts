/** Connects the parts of the page. */

import { announce } from "./announce";
import { setUpChoosing } from "./choose";
import { setUpComparing } from "./compare";
import { the } from "./dom";
import { picturesLoaded, videosLoaded } from "./engine";
import { setUpExit } from "./exit";
import type { HandInPanel } from "./hand-in-panel";
import { onLanguage, text } from "./language";
import { keepLoadedLanguages, setUpLanguage } from "./language-select";
import { List } from "./list";
import { setUpPreviews } from "./preview";
import { allowHandingIn, beginCounting, setReadiness, setUpRequests } from "./requests";

const endpoint =
  document.querySelector<HTMLMetaElement>("meta[name=ownprint-endpoint]")?.content ?? "";
let handIn: HandInPanel | undefined;

setUpRequests();
setUpPreviews();
const languageShown = setUpLanguage();

const compare = setUpComparing();
const list = new List({
  section: the("results", HTMLElement),
  cards: the("cards", HTMLOListElement),
  edits: the("edits", HTMLInputElement),
  names: the("names", HTMLInputElement),
  saveJson: the("save-json", HTMLButtonElement),
  saveCsv: the("save-csv", HTMLButtonElement),
  clear: the("clear", HTMLButtonElement),
  choose: the("choose", HTMLButtonElement),
  announce,
  changed: (items) => {
    compare(items);
    handIn?.update(items);
  },
  cleared: () => handIn?.clear(),
});

setUpExit(() => list.clear());
const allowChoosing = setUpChoosing({
  button: the("choose", HTMLButtonElement),
  input: the("files", HTMLInputElement),
  zone: the("drop", HTMLDivElement),
  area: document,
  announce,
  chosen: (files) => {
    keepLoadedLanguages();
    beginCounting();
    list.add(files);
  },
});

// Browsers keep pages as they were left; after "back", this one must be empty.
window.addEventListener("pagehide", () => list.clear());

void load();

async function load(): Promise<void> {
  try {
    await languageShown;
    if (endpoint !== "") await setUpHandIn();
    await picturesLoaded();
  } catch {
    setReadiness("failed");
    return;
  }
  setReadiness("pictures");
  allowChoosing();
  announce(`${text("requests.pictures")}.`);
  const isWhole = await videosLoaded().then(
    () => true,
    () => false,
  );
  setReadiness(isWhole ? "ready" : "no-videos");
  announce(`${text(isWhole ? "requests.ready" : "requests.no-videos")}.`);
}

/** A page without an endpoint, which is the default, does not even load this part. */
async function setUpHandIn(): Promise<void> {
  const [{ TRIAL, handInAt }, { HandInPanel }] = await Promise.all([
    import("./hand-in"),
    import("./hand-in-panel"),
  ]);
  const receiver = endpoint === TRIAL ? undefined : new URL(endpoint).host;
  const panel = new HandInPanel({ handIn: handInAt(endpoint), receiver, announce });
  handIn = panel;
  the("hand-in-place", HTMLDivElement).replaceWith(panel.element);
  onLanguage(() => panel.render());
  const next = the("next-text", HTMLParagraphElement);
  next.dataset.text = "next.handin";
  next.textContent = text("next.handin");
  the("next-example", HTMLParagraphElement).hidden = true;
  if (receiver !== undefined) allowHandingIn(new URL(endpoint).href, receiver);
}
