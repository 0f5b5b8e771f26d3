import type { Database } from "#src/db/client.ts";
import type { RunRow } from "#src/history/index.ts";
import { namesOfInstances } from "#src/personas/index.ts";
import type { Names } from "./views.ts";

/**
 * What the personas of some runs are called.
 * @param clientId the tenant of all of them, if they are of one
 */
export const namesOfPersonas = (
  db: Database,
  clientId: string | undefined,
  rows: readonly Pick<RunRow, "instanceId">[],
): Promise<Names> =>
  namesOfInstances(
    db,
    clientId,
    rows.flatMap(({ instanceId }) => instanceId ?? []),
  );
