/**
 * How Chromium is started for tests. No sandbox, because it can't be had as root; everything else keeps the browser from
 * talking to its maker meanwhile, so that every request seen is the page's.
 */
export const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
