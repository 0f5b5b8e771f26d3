import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { writeLocalConfigs } from "#scripts/local/worker-configs.ts";
import { workerOptions } from "#scripts/local/worker-options.ts";

const directory = mkdtempSync(join(tmpdir(), "persona-objects-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it("A machine of one's own finds the objects where the first release has left them: in its gateway", () => {
  const configs = writeLocalConfigs(directory, {});
  const { durableObjects } = workerOptions(configs.objects, directory);
  expect(durableObjects).toMatchObject(
    Object.fromEntries(
      [
        ["TENANT_WORKFLOWS", "TenantWorkflows"],
        ["TENANT_HUB", "TenantHub"],
        ["ACCESS_GATE", "AccessGate"],
        ["CIRCUIT_BREAKER", "CircuitBreaker"],
        ["PLATFORM_METRICS", "PlatformMetrics"],
        ["WEBHOOK_ENDPOINTS", "WebhookEndpoint"],
        ["LOG_RING", "LogRing"],
        ["CONVERSATIONS", "Conversation"],
        ["CONVERSATION_SEARCH", "ConversationSearch"],
        ["TENANT_PERSONALISATION", "TenantPersonalisation"],
      ].map(([binding, className]) => [
        binding,
        { className, useSQLite: true, unsafeUniqueKey: `persona-gateway-${className}` },
      ]),
    ),
  );
});
