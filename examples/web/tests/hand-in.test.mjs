/** The hand-in interface: both implementations, the reference server, and answers that lie. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { rolldown } from "rolldown";

import { startServer } from "./server/server.mjs";

const folder = mkdtempSync(join(tmpdir(), "ownprint-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const file = join(folder, "hand-in.mjs");
const input = fileURLToPath(new URL("../src/hand-in/index.ts", import.meta.url));
await (await rolldown({ input })).write({ file, format: "esm" });
const { HttpHandIn, MemoryHandIn, grouped, handInAt, hashesOf, newAttempt, newPin, typedDigits } =
  await import(file);

const ORIGIN = "https://page.example";
const FILES = [
  {
    kind: "image",
    pdq: { hex: "5a".repeat(32), quality: 100 },
    variants: [{ variant: "rotate:-4.5:black+mirror", hex: "a5".repeat(32), quality: 80 }],
  },
  {
    kind: "video",
    md5: "0f".repeat(16),
    vpdq: [{ frame: 0, quality: 90, hex: "c3".repeat(32), seconds: 0 }],
  },
];

/** Node sends no Origin, and the service answers only pages. */
const nodeFetch = globalThis.fetch;
globalThis.fetch = (url, { mode, credentials, cache, referrerPolicy, ...options }) => {
  assert.deepEqual(
    { mode, credentials, cache, referrerPolicy, redirect: options.redirect },
    {
      mode: "cors",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      redirect: "error",
    },
  );
  return nodeFetch(url, { ...options, headers: { ...options.headers, origin: ORIGIN } });
};

/** A clock that tests move. */
function clock() {
  let time = Date.UTC(2026, 11, 1, 12);
  return { now: () => time, pass: (milliseconds) => (time += milliseconds) };
}

const SERVICES = {
  "in memory": async (time) => ({ handIn: new MemoryHandIn(time), close: () => undefined }),
  "over HTTP": async (time) => {
    const server = await startServer({ origin: ORIGIN, ...time });
    return { handIn: new HttpHandIn(server.endpoint), close: () => server.close() };
  },
};

const fails = (call, code) =>
  assert.rejects(call, (error) => {
    assert.equal(error.name, "HandInError");
    assert.equal(error.code, code);
    return true;
  });

