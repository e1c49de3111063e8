/**
 * A reference server of the hand-in protocol (src/hand-in/http.ts), for the tests.
 *
 * NOT FOR PRODUCTION: it has no TLS, no operator's side, no backup and no monitoring; nobody has
 * audited it, and its limits by address do not survive a restart. It shows what a service must do:
 * store hashes only, bound every body and every guess, forget what is withdrawn, log nothing.
 */

import { createServer } from "node:http";

import { Store } from "./store.mjs";
import { RequestError, numbers, submission } from "./validate.mjs";

/** 20,000 frames take 2.6 MB. */
const MAX_BODY = 4 << 20;
/** Requests of one address in a minute. */
const MAX_REQUESTS = 60;
const MINUTE = 60_000;
const MAX_ADDRESSES = 10_000;

const ROUTES = {
  "/v1/cases": async (store, body) => {
    const { isNew, ...found } = await store.submit(submission(body));
    return [isNew ? 201 : 200, { case: found.number, ...written(found) }];
  },
  "/v1/cases/status": async (store, body) => [200, written(await store.status(numbers(body)))],
  "/v1/cases/withdraw": async (store, body) => {
    await store.withdraw(numbers(body));
    return [200, { withdrawn: true }];
  },
};

const written = ({ state, receivedOn, count }) => ({ state, received_on: receivedOn, count });

/** Starts a server that accepts requests of the pages of one origin. */
export async function startServer({
  origin,
  path,
  now = Date.now,
  maxRequests = MAX_REQUESTS,
} = {}) {
  const store = new Store({ path, now });
  const limit = limiter(maxRequests, now);
  const server = createServer((request, response) => {
    void answer(request, { store, limit, origin }).then(([status, body, headers = {}]) => {
      response.writeHead(status, {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": origin,
        vary: "origin",
        ...headers,
      });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  server.maxConnections = 200;
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    store,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      store.close();
    },
  };
}

async function answer(request, { store, limit, origin }) {
  try {
    const route = Object.hasOwn(ROUTES, request.url) ? ROUTES[request.url] : undefined;
    if (!route) throw new RequestError(404, "refused", "unknown address");
    // Browsers name the page's origin; other programs are not this protocol's clients.
    if (request.headers.origin !== origin) throw new RequestError(403, "refused", "other origin");
    if (request.method === "OPTIONS") {
      const allowed = {
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "content-type",
        "access-control-max-age": "600",
      };
      return [204, undefined, allowed];
    }
    if (request.method !== "POST") throw new RequestError(405, "refused", "POST only");
    if (request.headers["content-type"] !== "application/json") {
      throw new RequestError(415, "refused", "application/json only");
    }
    limit(request.socket.remoteAddress);
    return await route(store, await bodyOf(request));
  } catch (error) {
    // The body stays unread: the connection cannot be used again.
    request.resume();
    if (!(error instanceof RequestError)) return [500, { error: { code: "internal" } }];
    const { status, code, message, retryAfter } = error;
    const wait = retryAfter === undefined ? {} : { retry_after: retryAfter };
    return [status, { error: { code, message, ...wait } }, { connection: "close" }];
  }
}

async function bodyOf(request) {
  const tooLarge = () => new RequestError(413, "refused", `more than ${MAX_BODY} bytes`);
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY) throw tooLarge();
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > MAX_BODY) throw tooLarge();
    parts.push(part);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
    return JSON.parse(text);
  } catch {
    throw new RequestError(400, "refused", "not JSON");
  }
}

/** Returns a function that throws if an address makes too many requests. It is kept in memory. */
function limiter(most, now) {
  let since = now();
  let seen = new Map();
  return (address = "") => {
    if (now() - since >= MINUTE || seen.size >= MAX_ADDRESSES) {
      since = now();
      seen = new Map();
    }
    const count = (seen.get(address) ?? 0) + 1;
    seen.set(address, count);
    if (count > most) {
      const seconds = Math.ceil((MINUTE - (now() - since)) / 1000);
      throw new RequestError(429, "busy", "too many requests", seconds);
    }
  };
}
