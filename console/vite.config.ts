import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The console's build: everything below `/console/`, nothing inline, since its policy allows nothing inline. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  plugins: [react()],
  build: {
    target: "es2023",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    emptyOutDir: true,
    manifest: true,
  },
});
