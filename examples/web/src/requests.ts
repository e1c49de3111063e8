/**
 * What the page asked of the network since the first picture was chosen, as the browser itself recorded it. The policy in
 * index.html is what prevents requests; this shows that it does. It cannot see what other programs or add-ons do elsewhere.
 */

import { announceNow } from "./announce";
import { the } from "./dom";
import { onLanguage, text } from "./language";

/** How far the page's own script has come. */
export type Readiness = "loading" | "ready" | "failed";

const panel = the("requests", HTMLDivElement);
const title = the("requests-count", HTMLParagraphElement);
const explanation = the("requests-text", HTMLParagraphElement);

let readiness: Readiness = "loading";
let chosenAt: number | undefined;
const made: PerformanceEntry[] = [];
const stopped = new Map<string, number>();

/** Begins to watch. */
export function setUpRequests(): void {
  const observer = new PerformanceObserver((list) => {
    made.push(...list.getEntries().filter(reachesNetwork));
    show();
  });
  observer.observe({ type: "resource", buffered: true });
  document.addEventListener("securitypolicyviolation", ({ blockedURI }) => {
    stopped.set(blockedURI, (stopped.get(blockedURI) ?? 0) + 1);
    show();
  });
  onLanguage(show);
  show();
}

/** Everything is here that the page will ever need, or could not be had. */
export function setReadiness(value: Readiness): void {
  readiness = value;
  show();
}

/** The first picture was chosen: the count begins. */
export function beginCounting(): void {
  chosenAt ??= performance.now();
  show();
}

// A worker's script made by the page itself and the icon have addresses, but no network.
function reachesNetwork(entry: PerformanceEntry): boolean {
  return !/^(blob|data):/.test(entry.name);
}

function show(): void {
  if (chosenAt === undefined) {
    panel.dataset.state = readiness;
    title.textContent = text(`requests.${readiness}`);
    explanation.textContent = text(`requests.${readiness}.text`);
    return;
  }
  const since = chosenAt;
  // Some browsers record what they stopped as if it had been asked for; it did not go anywhere.
  const count = made.filter((entry) => entry.startTime >= since && !stopped.has(entry.name)).length;
  const tried = [...stopped.values()].reduce((sum, times) => sum + times, 0);
  const sentences = [text(count === 0 ? "requests.none.text" : "requests.some.text")];
  if (tried > 0) sentences.push(text("requests.stopped", { count: tried }));
  if (count > 0 && panel.dataset.state !== "some") announceNow(sentences.join(" "));
  panel.dataset.state = count === 0 ? "none" : "some";
  title.textContent = text("requests.count", { count });
  explanation.textContent = sentences.join(" ");
}
