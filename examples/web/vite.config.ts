import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses: the page may live in any folder of any static host.
  base: "./",
  build: {
    target: "es2022",
    // The preload helper would be one more script that asks for things; the browser does well without it.
    modulePreload: false,
    // data: addresses are for pictures only; everything else stays a file that the policy can name.
    assetsInlineLimit: 0,
    // ownprint/inline carries its worker and its WebAssembly in itself, which is what makes it large.
    chunkSizeWarningLimit: 2000,
  },
});
