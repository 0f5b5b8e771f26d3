import { encodeCursor } from "#src/http/cursor.ts";
import { type PageRequest, type Position, pageOf } from "#src/http/page.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import type { RunsApi } from "#src/objects/runs-api.ts";
import { type RunRow, runRowOf } from "#src/read-models/index.ts";
import type { RunFilter } from "./run-history-repository.ts";

interface RunPage {
  rows: RunRow[];
  nextCursor: string | null;
}

const positionOf = ({ createdAt, correlationId }: RunRow): Position => [createdAt, correlationId];

const isNewer = ([time, id]: Position, [thanTime, thanId]: Position): boolean =>
  time > thanTime || (time === thanTime && id > thanId);

const matches = (row: RunRow, { status, instanceIds, projectId, since, until }: RunFilter): boolean =>
  (status === undefined || row.status === status) &&
  (instanceIds === undefined || (row.instanceId !== null && instanceIds.includes(row.instanceId))) &&
  (projectId === undefined || row.projectId === projectId) &&
  (since === undefined || row.createdAt >= since) &&
  (until === undefined || row.createdAt < until);

/**
 * A page of the read model with what it does not have yet: a run that has begun or ended this moment is in its
 * list at once, as its object tells it.
 */
export function withPending(
  stored: readonly RunRow[],
  pending: readonly RunCopy[],
  filter: RunFilter,
  { after, limit }: PageRequest,
): RunPage {
  const fresh = new Map(pending.map((copy) => [copy.correlation_id, runRowOf(copy)]));
  const known = stored.filter((row) => row.revision >= (fresh.get(row.correlationId)?.revision ?? 0));
  const inStored = new Set(known.map(({ correlationId }) => correlationId));
  const added = [...fresh.values()].filter(
    (row) =>
      !inStored.has(row.correlationId) &&
      matches(row, filter) &&
      (after === undefined || isNewer(after, positionOf(row))),
  );
  const merged = [...known, ...added].sort((a, b) => (isNewer(positionOf(a), positionOf(b)) ? -1 : 1));
  // More than a page was read of what is stored: what lies beyond its end belongs to a later page.
  const last = stored.length > limit ? stored.at(-1) : undefined;
  const within = last ? merged.filter((row) => !isNewer(positionOf(last), positionOf(row))) : merged;
  const { rows, nextCursor } = pageOf(within, limit, positionOf);
  // A short page that is not the last: what was stored on it is meanwhile otherwise.
  return { rows, nextCursor: nextCursor ?? (last ? encodeCursor(positionOf(last)) : null) };
}

/** Runs that the read model may not have yet, from the objects that may hold them. */
export const pendingOf = async (
  workflows: readonly Pick<RunsApi, "pendingRuns">[],
  of: Parameters<RunsApi["pendingRuns"]>[0],
): Promise<RunCopy[]> => (await Promise.all(workflows.map((tenant) => tenant.pendingRuns(of)))).flat();
