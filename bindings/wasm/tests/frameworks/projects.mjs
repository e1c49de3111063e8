// The projects of the run: each installs the packed package with a bundler, a framework or a
// runtime, and shows or prints the hashes of an image.

/** Shows the hashes of an image on the page, or why there are none. */
const BODY = `
  import("./image.js").then(async ({ image }) => {
    const { image: result } = await fingerprint(image);
    const { image: rarer } = await fingerprint(image, { algorithms: ["phash"] });
    return result.pdq.hash + " " + rarer.hashes.phash.values[0];
  }).catch((error) => error.name + " " + error.code + ": " + error.message)
    .then((text) => { document.body.textContent = text; });
`;

const script = (/** @type {string} */ entryPoint) =>
  `import { fingerprint } from "${entryPoint}";\n${BODY}`;

const HTML = '<!doctype html><body>working<script type="module" src="./main.js"></script>';

/** Prints the hashes of an image, where there is no page. */
const printed = (/** @type {string} */ imports) => `${imports}
import { image } from "./image.js";
const { image: result } = await fingerprint(image);
const { image: rarer } = await fingerprint(image, { algorithms: ["phash"] });
console.log(result.pdq.hash + " " + rarer.hashes.phash.values[0]);
`;

/** @type {Record<string, string>} */
const VITE_FILES = { "index.html": HTML, "main.js": script("ownprint") };
const EXCLUDE = 'export default { optimizeDeps: { exclude: ["ownprint"] } };\n';

/** @type {Record<string, string>} */
const OWN_WORKER = {
  "index.html": HTML,
  "worker.js": `import { fingerprint } from "ownprint";
import { image } from "./image.js";
Promise.all([fingerprint(image), fingerprint(image, { algorithms: ["phash"] })])
  .then(([one, two]) => one.image.pdq.hash + " " + two.image.hashes.phash.values[0])
  .catch((error) => error.name + " " + error.code + ": " + error.message)
  .then((text) => postMessage(text));
`,
  "main.js": `const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onerror = (event) => { document.body.textContent = "worker: " + event.message; };
worker.onmessage = ({ data }) => { document.body.textContent = data; };
`,
};

const JEST_TEST = `import { expect, test } from "@jest/globals";
import { dispose, fingerprint } from "ownprint";
import { expected, image } from "./image.js";
test("hashes", async () => {
  const { image: result } = await fingerprint(image.buffer);
  const { image: same } = await fingerprint(new File([image], "a.jpg"));
  expect([result.pdq.hash, same.pdq.hash]).toEqual([expected, expected]);
  dispose();
});
`;

/** @type {Record<string, string>} */
const NEXT_FILES = {
  "app/layout.js":
    "export default function Layout({ children }) { return <html><body>{children}</body></html>; }\n",
  "app/page.js": 'import Hashes from "./hashes";\nexport default function Page() { return <Hashes />; }\n',
  // A client component is rendered on the server too, so the package is imported there.
  "app/hashes.js": `"use client";
import { useEffect } from "react";
import { fingerprint } from "ownprint";
export default function Hashes() {
  useEffect(() => {
    ${BODY.replace("./image.js", "../image.js")}
  }, []);
  return "working";
}
`,
  "app/api/route.js": `import { fingerprint } from "ownprint";
import { image } from "../../image.js";
export const dynamic = "force-dynamic";
export async function GET() {
  const { image: result } = await fingerprint(image);
  const { image: rarer } = await fingerprint(image, { algorithms: ["phash"] });
  return new Response(result.pdq.hash + " " + rarer.hashes.phash.values[0]);
}
`,
};

const MINIFLARE = `import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
const read = (path) => readFileSync(path, "utf8");
const folder = fileURLToPath(new URL("./node_modules/ownprint/dist/", import.meta.url));
const wasm = (name) => ({ type: "CompiledWasm", path: name, contents: readFileSync(folder + name) });
const workerd = new Miniflare({
  compatibilityDate: "2026-01-01",
  modules: [
    { type: "ESModule", path: "main.js", contents: read("bundle.js") },
    wasm("ownprint-simd.wasm"),
    wasm("ownprint-full-simd.wasm"),
  ],
});
const response = await workerd.dispatchFetch("http://localhost/", { method: "POST", body: readFileSync("image.jpg") });
console.log(await response.text());
await workerd.dispose();
`;

