import { resolve } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { copyAssets } from "./scripts/local/worker-configs.ts";
import { deadLetterBindingOf, deadLetterQueueOf } from "./src/tasks/dead-letter-queues.ts";
import { queueNames } from "./src/tasks/queues.ts";
import { testSettings } from "./tests/support/settings.ts";
import { workerUnderTestConfig } from "./tests/support/worker-under-test-config.ts";

copyAssets();
const migrations = await readD1Migrations(resolve(import.meta.dirname, "migrations"));

export default defineConfig({
  test: {
    // Every core: files wait for their own workerd more than they compute.
    maxWorkers: "100%",
    projects: [
      {
        // Inside workerd, with the gateway's real local bindings and the Durable Object classes in the same Worker.
        plugins: [
          cloudflareTest({
            wrangler: { configPath: workerUnderTestConfig() },
            miniflare: {
              bindings: { ...testSettings, TEST_MIGRATIONS: migrations },
              d1Databases: { OTHER_DB: "other" },
              queueProducers: Object.fromEntries(
                queueNames.map((queue) => [
                  deadLetterBindingOf(queue),
                  { queueName: deadLetterQueueOf(queue) },
                ]),
              ),
            },
          }),
        ],
        test: {
          name: "workers",
          include: ["tests/unit/**/*.test.ts", "tests/faults/**/*.test.ts"],
          setupFiles: ["tests/support/apply-migrations.ts"],
          testTimeout: 20_000,
          // A busy machine takes longer than the second that is the default.
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        // Rules of the house, held against the source itself.
        test: { name: "house", include: ["tests/house/**/*.test.ts"], testTimeout: 60_000 },
      },
      {
        // The workflow engine and its shell on a simulated world; README, "Tests".
        test: {
          name: "simulation",
          include: ["tests/simulation/**/*.test.ts"],
          testTimeout: 600_000,
          // It uses Node's own SQLite, which calls itself experimental.
          execArgv: ["--disable-warning=ExperimentalWarning"],
        },
      },
      {
        // All Workers together, driven from outside over HTTP and WebSocket.
        test: {
          name: "integration",
          // Alone, after the others: it measures how soon things recover.
          sequence: { groupOrder: 1 },
          include: ["tests/integration/**/*.test.ts"],
          globalSetup: ["tests/support/platform.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
