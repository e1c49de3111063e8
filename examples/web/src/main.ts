/** The page's parts, put together. */

import { announce } from "./announce";
import { setUpChoosing } from "./choose";
import { setUpComparing } from "./compare";
import { the } from "./dom";
import { loaded } from "./engine";
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

// Whoever comes back to this page by "back" finds it empty, though browsers keep pages as they were left.
window.addEventListener("pagehide", () => list.clear());

loaded().then(
  () => {
    setReadiness("ready");
    allowChoosing();
    announce(text("requests.ready"));
  },
  () => setReadiness("failed"),
);
