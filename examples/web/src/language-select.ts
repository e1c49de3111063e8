/** The page's language: the choice in the bar, `?lang=` in the address, or the browser's. */

import { announce } from "./announce";
import { make, the } from "./dom";
import {
  LANGUAGES,
  bestOf,
  fillTexts,
  isLoaded,
  isUnreviewed,
  language,
  onLanguage,
  setLanguage,
  text,
} from "./language";

const select = the("language", HTMLSelectElement);
const note = the("language-note", HTMLParagraphElement);

/** Shows the page in the person's language. Resolves when its texts are there. */
export async function setUpLanguage(): Promise<void> {
  for (const [code, name] of LANGUAGES) {
    const option = new Option(name, code);
    option.lang = code;
    select.add(option);
  }
  onLanguage(fill);
  select.addEventListener("change", () => void change());
  const asked = new URLSearchParams(location.search).get("lang");
  await setLanguage(bestOf([...(asked === null ? [] : [asked]), ...navigator.languages]));
  fill();
}

/**
 * From now on, only languages that are loaded can be chosen: the page promises that it requests
 * nothing after the first file was chosen.
 */
export function keepLoadedLanguages(): void {
  const rest = [...select.options].filter(({ value }) => !isLoaded(value));
  if (rest.length === 0 || select.querySelector("optgroup")) return;
  const group = make("optgroup", { id: "language-later", disabled: true });
  group.label = text("language.later");
  group.append(...rest);
  select.append(group);
}

async function change(): Promise<void> {
  if (await setLanguage(select.value)) return;
  select.value = language();
  announce(text("language.failed"));
}

function fill(): void {
  const root = document.documentElement;
  root.lang = language();
  root.dir = text("language.direction");
  document.title = text("page.title");
  select.value = language();
  note.hidden = !isUnreviewed();
  const group = select.querySelector("optgroup");
  if (group) group.label = text("language.later");
  fillTexts(document);
}