/**
 * `name` and `settings` are the row of the table; `packages` are installed; `files` are written;
 * `commands` run in order. Then a folder is served, or a development server is started, and opened
 * in Chromium; or the last command prints the hashes.
 *
 * @typedef {object} Project
 * @property {string} name
 * @property {string} [settings] what a user must add
 * @property {Record<string, string>} [packages]
 * @property {Record<string, string>} files
 * @property {string[]} [commands]
 * @property {string} [folder] to serve
 * @property {string} [server] a command that serves a page on the port PORT
 * @property {string} [page] path of the page
 * @property {string} [type] of the project's package.json
 * @property {Record<string, string>} [headers]
 * @property {string} [extension] folder of an unpacked extension, whose page is opened
 * @property {boolean} [prints] whether the last command prints the hashes
 * @property {RegExp} [fails] what the page shows instead of hashes, where that is documented
 * @property {boolean} [quick] whether the default test suite runs it
 */

/** @type {readonly Project[]} */
export const PROJECTS = [
  ...[
    ["5.4.21", "optimizeDeps.exclude"],
    ["6.4.6", "optimizeDeps.exclude"],
    ["8.4.0", undefined],
  ].flatMap(([version = "", settings]) => {
    const packages = { vite: version };
    const major = version.slice(0, 1);
    /** @type {Record<string, string>} */
    const config = settings === undefined ? {} : { "vite.config.js": EXCLUDE };
    return [
      {
        name: `Vite ${major}, build`,
        packages,
        files: VITE_FILES,
        commands: ["npx vite build"],
        folder: "dist",
      },
      {
        name: `Vite ${major}, dev`,
        ...(settings && { settings: '`optimizeDeps: { exclude: ["ownprint"] }`' }),
        packages,
        files: { ...VITE_FILES, ...config },
        server: "npx vite --port PORT --strictPort --host 127.0.0.1",
      },
      {
        name: `Vite ${major}, a worker of one's own`,
        ...(settings && { settings: '`worker: { format: "es" }`' }),
        packages,
        files: {
          ...OWN_WORKER,
          ...(settings && { "vite.config.js": 'export default { worker: { format: "es" } };\n' }),
        },
        commands: ["npx vite build"],
        folder: "dist",
      },
    ];
  }),
  {
    name: "webpack 5",
    packages: { webpack: "5.113.0", "webpack-cli": "7.3.1" },
    files: { "index.html": HTML, "src/index.js": script("ownprint"), "src/image.js": 'export * from "../image.js";\n' },
    commands: ["npx webpack --mode production --output-filename main.js", "cp index.html dist/"],
    folder: "dist",
  },
  {
    name: "esbuild",
    settings: "copy `worker.js` and `*.wasm` of the package's `dist` next to the bundle",
    packages: { esbuild: "0.28.2" },
    files: { "index.html": HTML, "main.js": script("ownprint") },
    commands: [
      "npx esbuild main.js --bundle --format=esm --splitting --outdir=dist",
      "cp index.html node_modules/ownprint/dist/worker.js dist/",
      "cp node_modules/ownprint/dist/ownprint-simd.wasm node_modules/ownprint/dist/ownprint-full-simd.wasm dist/",
    ],
    folder: "dist",
  },
  {
    name: "esbuild, without the copies",
    settings: "fails when it runs, with `load-failed`",
    packages: { esbuild: "0.28.2" },
    files: { "index.html": HTML, "main.js": script("ownprint") },
    commands: ["npx esbuild main.js --bundle --format=esm --splitting --outdir=dist", "cp index.html dist/"],
    folder: "dist",
    fails: /^OwnprintError load-failed: .*do not copy it/,
  },
  {
    name: "esbuild, `ownprint/inline-full`",
    packages: { esbuild: "0.28.2" },
    files: { "index.html": HTML, "main.js": script("ownprint/inline-full") },
    commands: ["npx esbuild main.js --bundle --format=esm --splitting --outdir=dist", "cp index.html dist/"],
    folder: "dist",
  },
  {
    name: "Rollup",
    settings: "`@rollup/plugin-node-resolve`; copy the same files as for esbuild",
    packages: { rollup: "4.68.8", "@rollup/plugin-node-resolve": "16.0.3" },
    files: { "index.html": HTML, "main.js": script("ownprint") },
    commands: [
      "npx rollup main.js --dir dist --plugin node-resolve",
      "cp index.html node_modules/ownprint/dist/worker.js dist/",
      "cp node_modules/ownprint/dist/ownprint-simd.wasm node_modules/ownprint/dist/ownprint-full-simd.wasm dist/",
    ],
    folder: "dist",
  },
  {
    name: "Parcel 2",
    settings: '`"@parcel/resolver-default": { "packageExports": true }` in `package.json`',
    packages: { parcel: "^2.15.0" },
    files: { "index.html": HTML, "main.js": script("ownprint") },
    commands: ["npx parcel build index.html --public-url ./ --no-cache"],
    folder: "dist",
  },
  {
    name: "Next.js 16, build (client component, import on the server)",
    packages: { next: "16.4.6", react: "^19.0.0", "react-dom": "^19.0.0" },
    files: NEXT_FILES,
    commands: ["npx next build"],
    server: "npx next start --port PORT",
  },
  {
    name: "Next.js 16, dev",
    packages: { next: "16.4.6", react: "^19.0.0", "react-dom": "^19.0.0" },
    files: NEXT_FILES,
    // Its client accepts only the name with which the server was started.
    server: "npx next dev --hostname 127.0.0.1 --port PORT",
  },
  {
    name: "Next.js 16, route handler (Node)",
    packages: { next: "16.4.6", react: "^19.0.0", "react-dom": "^19.0.0" },
    files: NEXT_FILES,
    commands: ["npx next build"],
    server: "npx next start --port PORT",
    page: "/api",
  },
  {
    name: "SvelteKit 2 (3 needs Node 22)",
    packages: {
      "@sveltejs/kit": "2.70.4",
      "@sveltejs/vite-plugin-svelte": "7.3.1",
      svelte: "5.57.3",
      vite: "8.4.0",
    },
    files: {
      "vite.config.js":
        'import { sveltekit } from "@sveltejs/kit/vite";\nexport default { plugins: [sveltekit()] };\n',
      "src/app.html": "<!doctype html><head>%sveltekit.head%</head><body>%sveltekit.body%</body>\n",
      "src/routes/+page.svelte": `<script>
  import { onMount } from "svelte";
  import { fingerprint } from "ownprint";
  onMount(() => { ${BODY.replace("./image.js", "../../image.js")} });
</script>working
`,
    },
    commands: ["npx vite build"],
    server: "npx vite preview --port PORT --strictPort --host 127.0.0.1",
  },
  {
    name: "Vitest",
    packages: { vitest: "5.1.2", vite: "8.4.0" },
    files: {
      "a.test.js": `import { expect, test } from "vitest";
import { dispose, fingerprint } from "ownprint";
import { expected, image } from "./image.js";
test("hashes", async () => {
  const { image: result } = await fingerprint(image);
  expect(result.pdq.hash).toBe(expected);
  dispose();
});
`,
    },
    commands: ["npx vitest run"],
  },
  {
    name: "Jest",
    settings: "`NODE_OPTIONS=--experimental-vm-modules`",
    packages: { jest: "30.5.2" },
    files: { "a.test.js": JEST_TEST, "jest.config.js": "export default { transform: {} };\n" },
    commands: ["NODE_OPTIONS=--experimental-vm-modules npx jest"],
  },
  {
    name: "Jest with jsdom",
    settings:
      '`NODE_OPTIONS` as above; `testEnvironmentOptions: { customExportConditions: ["node"] }`',
    packages: { jest: "30.5.2", "jest-environment-jsdom": "30.5.2" },
    files: {
      "a.test.js": JEST_TEST,
      "jest.config.js": `export default {
  transform: {},
  testEnvironment: "jsdom",
  testEnvironmentOptions: { customExportConditions: ["node"] },
};
`,
    },
    commands: ["NODE_OPTIONS=--experimental-vm-modules npx jest"],
  },
  {
    name: "Node 20 and later",
    files: { "main.js": printed('import { fingerprint } from "ownprint";') },
    commands: ["node main.js"],
    prints: true,
    quick: true,
  },
  {
    name: "Bun",
    packages: { bun: "1.4.5" },
    files: { "main.js": `${printed('import { dispose, fingerprint } from "ownprint";')}dispose();\n` },
    commands: ["npx bun main.js"],
    prints: true,
  },
  {
    name: "Deno",
    packages: { deno: "2.9.6" },
    files: { "main.js": `${printed('import { dispose, fingerprint } from "ownprint";')}dispose();\n` },
    commands: ["npx deno run --allow-read --allow-env --allow-sys --no-remote --node-modules-dir=manual main.js"],
    prints: true,
  },
  {
    name: "workerd (Cloudflare Workers)",
    settings: "`new Core(module)` of `ownprint/core`, with `import module from \"ownprint/ownprint-simd.wasm\"`",
    packages: { miniflare: "4.20260730.0", esbuild: "0.28.2" },
    files: {
      "main.js": `import { Core } from "ownprint/core";
import full from "./ownprint-full-simd.wasm";
import simd from "./ownprint-simd.wasm";
export default {
  async fetch(request) {
    const bytes = await request.arrayBuffer();
    const { image } = new Core(simd).fingerprint(bytes);
    const { image: rarer } = new Core(full).fingerprint(bytes, { algorithms: ["phash"] });
    return new Response(image.pdq.hash + " " + rarer.hashes.phash.values[0]);
  },
};
`,
      "run.mjs": MINIFLARE,
    },
    commands: [
      "npx esbuild main.js --bundle --format=esm --external:*.wasm --conditions=workerd --outfile=bundle.js",
      "node run.mjs",
    ],
    prints: true,
  },
  {
    name: "Page of an MV3 extension",
    quick: true,
    settings: "`content_security_policy` with `'wasm-unsafe-eval'`",
    files: {
      "extension/manifest.json": JSON.stringify({
        manifest_version: 3,
        name: "ownprint",
        version: "1",
        content_security_policy: {
          extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'",
        },
        background: { service_worker: "background.js" },
      }),
      "extension/background.js": "",
      "extension/index.html": HTML,
      "extension/main.js": script("./ownprint/index.js"),
    },
    commands: ["cp image.js extension/", "cp -r node_modules/ownprint/dist extension/ownprint"],
    extension: "extension",
  },
  {
    name: "Strict policy with Trusted Types",
    quick: true,
    settings: "`worker`: a `TrustedScriptURL` of `worker.js`",
    files: {
      "index.html": HTML,
      "main.js": `import { Ownprint } from "./node_modules/ownprint/dist/index.js";
const policy = trustedTypes.createPolicy("page", { createScriptURL: (address) => address });
const worker = policy.createScriptURL("/node_modules/ownprint/dist/worker.js");
const { fingerprint } = (() => {
  const client = new Ownprint({ worker });
  return { fingerprint: client.fingerprint.bind(client) };
})();
${BODY}`,
    },
    folder: ".",
    headers: {
      "content-security-policy":
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; " +
        "connect-src 'self'; require-trusted-types-for 'script'; trusted-types page",
    },
  },
  {
    name: "Strict policy with Trusted Types, `ownprint/inline-full`",
    quick: true,
    settings: "`trusted-types ownprint`",
    files: { "index.html": HTML, "main.js": script("./node_modules/ownprint/dist/inline-full.js") },
    folder: ".",
    headers: {
      "content-security-policy":
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; " +
        "connect-src 'none'; require-trusted-types-for 'script'; trusted-types ownprint",
    },
  },
  {
    name: "Trusted Types, without the setting",
    quick: true,
    settings: "fails with `load-failed`, which names `worker`",
    files: { "index.html": HTML, "main.js": script("./node_modules/ownprint/dist/index.js") },
    folder: ".",
    headers: {
      "content-security-policy": "require-trusted-types-for 'script'; trusted-types 'none'",
    },
    fails: /^OwnprintError load-failed: .*TrustedScriptURL/,
  },
];