for (const [name, start] of Object.entries(SERVICES)) {
  const on = (what, work) =>
    test(`${name}: ${what}`, async () => {
      const time = clock();
      const { handIn, close } = await start(time);
      try {
        await work(handIn, time);
      } finally {
        await close();
      }
    });

  on("a receipt has a case number, the PIN and a status", async (handIn) => {
    const attempt = newAttempt();
    const receipt = await handIn.submit(FILES, { attempt });
    assert.match(receipt.caseNumber, /^[0-9]{12}$/);
    assert.equal(receipt.pin, attempt.pin);
    const status = { state: "received", receivedOn: "2026-12-01", count: 2 };
    assert.deepEqual(receipt.status, status);
    assert.deepEqual(await handIn.status(receipt.caseNumber, receipt.pin), status);
  });

  on("a repeated attempt gives the same case; another attempt another case", async (handIn) => {
    const attempt = newAttempt();
    const first = await handIn.submit(FILES, { attempt });
    assert.deepEqual(await handIn.submit(FILES, { attempt }), first);
    const other = await handIn.submit(FILES);
    assert.notEqual(other.caseNumber, first.caseNumber);
    assert.notEqual(other.pin, first.pin);
  });

  on("an attempt is not used for other hashes or with another PIN", async (handIn) => {
    const attempt = newAttempt();
    await handIn.submit(FILES, { attempt });
    await fails(handIn.submit(FILES.slice(1), { attempt }), "conflict");
    const pin = attempt.pin === "00000000" ? "00000001" : "00000000";
    await fails(handIn.submit(FILES, { attempt: { ...attempt, pin } }), "conflict");
  });

  on("a withdrawn case is gone, and a late retry does not bring it back", async (handIn) => {
    const attempt = newAttempt();
    const { caseNumber, pin } = await handIn.submit(FILES, { attempt });
    await handIn.withdraw(caseNumber, pin);
    await fails(handIn.status(caseNumber, pin), "wrong-pin");
    await fails(handIn.withdraw(caseNumber, pin), "wrong-pin");
    await fails(handIn.submit(FILES, { attempt }), "withdrawn");
  });

  on("five wrong PINs lock a case number for a quarter of an hour", async (handIn, time) => {
    const { caseNumber, pin } = await handIn.submit(FILES);
    const wrong = pin === "00000000" ? "00000001" : "00000000";
    for (let guess = 0; guess < 4; guess += 1) {
      await fails(handIn.status(caseNumber, wrong), "wrong-pin");
    }
    // The right PIN starts the count again.
    await handIn.status(caseNumber, pin);
    for (let guess = 0; guess < 5; guess += 1) {
      await fails(handIn.withdraw(caseNumber, wrong), "wrong-pin");
    }
    const locked = await handIn.status(caseNumber, pin).catch((error) => error);
    assert.equal(locked.code, "locked");
    assert.ok(locked.retryAfter > 0 && locked.retryAfter <= 900, String(locked.retryAfter));
    time.pass(900_001);
    await handIn.status(caseNumber, pin);
  });

  on("an unknown case number behaves as a known one", async (handIn) => {
    for (let guess = 0; guess < 5; guess += 1) {
      await fails(handIn.status("123456789012", "12345678"), "wrong-pin");
    }
    await fails(handIn.status("123456789012", "12345678"), "locked");
  });

  on("malformed numbers, empty submissions and cancelled calls are refused", async (handIn) => {
    for (const [number, pin] of [
      ["12345678901", "12345678"],
      ["123456789012", "1234567"],
      ["12345678901x", "12345678"],
    ]) {
      await fails(handIn.status(number, pin), "invalid-number");
      await fails(handIn.withdraw(number, pin), "invalid-number");
    }
    await fails(handIn.submit([]), "refused");
    await fails(handIn.submit(FILES, { signal: AbortSignal.abort() }), "cancelled");
  });
}

test("a PIN has eight digits and each digit occurs about as often", () => {
  const counts = Array(10).fill(0);
  for (let draw = 0; draw < 5000; draw += 1) {
    const pin = newPin();
    assert.match(pin, /^[0-9]{8}$/);
    for (const digit of pin) counts[digit] += 1;
  }
  // 4,000 each; the standard deviation is 60.
  for (const count of counts) assert.ok(Math.abs(count - 4000) < 400, counts.join());
});

test("a PIN is drawn again where a remainder would prefer small numbers", (context) => {
  const draws = [4_294_967_295, 4_200_000_000, 4_199_999_999];
  const random = context.mock.method(crypto, "getRandomValues", (array) => {
    array[0] = draws.shift();
    return array;
  });
  assert.equal(newPin(), "99999999");
  assert.equal(random.mock.callCount(), 3);
});

test("digits are grouped, and read in any script with any gaps", () => {
  assert.equal(grouped("482109375560"), "4821 0937 5560");
  assert.equal(typedDigits(" 4821-0937\u2009\u200e5560 "), "482109375560");
  assert.equal(typedDigits("٤٨٢١ ۰۹۳۷ ५५६० ০১২৩"), "4821093755600123");
});

