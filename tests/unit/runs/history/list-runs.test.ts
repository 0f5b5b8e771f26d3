import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PageRequest, pageRequest } from "#src/http/page.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import { receiptOf } from "#src/objects/platform-message.ts";
import { type RunRow, runRowOf } from "#src/read-models/run-row.ts";
import { withPending } from "#src/runs/history/pending-runs.ts";
import { tenantObject } from "#tests/support/objects.ts";
import { bodyOf, get, makeInstance, projectRun, startRun } from "#tests/support/personas.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";

interface Page {
  runs: { correlation_id: string; instance_id: string; status: string; created_at: string }[];
  next_cursor: string | null;
}

const list = async (user: TestUser, query = ""): Promise<Page> =>
  bodyOf<Page>(await get(`/api/v1/personas/runs${query}`, user), 200);
const ids = ({ runs }: Page) => runs.map(({ correlation_id }) => correlation_id);

describe("GET /personas/runs", () => {
  it("lists one's own runs over all personas, the moment they have begun, and nobody else's", async () => {
    const owner = await createUser("runs_listed");
    const [one, two] = [await makeInstance(owner), await makeInstance(owner)];
    const first = await startRun(owner, one.id);
    const second = await startRun(owner, two.id);
    expect(ids(await list(owner))).toEqual([second, first]);
    const neighbour = await createUser("runs_listed", { role: "admin" });
    expect(ids(await list(neighbour))).toEqual([]);
    const history = await bodyOf<Page>(await get(`/api/v1/personas/instances/${one.id}/history`, owner), 200);
    expect(ids(history)).toEqual([first]);
  });

  it("has a run that has ended, before and after the copy of it is stored", async () => {
    const owner = await createUser("runs_read_own");
    const { id } = await makeInstance(owner);
    const run = await startRun(owner, id);
    const tenant = tenantObject("runs_read_own");
    await tenant.cancelRun(run, "tenant", "Enough");
    const now = async () => (await list(owner)).runs;
    expect(await now()).toMatchObject([{ correlation_id: run, status: "cancelled" }]);
    const [copy] = await tenant.pendingRuns({ userId: owner.actor.userId });
    if (!copy) throw new Error("no copy");
    // An older copy arrives late: the list goes on to tell how the run is now.
    await projectRun(owner, id, { ...copy, revision: 1, status: "running", completed_at: null });
    expect(await now()).toMatchObject([{ correlation_id: run, status: "cancelled" }]);
    expect(ids(await list(owner, "?status=running"))).toEqual([]);
    await projectRun(owner, id, copy);
    await tenant.confirmCopies([receiptOf(copy)]);
    expect(await tenant.pendingRuns({ userId: owner.actor.userId })).toEqual([]);
    expect(await now()).toMatchObject([{ correlation_id: run, status: "cancelled" }]);
  });

  it("is narrowed by status, persona, its name, project and time, and comes in pages", async () => {
    const owner = await createUser("runs_filtered");
    const [one, two] = [await makeInstance(owner), await makeInstance(owner)];
    await env.DB.prepare("UPDATE persona_instances SET name = 'Tea Taster' WHERE id = ?").bind(two.id).run();
    const project = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";
    const day = (number: number) => Date.UTC(2026, 0, number);
    const a = await projectRun(owner, one.id, { created_at: day(1), status: "failed" });
    const b = await projectRun(owner, two.id, { created_at: day(2), project_id: project });
    const c = await projectRun(owner, two.id, { created_at: day(3), status: "failed" });
    const [x, y, z] = [a, b, c].map(({ correlation_id }) => correlation_id);
    for (const [query, wanted] of [
      ["?status=failed", [z, x]],
      [`?instance_id=${one.id}`, [x]],
      ["?q=tea%20t", [z, y]],
      ["?q=coffee", []],
      [`?q=tea&instance_id=${one.id}`, []],
      [`?project_id=${project}`, [y]],
      ["?since=2026-01-02", [z, y]],
      ["?until=2026-01-01", [x]],
      ["?since=2026-01-02T00:00:00Z&until=2026-01-03T00:00:00Z", [y]],
    ] as const)
      expect(ids(await list(owner, query)), query).toEqual(wanted);
    const first = await list(owner, "?limit=2");
    expect(ids(first)).toEqual([z, y]);
    const rest = await list(owner, `?limit=2&cursor=${first.next_cursor}`);
    expect([ids(rest), rest.next_cursor]).toEqual([[x], null]);
    expect((await get("/api/v1/personas/runs?limit=101", owner)).status).toBe(400);
  });
});

const copyOf = (n: number, revision: number, status: RunCopy["status"]): RunCopy => ({
  type: "run.copy",
  id: `${n}`,
  correlation_id: `r${String(n).padStart(3, "0")}`,
  revision,
  client_id: "c",
  user_id: "u",
  instance_id: n % 2 === 0 ? "even" : "odd",
  project_id: null,
  template_id: null,
  status,
  current_step: null,
  fuel_budget: 1,
  fuel_spent: 0,
  tokens_in: 0,
  tokens_out: 0,
  cost_micros: 0,
  error: null,
  created_at: Math.floor(n / 3),
  updated_at: n,
  completed_at: null,
});

it("Whatever part of it is stored already, a list is that of all runs as they are now, each once, in pages", () => {
  const statuses = ["running", "completed", "failed"] as const;
  const world = fc.array(
    fc.record({
      stored: fc.option(fc.integer({ min: 1, max: 3 })),
      status: fc.constantFrom(...statuses),
      was: fc.constantFrom(...statuses),
    }),
    { maxLength: 30 },
  );
  const newestFirst = (rows: RunRow[]) =>
    rows.sort((a, b) => b.createdAt - a.createdAt || (b.correlationId < a.correlationId ? -1 : 1));
  fc.assert(
    fc.property(
      world,
      fc.integer({ min: 1, max: 7 }),
      fc.option(fc.constantFrom(...statuses)),
      (runs, limit, asked) => {
        const filter = asked === null ? {} : { status: asked };
        const fits = (row: RunRow) => asked === null || row.status === asked;
        const stored = runs.flatMap(({ stored, status, was }, n) =>
          stored === null ? [] : [runRowOf(copyOf(n, stored, stored === 3 ? status : was))],
        );
        const pending = runs.flatMap(({ stored, status }, n) => (stored === 3 ? [] : [copyOf(n, 3, status)]));
        const readPage = ({ after, limit: wanted }: PageRequest) =>
          newestFirst(stored.filter(fits))
            .filter(({ createdAt, correlationId }) =>
              after === undefined
                ? true
                : createdAt < after[0] || (createdAt === after[0] && correlationId < after[1]),
            )
            .slice(0, wanted + 1);
        const all = newestFirst(runs.map(({ status }, n) => runRowOf(copyOf(n, 3, status))).filter(fits));
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = pageRequest({ cursor, limit });
          const { rows, nextCursor } = withPending(readPage(page), pending, filter, page);
          seen.push(...rows.map(({ correlationId }) => correlationId));
          cursor = nextCursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen).toEqual(all.map(({ correlationId }) => correlationId));
      },
    ),
  );
});
