import type { Database } from "#src/db/client.ts";
import type { Position } from "#src/http/page.ts";
import type { TenantObjects } from "#src/objects/objects.ts";
import { hasOlderRuns } from "./older-runs-repository.ts";

/** Where history is asked for: at the objects, and in D1 what they do not have yet. */
export interface HistorySources {
  db: Database;
  objects: Pick<TenantObjects, "allWorkflows" | "workflowsOfInstance" | "workflowsOfRun">;
}

/**
 * What a tenant's objects answer, with what D1 alone has while they have not taken over all of it. They are asked once
 * more behind D1, so that what moves in between is in one of the answers or both; and told when nothing is left there.
 */
export async function withOlder<Answer extends { isWhole: boolean }, Older>(
  { db, objects }: HistorySources,
  clientId: string,
  ask: () => Promise<Answer[]>,
  readOlder: () => Promise<Older>,
): Promise<{ answers: Answer[]; older: Older | undefined }> {
  const answers = await ask();
  if (answers.every(({ isWhole }) => isWhole)) return { answers, older: undefined };
  if (await hasOlderRuns(db, clientId)) {
    const older = await readOlder();
    return { answers: await ask(), older };
  }
  await Promise.all((await objects.allWorkflows(clientId)).map((object) => object.completeHistory()));
  return { answers: await ask(), older: undefined };
}

/** Several lists as one, the newest first, as much of it as a page needs; what stands in two is taken from the first. */
export function newestOf<Row>(
  lists: readonly (readonly Row[])[],
  positionOf: (row: Row) => Position,
  limit: number,
): Row[] {
  const rows = new Map<string, Row>();
  for (const row of lists.flat()) {
    const [, id] = positionOf(row);
    if (!rows.has(id)) rows.set(id, row);
  }
  const newestFirst = ([a, aId]: Position, [b, bId]: Position) => b - a || (aId < bId ? 1 : -1);
  return [...rows.values()].sort((a, b) => newestFirst(positionOf(a), positionOf(b))).slice(0, limit + 1);
}
