/**
 * Messages. Every file in languages/ is one language and part of the page's script, so that changing
 * the language makes no request. The choice is not stored, because it would be a trace.
 */

import type english from "./languages/en.json";

/** The name of a message. */
export type Key = keyof typeof english;

type Values = Readonly<Record<string, string | number>>;
/** A sentence, or its plural forms by the names of Intl.PluralRules, selected by `count`. */
type Message = string | Readonly<Record<string, string>>;

const languages = new Map<string, Readonly<Record<Key, Message>>>();
const files = import.meta.glob<Record<Key, Message>>("./languages/*.json", {
  eager: true,
  import: "default",
});
for (const [path, messages] of Object.entries(files)) {
  languages.set(path.replace(/^.*\/|\.json$/g, ""), messages);
}

const listeners: (() => void)[] = [];
let current = preferred();

/** Returns a message; `{name}` is replaced by the value of that name. */
export function text(key: Key, values: Values = {}): string {
  const message: Message = languages.get(current)?.[key] ?? key;
  return form(message, values).replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    return value === undefined ? hole : typeof value === "number" ? number(value) : value;
  });
}

/** Returns `true` if there is a message of this name, for names built from an error code. */
export function isKey(name: string): name is Key {
  return name in (languages.get("en") ?? {});
}

/** Returns a number in the format of the language, with Latin digits. */
export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(current, { numberingSystem: "latn", ...options }).format(value);
}

/** Calls `changed` after each change of the language. */
export function onLanguage(changed: () => void): void {
  listeners.push(changed);
}

/** Fills in the page's messages and the list of languages, also after a change. */
export function setUpLanguage(select: HTMLSelectElement): void {
  for (const [code, messages] of languages) {
    const option = new Option(
      String(messages["language.name"]),
      code,
      code === current,
      code === current,
    );
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

/** Returns the first of the browser's languages that the page has. */
function preferred(): string {
  const wanted = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  return wanted.find((code) => languages.has(code)) ?? "en";
}
