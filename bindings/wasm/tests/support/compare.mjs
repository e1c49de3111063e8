// Describes differences between JSON values without printing equal lines.

import assert from "node:assert/strict";

/**
 * @param {unknown} actual @param {unknown} expected @returns {string[]} one line per difference;
 * empty if there is none
 */
export function differences(actual, expected, at = "") {
  if (Object.is(actual, expected)) return [];
  if (isObject(actual) && isObject(expected) && Array.isArray(actual) === Array.isArray(expected)) {
    const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
    return [...keys].flatMap((key) =>
      differences(actual[key], expected[key], at === "" ? key : `${at}.${key}`),
    );
  }
  return [
    `${at || "the value"} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`,
  ];
}

/**
 * Fails with the number of different pairs, and with the differences of the first ones.
 *
 * @param {{ name: string, actual: unknown, expected: unknown }[]} cases
 */
export function assertAllEqual(cases) {
  const wrong = cases
    .map(({ name, actual, expected }) => ({ name, lines: differences(actual, expected) }))
    .filter(({ lines }) => lines.length > 0);
  const shown = wrong
    .slice(0, 8)
    .map(({ name, lines }) => `${name}:\n    ${lines.slice(0, 4).join("\n    ")}`);
  assert.equal(wrong.length, 0, `${wrong.length} of ${cases.length} differ\n${shown.join("\n")}`);
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === "object" && value !== null;
}