test("only hashes that services accept are selected, and no name or digest of an image", () => {
  const pdq = (quality) => ({ hash: "5a".repeat(32), quality });
  const image = {
    path: "IMG_1.jpg",
    digests: { md5: "00".repeat(16), sha256: "00".repeat(32) },
    image: {
      width: 10,
      height: 10,
      pdq: pdq(50),
      variants: {
        hashes: [
          { variant: "original", ...pdq(50) },
          { variant: "rotate:90", ...pdq(49) },
        ],
      },
    },
  };
  assert.deepEqual(hashesOf(image, "image"), {
    kind: "image",
    pdq: { hex: "5a".repeat(32), quality: 50 },
    variants: [{ variant: "original", hex: "5a".repeat(32), quality: 50 }],
  });
  assert.equal(hashesOf({ ...image, image: { pdq: pdq(49) } }, "image"), undefined);
  assert.equal(hashesOf({ digests: image.digests }, "image"), undefined);
  const video = {
    digests: { md5: "0f".repeat(16), sha256: "00".repeat(32) },
    video: {
      vpdq: [
        { frame: 0, seconds: 0, ...pdq(90) },
        { frame: 30, seconds: 1, ...pdq(10) },
      ],
    },
  };
  assert.deepEqual(hashesOf(video, "video"), {
    kind: "video",
    md5: "0f".repeat(16),
    vpdq: [{ frame: 0, quality: 90, hex: "5a".repeat(32), seconds: 0 }],
  });
  assert.deepEqual(hashesOf({ digests: { md5: "0f".repeat(16) } }, "video"), {
    kind: "video",
    md5: "0f".repeat(16),
  });
});

test("an endpoint is https:, or http: of this device, or the trial", () => {
  for (const endpoint of ["http://hashes.example", "ftp://hashes.example", "javascript:1", "x"]) {
    assert.throws(() => handInAt(endpoint), TypeError, endpoint);
  }
  assert.ok(handInAt("https://hashes.example/a") instanceof HttpHandIn);
  assert.ok(handInAt("http://127.0.0.1:8080") instanceof HttpHandIn);
  assert.ok(handInAt("memory:") instanceof MemoryHandIn);
});

test("the server stores no PIN, key or address, and withdrawing deletes the hashes", async () => {
  const path = join(folder, "cases.sqlite");
  const server = await startServer({ origin: ORIGIN, path });
  const handIn = new HttpHandIn(server.endpoint);
  const attempt = newAttempt();
  const { caseNumber, pin } = await handIn.submit(FILES, { attempt });
  const stored = () => readFileSync(path).toString("latin1");
  assert.ok(stored().includes("5a".repeat(32)));
  for (const secret of [pin, attempt.key, "127.0.0.1"]) assert.ok(!stored().includes(secret));
  const [[{ salt, pin: hash }]] = server.store.dump();
  assert.deepEqual([salt.length, hash.length], [16, 32]);
  server.store.share(caseNumber);
  assert.equal((await handIn.status(caseNumber, pin)).state, "shared");
  await handIn.withdraw(caseNumber, pin);
  const [cases, attempts] = server.store.dump();
  assert.deepEqual(cases, []);
  assert.deepEqual(
    attempts.map(({ number }) => number),
    [null],
  );
  await server.close();
  // Also in the pages of the file that are free now.
  for (const text of ["5a".repeat(32), "0f".repeat(16), caseNumber]) {
    assert.ok(!stored().includes(text), text);
  }
});

test("a lock and the cases survive a restart of the server", async () => {
  const path = join(folder, "restart.sqlite");
  const first = await startServer({ origin: ORIGIN, path });
  const { caseNumber, pin } = await new HttpHandIn(first.endpoint).submit(FILES);
  const wrong = pin === "00000000" ? "00000001" : "00000000";
  for (let guess = 0; guess < 5; guess += 1) {
    await fails(new HttpHandIn(first.endpoint).status(caseNumber, wrong), "wrong-pin");
  }
  await first.close();
  const second = await startServer({ origin: ORIGIN, path });
  await fails(new HttpHandIn(second.endpoint).status(caseNumber, pin), "locked");
  await second.close();
});

test("guesses at the same time count as many as one after the other", async () => {
  const server = await startServer({ origin: ORIGIN });
  const handIn = new HttpHandIn(server.endpoint);
  const { caseNumber } = await handIn.submit(FILES);
  const codes = [];
  const guess = (pin) => handIn.status(caseNumber, pin).catch(({ code }) => codes.push(code));
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(["1", "2", "3", "4"].map((digit) => guess(digit.repeat(8))));
  }
  assert.equal(codes.filter((code) => code === "wrong-pin").length, 5, codes.join());
  assert.equal(codes.length, 20);
  await server.close();
});

