import { resolve } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineConfig, defineProject } from "vitest/config";
import { copyAssets } from "./scripts/local/worker-configs.ts";
import { deadLetterBindingOf, deadLetterQueueOf } from "./src/tasks/dead-letter-queues.ts";
import { queueNames } from "./src/tasks/queues.ts";
import { alone } from "./tests/support/alone.ts";
import { testSettings } from "./tests/support/settings.ts";
import { workerUnderTestConfig } from "./tests/support/worker-under-test-config.ts";

copyAssets();
const migrations = await readD1Migrations(resolve(import.meta.dirname, "migrations"));
const commerceMigrations = await readD1Migrations(resolve(import.meta.dirname, "migrations/commerce"));

const files = ["tests/unit/**/*.test.ts", "tests/faults/**/*.test.ts"];

/**
 * Tests with the gateway's real local bindings and the Durable Object classes in the same Worker. A workerd takes longer
 * to start than most files to run, so that files share one each core unless they are to be isolated.
 */
function insideWorkerd(name: string, test: { include: string[]; exclude?: string[]; isolate: boolean }) {
  return defineProject({
    plugins: [
      cloudflareTest({
        wrangler: { configPath: workerUnderTestConfig() },
        miniflare: {
          bindings: {
            ...testSettings,
            RATE_LIMITS: "off",
            TEST_MIGRATIONS: migrations,
            COMMERCE_MIGRATIONS: commerceMigrations,
          },
          d1Databases: { OTHER_DB: "other" },
          serviceBindings: {
            SANDBOX: { name: kCurrentWorker, entrypoint: "Sandbox" },
            GATEWAY: kCurrentWorker,
            SOCKET_CALLS: { name: kCurrentWorker, entrypoint: "SocketCalls" },
            TOOL_CALLS: { name: kCurrentWorker, entrypoint: "ToolCalls" },
          },
          queueProducers: Object.fromEntries(
            queueNames.map((queue) => [deadLetterBindingOf(queue), { queueName: deadLetterQueueOf(queue) }]),
          ),
        },
      }),
    ],
    test: {
      name,
      ...test,
      setupFiles: ["tests/support/apply-migrations.ts", "tests/support/quick-hand-over.ts"],
      testTimeout: 20_000,
      // Some make a world of two tenants first, with one of everything that there is.
      hookTimeout: 60_000,
      // A busy machine takes longer than the second that is the default.
      expect: { poll: { timeout: 10_000 } },
    },
  });
}

export default defineConfig({
  test: {
    // What objects log would be brought to Node by calls of theirs, which are never answered where the object is evicted
    // meanwhile; a run waits for all of them before it ends.
    disableConsoleIntercept: true,
    // Every core: files wait for their own workerd more than they compute.
    maxWorkers: "100%",
    // `npm run coverage`. By counters in the code: the inspector's own counting does not reach into a workerd.
    coverage: {
      provider: "istanbul",
      include: ["src/**/*.ts", "workers/**/*.ts", "durable-objects/**/*.ts"],
      reporter: ["text-summary", "json-summary", "html"],
      reportsDirectory: "coverage",
      thresholds: { lines: 85 },
    },
    projects: [
      insideWorkerd("workers", { include: files, exclude: alone, isolate: false }),
      insideWorkerd("workers-alone", { include: alone, isolate: true }),
      {
        // Rules of the house, held against the source itself.
        test: {
          name: "house",
          include: ["tests/house/**/*.test.ts"],
          testTimeout: 60_000,
          // Node and Vite find another file of the same library, whose types know only their own.
          server: { deps: { inline: [/graphql/, /@pothos/] } },
        },
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
        // The console and the widget: what they decide, and how large they are.
        test: {
          name: "console",
          include: ["tests/{console,widget}/**/*.test.ts"],
          exclude: ["tests/{console,widget}/browser/**"],
          testTimeout: 30_000,
        },
      },
      {
        // The console and the widget in a browser, before the platform that `npm start` makes; where there is a browser.
        test: {
          name: "browser",
          sequence: { groupOrder: 3 },
          include: ["tests/{console,widget}/browser/**/*.test.ts"],
          globalSetup: ["tests/support/platform.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        // The platform, with a server of its own for each: started, killed, configured otherwise.
        test: {
          name: "servers",
          sequence: { groupOrder: 1 },
          include: ["tests/integration/servers/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // All Workers together, driven from outside over HTTP and WebSocket.
        test: {
          name: "integration",
          // Alone, after the others: it measures how soon things recover.
          sequence: { groupOrder: 2 },
          include: ["tests/integration/*.test.ts"],
          globalSetup: ["tests/support/platform.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
