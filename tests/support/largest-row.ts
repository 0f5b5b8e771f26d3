import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** Bytes of the largest value in any row that a tenant's object keeps of its runs. */
export const largestRow = (clientId: string): Promise<number> =>
  runInDurableObject(
    env.TENANT_WORKFLOWS.getByName(clientId),
    (_, { storage }) =>
      storage.sql
        .exec<{ n: number }>(
          `SELECT max(n) AS n FROM (
             SELECT max(octet_length(header)) AS n FROM headers
             UNION ALL SELECT max(octet_length(body)) FROM runs
             UNION ALL SELECT max(octet_length(state)) FROM steps
             UNION ALL SELECT max(octet_length(state)) FROM tasks)`,
        )
        .one().n,
  );
