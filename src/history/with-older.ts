import type { Database } from "#src/db/client.ts";
import type { Position } from "#src/http/page.ts";
import type { TenantObjects } from "#src/objects/objects.ts";
import type { TenantObject } from "#src/objects/tenant-object.ts";
import { hasOlderRuns } from "./older-runs-repository.ts";
import type { InstanceOfHistory } from "./run-history.ts";

/** Where history is asked for: at the objects, and in D1 what they do not have yet. */
export interface HistorySources {
  db: Database;
  objects: Pick<TenantObjects, "allWorkflows" | "workflowsOfInstance" | "workflowsOfRun">;
}

interface Answers<Answer, Older> {
  answers: Answer[];
  /** What D1 alone has; undefined when the objects have it all. */
  older: Older | undefined;
}

/**
 * What some of a tenant's objects answer, with what D1 alone has while they have not taken over all of it. They are
 * asked once more behind D1, so that what moves in between is in one of the answers or both; and told when nothing is
 * left there.
 */
async function withOlder<Answer extends { isWhole: boolean }, Older>(
  { db, objects }: HistorySources,
  clientId: string,
  asked: readonly TenantObject[],
  ask: (object: TenantObject) => Promise<Answer>,
  readOlder: () => Promise<Older>,
): Promise<Answers<Answer, Older>> {
  const askAll = () => Promise.all(asked.map(ask));
  const answers = await askAll();
  if (answers.every(({ isWhole }) => isWhole)) return { answers, older: undefined };
  if (await hasOlderRuns(db, clientId)) {
    const older = await readOlder();
    return { answers: await askAll(), older };
  }
  await Promise.all((await objects.allWorkflows(clientId)).map((object) => object.completeHistory()));
  return { answers: await askAll(), older: undefined };
}

/** What all of a tenant's objects answer, and D1. */
export const askTenant = async <Answer extends { isWhole: boolean }, Older>(
  sources: HistorySources,
  clientId: string,
  ask: (object: TenantObject) => Promise<Answer>,
  readOlder: () => Promise<Older>,
): Promise<Answers<Answer, Older>> =>
  withOlder(sources, clientId, await sources.objects.allWorkflows(clientId), ask, readOlder);

/** What the object of an instance answers, and D1. */
export async function askInstance<Answer extends { isWhole: boolean }, Older>(
  sources: HistorySources,
  { clientId, id }: InstanceOfHistory,
  ask: (object: TenantObject) => Promise<Answer>,
  readOlder: () => Promise<Older>,
): Promise<Answers<Answer, Older>> {
  const object = await sources.objects.workflowsOfInstance(clientId, id);
  return withOlder(sources, clientId, [object], ask, readOlder);
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
