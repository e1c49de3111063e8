// Cancellation: before a call starts, while a file is read, and while hashes are computed. The
// promise rejects with the signal's reason, and the next call works.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { EVERY_BROWSER, inBrowsers } from "./support/browsers.mjs";
import { servePages } from "./support/pages.mjs";
import { encodePng, rowsOf } from "./support/images.mjs";

const SOUND = "/images/lake.jpg";

/** @type {import("./support/server.mjs").Server} */
let server;
before(async () => {
  server = await servePages();
  // Large enough that its hashes take some time.
  const [width, height] = [3000, 2000];
  server.files.set("/large.png", encodePng(width, height, rowsOf(width, height, 1, 3), 0));
});
after(() => server.close());

inBrowsers("abort", EVERY_BROWSER, (held) => {
  before(() => held.browser.open(`${server.origin}/pages/client.html`));

  /** @type {any} */
  let expected;
  before(async () => {
    [expected] = await held.browser.evaluate(
      (url) => fingerprintEach([url], { algorithms: "all" }),
      SOUND,
    );
  });

  test("before it starts", async () => {
    assertAborted(
      await held.browser.evaluate(() =>
        abortAndGoOn(async (client, reason) => {
          const file = await blobOf("/images/hills.jpg");
          return client.fingerprint(file, { signal: AbortSignal.abort(reason) });
        }),
      ),
      expected,
    );
  });

  test("while the file is read", async () => {
    const result = await held.browser.evaluate(() =>
      abortAndGoOn(async (client, reason) => {
        const controller = new AbortController();
        let cancelled = 0;
        let sent = 0;
        const stream = new ReadableStream({
          async pull(source) {
            sent += 1;
            if (sent > 2000) throw new Error("this stream was not cancelled");
            source.enqueue(new Uint8Array(65536));
            await new Promise((resolve) => setTimeout(resolve, 1));
            if (sent === 5) controller.abort(reason);
          },
          cancel() {
            cancelled += 1;
          },
        });
        try {
          return await client.digestStream(stream, { signal: controller.signal });
        } finally {
          await new Promise((resolve) => setTimeout(resolve, 100));
          globalThis.reading = { sent, cancelled };
        }
      }),
    );
    assertAborted(result, expected);
    const { sent, cancelled } = await held.browser.evaluate(() => globalThis.reading);
    assert.equal(cancelled, 1, "the source was not cancelled");
    assert.ok(sent < 200, `${sent} chunks were read after an abort in the fifth`);
  });

  test("while it is computed", async () => {
    const result = await held.browser.evaluate(() =>
      abortAndGoOn(async (client, reason) => {
        const file = await blobOf("/large.png");
        const controller = new AbortController();
        const options = {
          algorithms: "all",
          signal: controller.signal,
          // The file is read; hashing remains.
          onProgress: (progress) =>
            progress.bytes === file.size && setTimeout(() => controller.abort(reason), 5),
        };
        return client.fingerprint(file, options);
      }),
    );
    assertAborted(result, expected);
  });

  test("an abort without a reason is an AbortError", async () => {
    const result = await held.browser.evaluate(() =>
      abortAndGoOn(async (client) =>
        client.fingerprint(await blobOf("/images/hills.jpg"), { signal: AbortSignal.abort() }),
      ),
    );
    assert.equal(result.error?.name, "AbortError", JSON.stringify(result));
  });

  test("calls for pixels and batches can be cancelled", async () => {
    const pixels = await held.browser.evaluate(() =>
      abortAndGoOn(async (client, reason) => {
        const controller = new AbortController();
        const data = new Uint8Array(4000 * 3000 * 4);
        const work = client.fingerprintPixels(
          { data, width: 4000, height: 3000 },
          { algorithms: "all", signal: controller.signal },
        );
        setTimeout(() => controller.abort(reason), 20);
        return work;
      }),
    );
    assertAborted(pixels, expected);
    const batch = await held.browser.evaluate(() =>
      abortAndGoOn(async (client, reason) => {
        const controller = new AbortController();
        const file = await blobOf("/images/lake.jpg");
        let count = 0;
        for await (const _ of client.fingerprintAll(Array(500).fill(file), {
          signal: controller.signal,
        })) {
          count += 1;
          if (count === 3) controller.abort(reason);
        }
        return count;
      }),
    );
    assertAborted(batch, expected);
  });

  test("cancelling one call does not affect others", async () => {
    const outcomes = await held.browser.evaluate(async () => {
      const client = new ownprint.Ownprint();
      const file = await blobOf("/images/lake.jpg");
      const controller = new AbortController();
      const signals = [undefined, controller.signal, undefined, controller.signal, undefined];
      const work = signals.map((signal) =>
        outcome(() => client.fingerprint(file, { algorithms: "all", signal })),
      );
      controller.abort(new Error("those two"));
      const outcomes = await Promise.all(work);
      client.dispose();
      return outcomes;
    });
    for (const [index, one] of outcomes.entries()) {
      if (index % 2 === 1) assert.equal(one.error?.message, "those two", `call ${index}`);
      else assert.deepEqual(one, expected, `call ${index}`);
    }
  });
});

/** @param {any} result @param {any} expected */
function assertAborted(result, expected) {
  assert.ok(result.error, `it was not ended: ${JSON.stringify(result.value)?.slice(0, 200)}`);
  assert.ok(
    result.isReason,
    `it rejects with ${JSON.stringify(result.error)} and not with the signal's reason`,
  );
  assert.deepEqual(result.next, expected, "the call after it");
}
