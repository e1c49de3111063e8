/**
 * The flags of Chromium in tests: no sandbox, which root cannot use, and no requests of its own, so
 * that every request is the page's.
 */
export const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
