/**
 * Counts the page's requests since the first file was chosen, as the browser records them. The
 * policy in index.html prevents requests; the count shows that it does. Requests of other programs
 * or add-ons are not visible here.
 */

import { announceNow } from "./announce";
import { the } from "./dom";
import { onLanguage, text, type Key } from "./language";

/**
 * Whether the page's scripts are loaded. `pictures`: the part for videos is still being loaded;
 * `no-videos`: it could not be loaded.
 */
export type Readiness = "loading" | "pictures" | "ready" | "no-videos" | "failed";

const panel = the("requests", HTMLDivElement);
const title = the("requests-count", HTMLParagraphElement);
const about = the("requests-text", HTMLParagraphElement);

let readiness: Readiness = "loading";
/** The address to which the page hands in, and who is there. */
let receiver: { readonly address: string; readonly name: string } | undefined;
let chosenAt: number | undefined;
const made: PerformanceEntry[] = [];
const stopped = new Map<string, number>();

/** Starts recording. */
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

/** Requests to this address are handing in, which people start themselves: they are not counted. */
export function allowHandingIn(address: string, name: string): void {
  receiver = { address, name };
  show();
}

/** Called when a part of the scripts is loaded, or cannot be loaded. */
export function setReadiness(value: Readiness): void {
  readiness = value;
  show();
}

/** Starts the count when the first file is chosen. */
export function beginCounting(): void {
  chosenAt ??= performance.now();
  show();
}

// The worker's script and the icon have addresses, but need no network.
function reachesNetwork(entry: PerformanceEntry): boolean {
  if (receiver && entry.name.startsWith(receiver.address)) return false;
  return !/^(blob|data):/.test(entry.name);
}

function show(): void {
  if (chosenAt === undefined) {
    panel.dataset.state = readiness;
    title.textContent = text(`requests.${readiness}`);
    const isReady = receiver !== undefined && readiness === "ready";
    about.textContent = text(isReady ? "requests.handin.ready" : `requests.${readiness}.text`);
    return;
  }
  const since = chosenAt;
  // Some browsers record blocked requests as well; they are not counted.
  const count = made.filter((entry) => entry.startTime >= since && !stopped.has(entry.name)).length;
  const tried = [...stopped.values()].reduce((sum, times) => sum + times, 0);
  const none = receiver
    ? text("requests.handin.text", { name: receiver.name })
    : text("requests.none.text");
  const sentences = [count === 0 ? none : text("requests.some.text")];
  // Only what is missing is said: what was requested before the first file was chosen may come now.
  if (count === 0) sentences.push(text(restOf(readiness)));
  if (tried > 0) sentences.push(text("requests.stopped", { count: tried }));
  if (count > 0 && panel.dataset.state !== "some") announceNow(sentences.join(" "));
  panel.dataset.state = count === 0 ? "none" : "some";
  title.textContent = text(receiver ? "requests.handin.count" : "requests.count", { count });
  about.textContent = sentences.join(" ");
}

function restOf(readiness: Readiness): Key {
  if (readiness !== "ready") return `requests.${readiness}.text`;
  return receiver ? "requests.handin.ready" : "requests.offline.text";
}
