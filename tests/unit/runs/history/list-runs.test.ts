import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { tenantObject } from "#tests/support/objects.ts";
import { bodyOf, copywriter, get, makeInstance, projectRun, startRun } from "#tests/support/personas.ts";
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

  it("tells how a run is that moment, whatever the read model has of it", async () => {
    const owner = await createUser("runs_read_own");
    const { id } = await makeInstance(owner);
    const run = await startRun(owner, id);
    const now = async () => (await list(owner)).runs;
    expect(await now()).toMatchObject([{ correlation_id: run, status: "running", current_step: "write" }]);
    await tenantObject("runs_read_own").cancelRun(run, "tenant", "Enough");
    expect(await now()).toMatchObject([{ correlation_id: run, status: "cancelled" }]);
    expect(ids(await list(owner, "?status=running"))).toEqual([]);
    expect(ids(await list(owner, "?status=cancelled"))).toEqual([run]);
  });

  it("says whose runs they are, how new each is, and what one that waits asks for", async () => {
    const owner = await createUser("runs_named");
    const workflow = {
      start_step: "ask",
      steps: {
        ask: { action: "pause_for_human_input", description: "Is it tea?", next_step: "done" },
        done: { action: "complete_workflow" },
      },
    };
    const asking = { ...copywriter, config: { ...copywriter.config, workflow } };
    const { id } = await makeInstance(owner, undefined, asking);
    const waits = await startRun(owner, id);
    const { id: other } = await makeInstance(owner);
    const goesOn = await startRun(owner, other);
    await env.DB.prepare("UPDATE persona_instances SET name = 'Gone', deleted_at = 1 WHERE id = ?")
      .bind(other)
      .run();
    const { revision } = await bodyOf<{ revision: number }>(
      await get(`/api/v1/personas/runs/${waits}`, owner),
      200,
    );
    expect((await list(owner)).runs).toMatchObject([
      { correlation_id: goesOn, instance_name: "Gone", waiting: null },
      {
        correlation_id: waits,
        instance_name: "Mine",
        revision,
        waiting: { step: "ask", description: "Is it tea?", expires_at: null },
      },
    ]);
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
