import { env } from "cloudflare:workers";
import { tenantWorkflows } from "../../durable-objects/tenant-workflows/client.ts";

/** A tenant's events of one kind, in order. */
export const eventsOf = async (clientId: string, event: string) =>
  (await tenantWorkflows(env, clientId).readEvents({ since: 0, limit: 20_000 })).events.filter(
    (entry) => entry.event === event,
  );
