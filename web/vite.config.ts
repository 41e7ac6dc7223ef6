import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vitest/config";

const gateway = process.env["VINYL_GATEWAY"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [sveltekit()],
  server: { proxy: { "/api": gateway } },
  test: { include: ["src/**/*.test.ts", "tests/**/*.test.ts"] },
});