test("the same attempt twice at the same time makes one case", async () => {
  const server = await startServer({ origin: ORIGIN });
  const handIn = new HttpHandIn(server.endpoint);
  const attempt = newAttempt();
  const [one, other] = await Promise.all([
    handIn.submit(FILES, { attempt }),
    handIn.submit(FILES, { attempt }),
  ]);
  assert.deepEqual(one, other);
  assert.equal(server.store.dump()[0].length, 1);
  await server.close();
});

test("the server refuses what is not exactly the protocol", async () => {
  const server = await startServer({ origin: ORIGIN, maxRequests: 100 });
  const send = async (path, body, options = {}) => {
    const headers = { origin: ORIGIN, "content-type": "application/json", ...options.headers };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const method = options.method ?? "POST";
    const init = { method, headers, ...(method === "POST" && { body: text }) };
    const response = await nodeFetch(`${server.endpoint}${path}`, init);
    return [response.status, (await response.json()).error.code];
  };
  const good = { ...newAttempt(), files: FILES };
  const [image, video] = FILES;
  const frame = video.vpdq[0];
  const bad = {
    "not JSON": "{",
    "an array": [],
    "an unknown key": { ...good, name: "IMG_1.jpg" },
    "a missing key": { key: good.key, pin: good.pin },
    "a short attempt key": { ...good, key: "00" },
    "no files": { ...good, files: [] },
    "too many files": { ...good, files: Array(1001).fill(image) },
    "a null file": { ...good, files: [null] },
    "a file name": { ...good, files: [{ ...image, name: "IMG_1.jpg" }] },
    "another kind": { ...good, files: [{ ...image, kind: "sound" }] },
    "capital digits": { ...good, files: [{ ...image, pdq: { hex: "5A".repeat(32), quality: 1 } }] },
    "a short hash": { ...good, files: [{ ...image, pdq: { hex: "5a", quality: 1 } }] },
    "a quality of 101": { ...good, files: [{ ...image, pdq: { ...image.pdq, quality: 101 } }] },
    "a quality of 1.5": { ...good, files: [{ ...image, pdq: { ...image.pdq, quality: 1.5 } }] },
    "a number as hash": { ...good, files: [{ ...image, pdq: { hex: 5, quality: 1 } }] },
    "65 variants": { ...good, files: [{ ...image, variants: Array(65).fill(image.variants[0]) }] },
    "a variant of words": {
      ...good,
      files: [{ ...image, variants: [{ ...image.variants[0], variant: "a b" }] }],
    },
    "a short MD5": { ...good, files: [{ ...video, md5: "0f" }] },
    "a negative frame": { ...good, files: [{ ...video, vpdq: [{ ...frame, frame: -1 }] }] },
    "a time as text": { ...good, files: [{ ...video, vpdq: [{ ...frame, seconds: "0" }] }] },
    "20,001 frames": {
      ...good,
      files: Array(3).fill({ kind: "video", md5: video.md5, vpdq: Array(6667).fill(frame) }),
    },
  };
  for (const [what, body] of Object.entries(bad)) {
    assert.deepEqual(await send("/v1/cases", body), [400, "refused"], what);
  }
  for (const pin of [12345678, "1234567", "1234567a", null]) {
    assert.deepEqual(await send("/v1/cases", { ...good, pin }), [400, "invalid-number"]);
    const body = { case: "123456789012", pin };
    assert.deepEqual(await send("/v1/cases/status", body), [400, "invalid-number"]);
  }
  assert.deepEqual(await send("/v1/cases", "x".repeat((4 << 20) + 1)), [413, "refused"]);
  assert.deepEqual(await send("/v1/other", good), [404, "refused"]);
  assert.deepEqual(await send("/v1/cases", good, { method: "GET" }), [405, "refused"]);
  const plain = { headers: { "content-type": "text/plain" } };
  assert.deepEqual(await send("/v1/cases", good, plain), [415, "refused"]);
  const other = { headers: { origin: "https://other.example" } };
  assert.deepEqual(await send("/v1/cases", good, other), [403, "refused"]);
  assert.deepEqual(server.store.dump(), [[], [], []], "nothing was stored");
  await server.close();
});

