/** Every language has all messages, with the same values. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const SOURCE = new URL("../src/", import.meta.url);
const files = readdirSync(new URL("languages/", SOURCE)).filter((name) => name.endsWith(".json"));
const languages = Object.fromEntries(
  files.map((name) => [
    name.replace(".json", ""),
    JSON.parse(readFileSync(new URL(`languages/${name}`, SOURCE), "utf8")),
  ]),
);
const holes = (sentence) => [...sentence.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

test("there are ten languages, and English is the original", () => {
  assert.ok(files.length >= 10 && "en" in languages, files.join());
});

test("each language says who has checked it", () => {
  for (const [code, messages] of Object.entries(languages)) {
    const expected = code === "en" ? /^original$/ : /^(unreviewed|reviewed: \S.*, \d{4}-\d{2}-\d{2})$/;
    assert.match(messages["language.review"], expected, code);
  }
});

test("numbers have Latin digits, as those that the page writes", () => {
  for (const [code, messages] of Object.entries(languages)) {
    assert.doesNotMatch(JSON.stringify(messages), /(?![0-9])\p{Nd}/u, code);
  }
});

for (const [code, messages] of Object.entries(languages)) {
  test(`${code} has the keys of English`, () => {
    assert.deepEqual(Object.keys(messages).sort(), Object.keys(languages.en).sort());
  });

  test(`${code} has the values of English in each sentence`, () => {
    for (const [key, english] of Object.entries(languages.en)) {
      const message = messages[key];
      if (typeof english === "string") {
        assert.deepEqual(holes(message), holes(english), key);
        assert.ok(message.trim().length > 0, key);
        continue;
      }
      const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
      assert.deepEqual(
        Object.keys(message).sort(),
        [...forms].sort(),
        `${key}: the plural forms of ${code}`,
      );
      // The forms for one and two may name the number in words; all others must show it.
      for (const [form, sentence] of Object.entries(message)) {
        const expected = holes(english.other).filter(
          (hole) => hole !== "{count}" || sentence.includes(hole),
        );
        assert.deepEqual(holes(sentence), expected, `${key}.${form}`);
        if (form === "other") assert.ok(sentence.includes("{count}"), `${key}.${form}`);
      }
    }
  });
}

test("every sentence of the other languages is translated", () => {
  const same = ["language.name", "language.direction", "language.review"];
  for (const [code, messages] of Object.entries(languages).filter(([code]) => code !== "en")) {
    for (const [key, message] of Object.entries(messages)) {
      if (same.includes(key) || typeof message !== "string") continue;
      assert.notEqual(message, languages.en[key], `${code} ${key}`);
    }
  }
});

test("English contains neither 'upload' nor violent words", () => {
  const words = JSON.stringify(languages.en);
  assert.doesNotMatch(
    words,
    /upload|victim|abus|attack|kill|revenge|porn|perpetrat|\bfatal|\babort/i,
  );
});

test("every key that the page uses exists, and every key is used", () => {
  const named = new Set();
  const sources = readdirSync(SOURCE, { recursive: true }).filter((name) => name.endsWith(".ts"));
  for (const name of [...sources, "../vite.config.ts"]) {
    for (const [, key] of readFileSync(new URL(name, SOURCE), "utf8").matchAll(
      /["`]([a-z]+(?:\.[a-z-]+)+)["`]/g,
    ))
      named.add(key);
  }
  const html = readFileSync(new URL("../index.html", import.meta.url), "utf8");
  for (const [, key] of html.matchAll(/data-text="([^"]+)"/g)) {
    assert.ok(key in languages.en, `index.html: ${key}`);
    named.add(key);
  }
  // These keys are built from codes at run time.
  const made = /^(error|warning|requests|result|compare\.error|handin\.(error|state))\.|\.text$/;
  for (const key of Object.keys(languages.en))
    assert.ok(named.has(key) || made.test(key), `${key} is not used`);
});
