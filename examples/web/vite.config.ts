import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses: the page can be in any folder of any static host.
  base: "./",
  build: {
    target: "es2022",
    // The preload helper would make further requests.
    modulePreload: false,
    // The policy allows data: addresses only for images; all other assets remain files.
    assetsInlineLimit: 0,
    // ownprint/inline contains its worker and WebAssembly.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      output: {
        // ownprint loads its video player when it is needed: too late without a network. Only the
        // modules remain scripts of their own, which `preload` loads.
        codeSplitting: {
          groups: [{ name: "ownprint", test: /bindings\/wasm\/(codecs\/)?dist\/(?!(generated|inline)\/embedded-)/ }],
        },
      },
    },
  },
});
