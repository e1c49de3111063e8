import { readdirSync, readFileSync } from "node:fs";

import { defineConfig, type Plugin } from "vite";

import { withEndpoint } from "./endpoint.mjs";

const LANGUAGES = new URL("src/languages/", import.meta.url);

/** The names of all languages, so that the page can list them without loading their messages. */
function languages(): Plugin {
  const id = "virtual:languages";
  return {
    name: "languages",
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load: (source) => {
      if (source !== `\0${id}`) return undefined;
      const names = readdirSync(LANGUAGES)
        .filter((file) => file.endsWith(".json"))
        .map((file) => {
          const messages = JSON.parse(readFileSync(new URL(file, LANGUAGES), "utf8"));
          return [file.replace(".json", ""), messages["language.name"]];
        });
      return `export default ${JSON.stringify(Object.fromEntries(names))}`;
    },
  };
}

/** Writes the address of a service into the page: `OWNPRINT_ENDPOINT=https://... npm run build`. */
function endpoint(address = ""): Plugin {
  return {
    name: "endpoint",
    transformIndexHtml: (html) => (address === "" ? html : withEndpoint(html, address)),
  };
}

export default defineConfig({
  // Relative addresses: the page can be in any folder of any static host.
  base: "./",
  plugins: [languages(), endpoint(process.env.OWNPRINT_ENDPOINT)],
  build: {
    target: "es2022",
    // The preload helper would make further requests.
    modulePreload: false,
    // The policy allows data: addresses only for images; all other assets remain files.
    assetsInlineLimit: 0,
    // ownprint/inline contains its worker and WebAssembly.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      // The page, and the web component for the pages of others.
      input: { index: "index.html", "ownprint-chooser": "src/chooser/element.ts" },
      // The component's file is named in other people's pages.
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: ({ name }) =>
          name === "ownprint-chooser" ? "ownprint-chooser.js" : "assets/[name]-[hash].js",
        // ownprint loads its video player when it is needed: too late without a network. Only the
        // modules remain scripts of their own, which `preload` loads.
        codeSplitting: {
          groups: [{ name: "ownprint", test: /bindings\/wasm\/(codecs\/)?dist\/(?!(generated|inline)\/embedded-)/ }],
        },
      },
    },
  },
});
