/**
 * Words. Every file in languages/ is one language and part of the page's script, so that changing the language asks the
 * network for nothing. The choice is not stored: a language is a trace, too.
 */

import type english from "./languages/en.json";

/** The name of a message. */
export type Key = keyof typeof english;

type Values = Readonly<Record<string, string | number>>;
/** A sentence, or its plural forms as Intl.PluralRules names them, chosen by the value `count`. */
type Message = string | Readonly<Record<string, string>>;

const languages = new Map<string, Readonly<Record<Key, Message>>>();
const files = import.meta.glob<Record<Key, Message>>("./languages/*.json", { eager: true, import: "default" });
for (const [path, messages] of Object.entries(files)) {
  languages.set(path.replace(/^.*\/|\.json$/g, ""), messages);
}

const listeners: (() => void)[] = [];
let current = preferred();

/** The sentence called `key`, with `{name}` replaced by the value of that name. */
export function text(key: Key, values: Values = {}): string {
  const message: Message = languages.get(current)?.[key] ?? key;
  return form(message, values).replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    return value === undefined ? hole : typeof value === "number" ? number(value) : value;
  });
}

/** Whether there is a message of this name, for names made of an error's code. */
export function isKey(name: string): name is Key {
  return name in (languages.get("en") ?? {});
}

/** A number as this language writes it, in the digits that fingerprints use. */
export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(current, { numberingSystem: "latn", ...options }).format(value);
}

/** Calls back after each change of language. */
export function onLanguage(changed: () => void): void {
  listeners.push(changed);
}

/** Fills the page's fixed words and the list of languages, and keeps both right from then on. */
export function setUpLanguage(select: HTMLSelectElement): void {
  for (const [code, messages] of languages) {
    const option = new Option(String(messages["language.name"]), code, code === current, code === current);
    option.lang = code;
    select.add(option);
  }
  select.addEventListener("change", () => {
    current = select.value;
    fill();
    for (const changed of listeners) changed();
  });
  fill();
}

function fill(): void {
  const root = document.documentElement;
  root.lang = current;
  root.dir = text("language.direction");
  document.title = text("page.title");
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    const key = element.dataset.text ?? "";
    if (isKey(key)) element.textContent = text(key);
  }
}

function form(message: Message, values: Values): string {
  if (typeof message === "string") return message;
  const rule = new Intl.PluralRules(current).select(Number(values.count));
  return message[rule] ?? message.other ?? "";
}

/** The first of the reader's languages that there is. */
function preferred(): string {
  const wanted = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  return wanted.find((code) => languages.has(code)) ?? "en";
}
