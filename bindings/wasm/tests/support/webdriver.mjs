// WebKitGTK's MiniBrowser, driven by the W3C WebDriver protocol over fetch, on a display of Xvfb.
//
// It is WebKit's Linux build: the engine of Safari, not Safari.

import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { callOf, parse } from "./browsers.mjs";

const DRIVER = "/usr/bin/WebKitWebDriver";
const DISPLAY_SERVER = "/usr/bin/Xvfb";
const SCRIPT_TIME = 10 * 60 * 1000;

/** @returns {string | undefined} why it cannot be used here */
export function webKitIsMissing() {
  if (!existsSync(DRIVER) || miniBrowser() === undefined)
    return "WebKit is not installed (webkit2gtk-driver)";
  if (!existsSync(DISPLAY_SERVER)) return "WebKit needs a display, and Xvfb is not installed";
  return undefined;
}

/** @returns {Promise<import("./browsers.mjs").Browser>} */
export async function openWebKit() {
  const display = await startDisplay();
  const port = await freePort();
  const driver = spawn(DRIVER, [`--port=${port}`], {
    stdio: "ignore",
    env: {
      ...process.env,
      DISPLAY: display.name,
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
      LIBGL_ALWAYS_SOFTWARE: "1",
    },
  });
  const end = () => {
    driver.kill();
    display.process.kill();
  };
  try {
    const session = await startSession(`http://127.0.0.1:${port}`);
    return {
      name: "webkit",
      version: session.version,
      process: driver.pid,
      open: async (url) => {
        await session.command("url", { url });
        await settled(session, url);
      },
      evaluate: async (work, ...args) => {
        // The page returns errors as data, because the protocol would truncate them.
        const script = `const tell = arguments[arguments.length - 1];
          ${callOf(work, args)}.then((value) => tell({ value }), (error) => tell({ error: String(error) + "\\n" + error?.stack }));`;
        const reply = await session.command("execute/async", { script, args: [] });
        if (reply.error !== undefined) throw new Error(`in the page: ${reply.error}`);
        return parse(reply.value);
      },
      close: async () => {
        await session.delete().catch(() => {});
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** @param {string} base */
async function startSession(base) {
  const created = await retry(() =>
    request("POST", `${base}/session`, {
      capabilities: {
        alwaysMatch: {
          browserName: "MiniBrowser",
          "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] },
        },
      },
    }),
  );
  const address = `${base}/session/${created.sessionId}`;
  await request("POST", `${address}/timeouts`, { script: SCRIPT_TIME });
  const { browserName, browserVersion } = created.capabilities;
  return {
    version: `WebKitGTK ${browserName} ${browserVersion}`,
    /** @param {string} name @param {object} body */
    command: (name, body) => request("POST", `${address}/${name}`, body),
    delete: () => request("DELETE", address),
  };
}

/**
 * The driver may answer before the page's scripts are loaded.
 *
 * @param {Awaited<ReturnType<typeof startSession>>} session
 * @param {string} url
 */
async function settled(session, url) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const script = "return [document.readyState, location.href]";
    const [state, address] = await session.command("execute/sync", { script, args: [] });
    if (state === "complete" && address === new URL(url).href) return;
    await sleep(100);
  }
  throw new Error(`WebKit did not come to the end of loading ${url}`);
}

/** @param {string} method @param {string} url @param {object} [body] */
async function request(method, url, body) {
  const response = await fetch(url, {
    method,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(SCRIPT_TIME),
  });
  const { value } = /** @type {any} */ (await response.json());
  if (!response.ok)
    throw new Error(`WebDriver ${new URL(url).pathname}: ${value?.error}: ${value?.message}`);
  return value;
}

/**
 * The driver listens a moment after its start.
 *
 * @param {() => Promise<any>} work
 */
async function retry(work) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 40 || !(error instanceof TypeError)) throw error;
      await sleep(250);
    }
  }
}

/** @returns {Promise<{ name: string, process: import("node:child_process").ChildProcess }>} */
function startDisplay() {
  // The server writes the number of a free display to the descriptor.
  const server = spawn(
    DISPLAY_SERVER,
    ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
    {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    },
  );
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
    /** @type {any} */ (server.stdio[3]).once("data", (/** @type {Buffer} */ number) =>
      resolve({ name: `:${String(number).trim()}`, process: server }),
    );
  });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

function miniBrowser() {
  const libraries = "/usr/lib";
  const folders = existsSync(libraries)
    ? readdirSync(libraries).filter((name) => name.endsWith("-linux-gnu"))
    : [];
  return folders
    .flatMap((folder) =>
      ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"].map(
        (name) => `${libraries}/${folder}/${name}/MiniBrowser`,
      ),
    )
    .find((path) => existsSync(path));
}
