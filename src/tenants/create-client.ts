import { z } from "@hono/zod-openapi";
import { type Action, auditAction } from "#src/audit/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { unspread } from "#src/objects/hub-spread.ts";
import { operation } from "#src/operation/operation.ts";
import { type ClientRow, insertClient, isNewClient } from "./client-repository.ts";
import { parseSettings } from "./parse-settings.ts";
import { clientSchema, createClientSchema } from "./schemas.ts";
import { clientView } from "./views.ts";

/** Refused also for the id of a tenant that was deactivated. */
export const createClient = operation({
  name: "createClient",
  summary: "Make a client; registration in it is closed unless its settings say otherwise",
  input: z.object({ body: createClientSchema }),
  output: clientSchema,
  refusals: ["CONFLICT"],
  run: async (platform, actor, { body: { client_id, settings, ...fields } }) => {
    const { db, clock, settings: own } = platform;
    if (fields.jurisdiction !== null && own.ENVIRONMENT === "development") throw noJurisdictions();
    const now = clock.now();
    const row: ClientRow = {
      id: client_id,
      ...columnsOf(fields),
      settings: parseSettings(settings),
      isActive: true,
      ...unspread,
      gatePending: false,
      createdAt: now,
      updatedAt: now,
    };
    const action: Action = {
      action: "client.created",
      target: { type: "client", id: client_id },
      clientId: client_id,
    };
    const [, { meta }] = await db.batch([
      auditAction(platform, actor, action, isNewClient(client_id)),
      insertClient(db, row),
    ]);
    if (meta.changes === 0) throw new AppError("CONFLICT", { message: "There is a client with this id" });
    return clientView(row);
  },
});

const noJurisdictions = () =>
  new AppError("VALIDATION_ERROR", {
    details: { fields: [{ path: "jurisdiction", message: "A local runtime knows no jurisdictions" }] },
  });
