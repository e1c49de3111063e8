/**
 * Messages. Every file in languages/ is one language. English is part of the script, because it
 * stands in for a language that cannot be loaded; another language is loaded when it is wanted. The
 * choice is not stored, because it would be a trace.
 */

import names from "virtual:languages";

import english from "./languages/en.json";

/** The name of a message. */
export type Key = keyof typeof english;

type Values = Readonly<Record<string, string | number>>;
/** A sentence, or its plural forms by the names of Intl.PluralRules, selected by `count`. */
type Message = string | Readonly<Record<string, string>>;
type Messages = Readonly<Record<Key, Message>>;

const ENGLISH = "en";

/** The codes of all languages, with the name that their speakers use. */
export const LANGUAGES: ReadonlyMap<string, string> = new Map(Object.entries(names));

const files = import.meta.glob<Messages>(["./languages/*.json", "!./languages/en.json"], {
  import: "default",
});
const loaded = new Map<string, Messages>([[ENGLISH, english]]);
const listeners = new Set<() => void>();
let current = ENGLISH;
let wanted = ENGLISH;

/** Returns a message; `{name}` is replaced by the value of that name. */
export function text(key: Key, values: Values = {}): string {
  const message: Message = loaded.get(current)?.[key] ?? english[key];
  return form(message, values).replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    return value === undefined ? hole : typeof value === "number" ? number(value) : value;
  });
}

/** Returns `true` if there is a message of this name, for names built from an error code. */
export function isKey(name: string): name is Key {
  return Object.hasOwn(english, name);
}

/** Returns a number in the format of the language, with Latin digits. */
export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(current, { numberingSystem: "latn", ...options }).format(value);
}

/** Returns a day such as `2026-12-01` in the format of the language. */
export function date(day: string): string {
  return new Intl.DateTimeFormat(current, {
    dateStyle: "long",
    timeZone: "UTC",
    calendar: "gregory",
    numberingSystem: "latn",
  }).format(new Date(`${day}T00:00:00Z`));
}

/** Calls `changed` after each change of the language; returns a function that ends this. */
export function onLanguage(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

export function language(): string {
  return current;
}

export function isLoaded(code: string): boolean {
  return loaded.has(code);
}

/** Returns `true` if nobody who speaks the language has checked its messages. */
export function isUnreviewed(): boolean {
  return text("language.review") === "unreviewed";
}

/** Loads and shows a language; returns `false` if that failed and nothing changed. */
export async function setLanguage(code: string): Promise<boolean> {
  wanted = code;
  if (!loaded.has(code)) {
    try {
      const messages = await files[`./languages/${code}.json`]?.();
      if (!messages) return false;
      loaded.set(code, messages);
    } catch {
      return false;
    }
  }
  // Another language was chosen meanwhile.
  if (wanted !== code || current === code) return true;
  current = code;
  for (const changed of listeners) changed();
  return true;
}

/** Fills in the messages of all elements with `data-text`. */
export function fillTexts(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-text]")) {
    const key = element.dataset.text ?? "";
    if (isKey(key)) element.textContent = text(key);
  }
}

/** Returns the first of these languages, such as `pt-BR`, that exists; English otherwise. */
export function bestOf(tags: readonly string[]): string {
  const codes = [...LANGUAGES.keys()];
  const base = (tag: string): string => tag.toLowerCase().split("-")[0] ?? "";
  for (const tag of tags) {
    const code =
      codes.find((it) => it.toLowerCase() === tag.toLowerCase()) ??
      codes.find((it) => base(it) === base(tag));
    if (code !== undefined) return code;
  }
  return ENGLISH;
}

function form(message: Message, values: Values): string {
  if (typeof message === "string") return message;
  const rule = new Intl.PluralRules(current).select(Number(values.count));
  return message[rule] ?? message.other ?? "";
}
