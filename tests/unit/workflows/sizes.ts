import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { plan } from "../../support/plans.ts";

const tables = ["runs", "headers", "steps", "tasks", "events", "unconfirmed", "idempotency", "memories"];

/** How many rows each of the object's tables has. */
export const rowsOf = (clientId: string) =>
  runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), (_, { storage }) =>
    Object.fromEntries(
      tables.map((table) => [
        table,
        storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n,
      ]),
    ),
  );

export const nothing = Object.fromEntries(tables.map((table) => [table, 0]));

export const big = (bytes: number) => "x".repeat(bytes);

export const longPlan = (bytes: number) =>
  plan("write", { write: { action: "ai_text_generate", input: { prompt: big(bytes) } } });

let tenants = 0;

export const newTenant = () => `sizes_${tenants++}`;
