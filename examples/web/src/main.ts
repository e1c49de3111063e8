/** Connects the parts of the page. */

import { announce } from "./announce";
import { setUpChoosing } from "./choose";
import { setUpComparing } from "./compare";
import { the } from "./dom";
import { picturesLoaded, videosLoaded } from "./engine";
import { setUpExit } from "./exit";
import { setUpLanguage, text } from "./language";
import { List } from "./list";
import { setUpPreviews } from "./preview";
import { beginCounting, setReadiness, setUpRequests } from "./requests";

setUpLanguage(the("language", HTMLSelectElement));
setUpRequests();
setUpPreviews();

const list = new List(setUpComparing());

setUpExit(() => list.clear());
const allowChoosing = setUpChoosing((files) => {
  beginCounting();
  list.add(files);
});

// Browsers keep pages as they were left; after "back", this one must be empty.
window.addEventListener("pagehide", () => list.clear());

void load();

async function load(): Promise<void> {
  try {
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
