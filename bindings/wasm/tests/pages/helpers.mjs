// Functions that tests use in a page.

/** Violations of the Content-Security-Policy since the page was opened. */
export const violations = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  // Some browsers request an icon and report that it is blocked.
  if (!blockedURI.endsWith("/favicon.ico")) violations.push(`${violatedDirective} ${blockedURI}`);
});

/** @param {string} url @returns {Promise<Blob>} */
export async function blobOf(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.blob();
}

/** @param {string} url @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function bytesOf(url) {
  return new Uint8Array(await (await blobOf(url)).arrayBuffer());
}

/**
 * Returns the outcome of a call as JSON values.
 *
 * @param {() => unknown} work
 */
export async function outcome(work) {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: wordsOf(error) };
  }
}

/** @param {any} error */
export function wordsOf(error) {
  const { ownprint, core } = /** @type {any} */ (globalThis);
  const type = ownprint ?? core;
  return {
    name: error?.name,
    code: error?.code,
    message: error?.message ?? String(error),
    isOwnprintError: type?.OwnprintError !== undefined && error instanceof type.OwnprintError,
  };
}

/**
 * Fingerprints files with one client, one after the other.
 *
 * @param {string[]} urls
 * @param {object} options
 * @param {object} [ofClient] how the client starts
 */
export async function fingerprintEach(urls, options, ofClient) {
  const client = new /** @type {any} */ (globalThis).ownprint.Ownprint(ofClient);
  try {
    const outcomes = [];
    for (const url of urls) {
      const file = await blobOf(url);
      outcomes.push(await outcome(() => client.fingerprint(file, options)));
    }
    return outcomes;
  } finally {
    client.dispose();
  }
}

/**
 * Runs work that is cancelled, and then fingerprints an intact file with the same client.
 *
 * @param {(client: any, reason: Error) => Promise<unknown>} work
 */
export async function abortAndGoOn(work) {
  const client = new /** @type {any} */ (globalThis).ownprint.Ownprint();
  try {
    const reason = new Error("the person chose another image");
    let ended;
    try {
      ended = { value: await work(client, reason) };
    } catch (error) {
      ended = { isReason: error === reason, error: wordsOf(error) };
    }
    const next = await outcome(async () =>
      client.fingerprint(await blobOf("/images/lake.jpg"), { algorithms: "all" }),
    );
    return { ...ended, next };
  } finally {
    client.dispose();
  }
}
