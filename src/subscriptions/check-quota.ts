import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { quotaResources, quotaSchema } from "./schemas.ts";
import { tierOfUser } from "./subscription-repository.ts";
import { usageOfUser } from "./usage-of-user.ts";

/** -1 is unlimited. */
export const checkQuota = operation({
  name: "checkQuota",
  summary: "How much of a resource is left",
  input: z.object({ query: z.strictObject({ resource: z.enum(quotaResources) }) }),
  output: quotaSchema,
  refusals: ["SUBSCRIPTION_NOT_FOUND"],
  run: async (platform, actor, { query: { resource } }) => {
    const [usage, tier] = await Promise.all([
      usageOfUser(platform, actor),
      tierOfUser(platform.db, actor.userId),
    ]);
    if (!tier) throw new AppError("SUBSCRIPTION_NOT_FOUND");
    const used = usage[resource];
    const most = { personas: tier.maxPersonas, projects: tier.maxProjects, content: tier.maxContent }[
      resource
    ];
    const isUnlimited = most < 0;
    return {
      has_quota: isUnlimited || used < most,
      resource,
      current_usage: used,
      max_allowed: most,
      remaining: isUnlimited ? -1 : Math.max(0, most - used),
    };
  },
});
