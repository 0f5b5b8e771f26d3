import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { clientIdSchema } from "#src/identity/schemas.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { listClients } from "#src/tenants/client-repository.ts";
import { clientWithin } from "#src/tenants/client-within.ts";
import { createClient } from "#src/tenants/create-client.ts";
import {
  clientListSchema,
  clientSchema,
  createClientSchema,
  updateClientSchema,
} from "#src/tenants/schemas.ts";
import { updateClient } from "#src/tenants/update-client.ts";
import { clientView } from "#src/tenants/views.ts";
import type { GatewayContext } from "../../context.ts";
import { deviceOf } from "../../identity-context.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { requireRole } from "../../middleware/authorize.ts";
import { tenantContext } from "../../tenant-context.ts";

const shared = {
  tags: ["Administration: clients"],
  security: bearer,
  middleware: [authenticate, requireRole("admin")],
};
const params = z.object({ client_id: clientIdSchema });
const refusals = ["VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "INSUFFICIENT_PERMISSIONS"] as const;
const client = jsonResponse("The client", clientSchema);

const list = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "listClients",
  summary: "Clients (tenants), newest first",
  request: {
    query: cursorQuery().extend({
      is_active: z
        .enum(["true", "false"])
        .transform((value) => value === "true")
        .optional(),
    }),
  },
  responses: { 200: jsonResponse("Clients", clientListSchema), ...errorResponses(...refusals) },
});

const create = createRoute({
  ...shared,
  method: "post",
  path: "/",
  operationId: "createClient",
  summary: "Make a client; registration in it is closed unless its settings say otherwise",
  request: { body: jsonBody(createClientSchema) },
  responses: { 201: client, ...errorResponses(...refusals, "CONFLICT") },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/{client_id}",
  operationId: "getClient",
  summary: "One client",
  request: { params },
  responses: { 200: client, ...errorResponses(...refusals, "NOT_FOUND") },
});

const update = createRoute({
  ...shared,
  method: "put",
  path: "/{client_id}",
  operationId: "updateClient",
  summary: "Change a client; fields left out stay, `settings` are laid over those there are",
  request: { params, body: jsonBody(updateClientSchema) },
  responses: { 200: client, ...errorResponses(...refusals, "BAD_REQUEST", "NOT_FOUND", "CONFLICT") },
});

const remove = createRoute({
  ...shared,
  method: "delete",
  path: "/{client_id}",
  operationId: "deactivateClient",
  summary: "Deactivate a client: its users are signed out and cannot sign in; nothing is lost",
  request: { params },
  responses: {
    204: { description: "Deactivated" },
    ...errorResponses(...refusals, "BAD_REQUEST", "NOT_FOUND", "CONFLICT"),
  },
});

const adminContext = (c: Context<GatewayContext>) => ({ ...tenantContext(c.env), device: deviceOf(c) });

export const clients = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const { is_active, ...query } = c.req.valid("query");
    const page = pageRequest(query);
    const found = await listClients(tenantContext(c.env).db, tenantWithin(c.var.actor), is_active, page);
    const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, id]);
    return c.json({ clients: rows.map(clientView), count: rows.length, next_cursor: nextCursor }, 200);
  })
  .openapi(create, async (c) => {
    const row = await createClient(adminContext(c), c.var.actor, c.req.valid("json"));
    return c.json(clientView(row), 201, { Location: `/api/v1/admin/clients/${row.id}` });
  })
  .openapi(get, async (c) => {
    const { db } = tenantContext(c.env);
    const row = await clientWithin(db, c.var.actor, c.req.valid("param").client_id);
    return c.json(clientView(row), 200);
  })
  .openapi(update, async (c) => {
    const { client_id } = c.req.valid("param");
    const row = await updateClient(adminContext(c), c.var.actor, client_id, c.req.valid("json"));
    return c.json(clientView(row), 200);
  })
  .openapi(remove, async (c) => {
    const { client_id } = c.req.valid("param");
    await updateClient(adminContext(c), c.var.actor, client_id, { is_active: false });
    return c.body(null, 204);
  });
