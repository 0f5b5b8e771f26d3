import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { createSubscription } from "#src/subscriptions/create-subscription.ts";
import { listSubscriptions } from "#src/subscriptions/list-subscriptions.ts";
import { readSubscriptionOf } from "#src/subscriptions/read-subscription-of.ts";
import {
  createSubscriptionSchema,
  listSubscriptionsQuery,
  subscriptionListSchema,
  subscriptionSchema,
  updateSubscriptionSchema,
} from "#src/subscriptions/schemas.ts";
import { subscriptionPermission } from "#src/subscriptions/subscription-administration.ts";
import { updateSubscription } from "#src/subscriptions/update-subscription.ts";
import { subscriptionView } from "#src/subscriptions/views.ts";
import type { GatewayContext } from "../../context.ts";
import { deliverEventsLater } from "../../event-delivery.ts";
import { identityContext } from "../../identity-context.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { requirePermission } from "../../middleware/authorize.ts";
import { countTiers } from "../../shut-out.ts";
import { administrationContext, refusals, userParams } from "./user-shared.ts";

const shared = {
  tags: ["Administration: subscriptions"],
  security: bearer,
  middleware: [authenticate, requirePermission(subscriptionPermission)],
};

const list = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "listSubscriptions",
  summary: "Subscriptions of all tenants, newest first",
  request: { query: listSubscriptionsQuery },
  responses: { 200: jsonResponse("Subscriptions", subscriptionListSchema), ...errorResponses(...refusals) },
});

const create = createRoute({
  ...shared,
  method: "post",
  path: "/",
  operationId: "createSubscription",
  summary:
    "Begin a subscription, in place of one that has ended or of the free one that accounts begin with; refused while another is in force",
  request: { body: jsonBody(createSubscriptionSchema) },
  responses: {
    201: jsonResponse("The subscription", subscriptionSchema),
    ...errorResponses(...refusals, "USER_NOT_FOUND", "CONFLICT"),
  },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/{user_id}",
  operationId: "getSubscriptionOfUser",
  summary: "An account's subscription",
  request: { params: userParams },
  responses: {
    200: jsonResponse("The subscription", subscriptionSchema),
    ...errorResponses(...refusals, "SUBSCRIPTION_NOT_FOUND"),
  },
});

const update = createRoute({
  ...shared,
  method: "put",
  path: "/{user_id}",
  operationId: "updateSubscription",
  summary:
    "Change a subscription's tier or payment method; the user's tier follows at once when it falls, else at the next refresh",
  request: { params: userParams, body: jsonBody(updateSubscriptionSchema) },
  responses: {
    200: jsonResponse("The subscription", subscriptionSchema),
    ...errorResponses(...refusals, "USER_NOT_FOUND", "SUBSCRIPTION_NOT_FOUND", "CONFLICT"),
  },
});

/** What everybody subscribes to; for administrators and holders of `admin.subscriptions`. */
export const adminSubscriptions = createRouter<GatewayContext>()
  .openapi(list, async (c) =>
    c.json(await listSubscriptions(identityContext(c), c.var.actor, c.req.valid("query")), 200),
  )
  .openapi(create, async (c) => {
    const context = administrationContext(c);
    const { user, subscription } = await createSubscription(context, c.var.actor, c.req.valid("json"));
    deliverEventsLater(c, user.clientId);
    await countTiers(c.env, user.id);
    return c.json(subscriptionView(subscription), 201, {
      Location: `/api/v1/admin/subscriptions/${user.id}`,
    });
  })
  .openapi(get, async (c) => {
    const { user_id } = c.req.valid("param");
    const row = await readSubscriptionOf(identityContext(c), c.var.actor, user_id);
    return c.json(subscriptionView(row), 200);
  })
  .openapi(update, async (c) => {
    const { user, subscription } = await updateSubscription(
      administrationContext(c),
      c.var.actor,
      c.req.valid("param").user_id,
      c.req.valid("json"),
    );
    deliverEventsLater(c, user.clientId);
    await countTiers(c.env, user.id);
    return c.json(subscriptionView(subscription), 200);
  });
