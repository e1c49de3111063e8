/** Lets the page hand in to one origin. Without this, it can connect to none. */

const META = 'name="ownprint-endpoint" content=""';
const POLICY = "connect-src 'none'";

/**
 * Returns index.html with the address of a service, and with the service's origin as the only one
 * to which the policy allows connections. With `memory:`, a trial, the policy stays as it is.
 *
 * @param {string} html
 * @param {string} address
 * @returns {string}
 */
export function withEndpoint(html, address) {
  const { href, origin, protocol } = new URL(address);
  if (!["https:", "http:", "memory:"].includes(protocol)) throw new Error(`not https: ${address}`);
  for (const part of [META, POLICY]) {
    if (html.split(part).length !== 2) throw new Error(`index.html must have ${part} once`);
  }
  // `href` has no quotation marks: the parser of addresses writes them as %22.
  const named = html.replace(META, `name="ownprint-endpoint" content="${href}"`);
  return protocol === "memory:" ? named : named.replace(POLICY, `connect-src ${origin}`);
}