test("the server limits the requests of an address", async () => {
  const time = clock();
  const server = await startServer({ origin: ORIGIN, now: time.now, maxRequests: 2 });
  const handIn = new HttpHandIn(server.endpoint);
  const { caseNumber, pin } = await handIn.submit(FILES);
  await handIn.status(caseNumber, pin);
  const busy = await handIn.status(caseNumber, pin).catch((error) => error);
  assert.deepEqual([busy.code, busy.retryAfter], ["busy", 60]);
  time.pass(60_000);
  await handIn.status(caseNumber, pin);
  await server.close();
});

/** A server that gives one answer to everything. */
async function liar(answer) {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(response));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  return { handIn: new HttpHandIn(endpoint), endpoint, close };
}

const status = { state: "received", received_on: "2026-12-01", count: 2 };
const receipt = { case: "123456789012", ...status };
const json = (body, code = 200) => [code, JSON.stringify(body)];
const LIES = {
  "no JSON": [[200, "<html>"], "bad-answer"],
  "no object": [json([receipt]), "bad-answer"],
  "no case number": [json(status), "bad-answer"],
  "a case number of markup": [json({ ...receipt, case: "<img src=x>" }), "bad-answer"],
  "a case number as number": [json({ ...receipt, case: 123456789012 }), "bad-answer"],
  "another count": [json({ ...receipt, count: 1 }), "bad-answer"],
  "an unknown state": [json({ ...receipt, state: "deleted" }), "bad-answer"],
  "no day": [json({ ...receipt, received_on: "2026-13-45" }), "bad-answer"],
  // A right answer, but for its length.
  "too many bytes": [[200, JSON.stringify(receipt) + " ".repeat(16 << 10)], "bad-answer"],
  "an error without a code": [json({ error: {} }, 400), "bad-answer"],
  "a code of the page": [json({ error: { code: "cancelled" } }, 400), "bad-answer"],
  "an error of its own": [json({ error: { code: "internal" } }, 500), "unreachable"],
  "a redirect": [[307, "", { location: "https://elsewhere.example/" }], "unreachable"],
};
for (const [what, [[code, body, headers], expected]] of Object.entries(LIES)) {
  test(`a service that answers with ${what}`, async () => {
    const { handIn, close } = await liar((response) =>
      response.writeHead(code, headers).end(body),
    );
    try {
      await fails(handIn.submit(FILES), expected);
    } finally {
      close();
    }
  });
}

test("a service that says nothing of a withdrawal, or waits forever", async () => {
  const { handIn, close } = await liar((response) => response.end("{}"));
  await fails(handIn.withdraw("123456789012", "12345678"), "bad-answer");
  close();
  const silent = await liar(() => undefined);
  await fails(new HttpHandIn(silent.endpoint, { timeout: 50 }).submit(FILES), "unreachable");
  const abort = new AbortController();
  const call = silent.handIn.submit(FILES, { signal: abort.signal });
  setTimeout(() => abort.abort(), 50);
  await fails(call, "cancelled");
  silent.close();
});

test("a wait of the service is believed within a week", async () => {
  for (const [wait, expected] of [
    [10, 10],
    [1e9, undefined],
    ["10", undefined],
  ]) {
    const answer = json({ error: { code: "busy", retry_after: wait } }, 503);
    const { handIn, close } = await liar((response) =>
      response.writeHead(answer[0]).end(answer[1]),
    );
    const error = await handIn.submit(FILES).catch((error) => error);
    assert.deepEqual([error.code, error.retryAfter], ["busy", expected]);
    close();
  }
});

test("no server: unreachable", async () => {
  await fails(new HttpHandIn("http://127.0.0.1:1").submit(FILES), "unreachable");
});
