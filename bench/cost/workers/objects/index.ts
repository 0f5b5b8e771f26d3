import { AccessGate as Gate } from "#durable-objects/access-gate/object.ts";
import { CircuitBreaker as Breaker } from "#durable-objects/circuit-breaker/object.ts";
import { Conversation as Talk } from "#durable-objects/conversation/object.ts";
import { ConversationSearch as Search } from "#durable-objects/conversation-search/object.ts";
import { LogRing as Ring } from "#durable-objects/log-ring/object.ts";
import { PlatformMetrics as Metrics } from "#durable-objects/platform-metrics/object.ts";
import { TenantHub as Hub } from "#durable-objects/tenant-hub/object.ts";
import { TenantPersonalisation as Personalisation } from "#durable-objects/tenant-personalisation/object.ts";
import { TenantWorkflows as Workflows } from "#durable-objects/tenant-workflows/object.ts";
import { WebhookEndpoint as Endpoint } from "#durable-objects/webhook-endpoint/object.ts";
import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import type { ObjectPlatformBindings } from "#src/object-platform.ts";
import { countsFor } from "../counter.ts";
import { watchedEnv } from "../watch-bindings.ts";
import { watchCalls, watchedState } from "../watch-objects.ts";

const watched = oncePerIsolate((env: ObjectPlatformBindings) => watchedEnv(env));

for (const { name, prototype } of [Gate, Breaker, Hub, Metrics, Ring, Workflows, Endpoint, Talk])
  watchCalls(name, prototype);

const monthMs = 31 * 86_400_000;

export class TenantWorkflows extends Workflows {
  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(watchedState("TenantWorkflows", ctx), watched(env));
  }

  /** Does what is due in a month: what has ended goes to the archive. */
  async monthPasses(): Promise<void> {
    const now = Date.now;
    Date.now = () => now() + monthMs;
    try {
      await super.alarm();
    } finally {
      Date.now = now;
    }
  }
}

export class TenantHub extends Hub {
  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(watchedState("TenantHub", ctx), watched(env));
  }
}

export class AccessGate extends Gate {
  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(watchedState("AccessGate", ctx), env);
  }
}

export class CircuitBreaker extends Breaker {
  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(watchedState("CircuitBreaker", ctx), env);
  }
}

export class PlatformMetrics extends Metrics {
  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(watchedState("PlatformMetrics", ctx), env);
  }
}

export class WebhookEndpoint extends Endpoint {
  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(watchedState("WebhookEndpoint", ctx), watched(env));
  }
}

export class LogRing extends Ring {
  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(watchedState("LogRing", ctx), env);
  }
}

export class Conversation extends Talk {
  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(watchedState("Conversation", ctx), watched(env));
  }
}

export class ConversationSearch extends Search {
  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(watchedState("ConversationSearch", ctx), env);
  }
}

export class TenantPersonalisation extends Personalisation {
  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(watchedState("TenantPersonalisation", ctx), env);
  }
}

interface Env extends ObjectPlatformBindings {
  TENANT_WORKFLOWS: DurableObjectNamespace<TenantWorkflows>;
}

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/month")
      await env.TENANT_WORKFLOWS.getByName(searchParams.get("tenant") ?? "").monthPasses();
    return countsFor(request) ?? new Response(null, { status: 204 });
  },
} satisfies ExportedHandler<Env>;
