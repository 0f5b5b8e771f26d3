import { z } from "@hono/zod-openapi";
import { database } from "#src/db/client.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonResponse } from "#src/http/openapi.ts";
import { nextCursorSchema, pageOfAll } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime, systemClock } from "#src/kernel/clock.ts";
import { checkQuota, usageOfUser } from "#src/subscriptions/check-quota.ts";
import {
  quotaResources,
  quotaSchema,
  subscriptionSchema,
  tierSchema,
  usageSchema,
} from "#src/subscriptions/schemas.ts";
import { findSubscription, listTiers } from "#src/subscriptions/subscription-repository.ts";
import { subscriptionView, tierView } from "#src/subscriptions/views.ts";
import type { GatewayContext } from "../context.ts";
import { authenticate } from "../middleware/authenticate.ts";

const shared = { tags: ["Subscription"], security: bearer, middleware: authenticate };
const refusals = ["UNAUTHORIZED", "TOKEN_INVALID"] as const;

const get = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "getSubscription",
  summary: "One's own subscription",
  responses: {
    200: jsonResponse("The subscription", subscriptionSchema),
    ...errorResponses(...refusals, "SUBSCRIPTION_NOT_FOUND"),
  },
});

const usage = createRoute({
  ...shared,
  method: "get",
  path: "/usage",
  operationId: "getUsage",
  summary: "What counts against one's quotas",
  responses: {
    200: jsonResponse("Usage", usageSchema),
    ...errorResponses(...refusals, "SUBSCRIPTION_NOT_FOUND"),
  },
});

const quota = createRoute({
  ...shared,
  method: "get",
  path: "/check-quota",
  operationId: "checkQuota",
  summary: "How much of a resource is left",
  request: { query: z.object({ resource: z.enum(quotaResources) }) },
  responses: {
    200: jsonResponse("Quota", quotaSchema),
    ...errorResponses("VALIDATION_ERROR", ...refusals, "SUBSCRIPTION_NOT_FOUND"),
  },
});

const tiers = createRoute({
  ...shared,
  method: "get",
  path: "/tiers",
  operationId: "listTiers",
  summary: "Tiers with prices and quotas",
  request: { query: cursorQuery() },
  responses: {
    200: jsonResponse(
      "Tiers",
      z.object({ tiers: z.array(tierSchema), next_cursor: nextCursorSchema }).openapi("TierList"),
    ),
    ...errorResponses(...refusals),
  },
});

export const subscription = createRouter<GatewayContext>()
  .openapi(get, async (c) => {
    const row = await findSubscription(database(c.env.DB), c.var.actor.userId);
    if (!row) throw new AppError("SUBSCRIPTION_NOT_FOUND");
    return c.json(subscriptionView(row), 200);
  })
  .openapi(usage, async (c) => {
    const counts = await usageOfUser({ db: database(c.env.DB), clock: systemClock }, c.var.actor);
    return c.json(
      {
        user_id: c.var.actor.userId,
        personas_count: counts.personas,
        projects_count: counts.projects,
        content_count: counts.content,
        last_updated: isoTime(systemClock.now()),
      },
      200,
    );
  })
  .openapi(quota, async (c) => {
    const context = { db: database(c.env.DB), clock: systemClock };
    return c.json(await checkQuota(context, c.var.actor, c.req.valid("query").resource), 200);
  })
  .openapi(tiers, async (c) => {
    const { rows, nextCursor } = pageOfAll(await listTiers(database(c.env.DB)), c.req.valid("query"));
    return c.json({ tiers: rows.map(tierView), next_cursor: nextCursor }, 200);
  });
