import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import { writeMessages } from "#src/read-models/write-messages.ts";
import { bodyOf, get, projectRun } from "#tests/support/personas.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";
import { calling, makeWorkflow } from "#tests/support/workflows.ts";
import { admin, auditOf, decide, path, runOf } from "./runs-of-platform.ts";

interface Page {
  runs: { correlation_id: string; client_id: string; user_id: string; status: string }[];
  count: number;
  has_more: boolean;
}

const list = async (query: string) => bodyOf<Page>(await get(`${path}/runs?${query}`, admin), 200);

describe("The list of runs", () => {
  const at = (day: number) => Date.UTC(2020, 0, day);
  const copies: RunCopy[] = [];
  beforeAll(async () => {
    const one = await createUser("runs_one");
    const two = await createUser("runs_two");
    const make = async (owner: TestUser, day: number, status: RunCopy["status"]) =>
      copies.push(await projectRun(owner, "i", { created_at: at(day), status }));
    await make(one, 1, "completed");
    await make(two, 2, "failed");
    await make(one, 3, "running");
    await make(one, 4, "paused");
    await make(two, 5, "completed");
  });
  const days = async (query: string) => {
    const { runs } = await list(`start_date=2020-01-01&end_date=2020-02-01&${query}`);
    return runs.map(
      ({ correlation_id }) => 1 + copies.findIndex((copy) => copy.correlation_id === correlation_id),
    );
  };

  it("shows those of all tenants, newest first, with whose they are", async () => {
    expect(await days("")).toEqual([5, 4, 3, 2, 1]);
    const { runs } = await list("client_id=runs_two&limit=1");
    expect(runs).toMatchObject([
      {
        client_id: "runs_two",
        user_id: copies[4]?.user_id,
        status: "completed",
        fuel: { budget: 100, spent: 10 },
      },
    ]);
  });

  it("is narrowed by tenant, status and time, and by all of them", async () => {
    expect(await days("client_id=runs_one")).toEqual([4, 3, 1]);
    expect(await days("status=completed")).toEqual([5, 1]);
    expect(await days("client_id=runs_one&status=completed")).toEqual([1]);
    expect((await list("start_date=2020-01-02&end_date=2020-01-03")).count).toBe(2);
    expect(
      (await list("start_date=2020-01-02T00:00:00.001Z&end_date=2020-01-04T02:00:00%2B02:00")).count,
    ).toBe(1);
    expect(await days("client_id=runs_nobody")).toEqual([]);
  });

  it("takes the older system's names of statuses", async () => {
    expect(await days("status=PAUSED_FOR_HUMAN_INPUT")).toEqual([4]);
    expect(await days("status=AWAITING_RESPONSES")).toEqual([3]);
    expect(await days("status=COMPLETED")).toEqual([5, 1]);
  });

  it("comes in pieces by limit and offset, and says whether there is more", async () => {
    const piece = async (limit: number, offset: number) => {
      const page = await list(`start_date=2020-01-01&end_date=2020-02-01&limit=${limit}&offset=${offset}`);
      return [page.count, page.has_more];
    };
    expect(await piece(2, 0)).toEqual([2, true]);
    expect(await piece(2, 2)).toEqual([2, true]);
    expect(await piece(2, 4)).toEqual([1, false]);
    expect(await piece(5, 0)).toEqual([5, false]);
    expect(await days("limit=2&offset=1")).toEqual([4, 3]);
  });

  it.each([
    "limit=0",
    "limit=101",
    "offset=-1",
    "offset=10001",
    "status=asleep",
    "start_date=yesterday",
    "client_id=a-b",
  ])("refuses %s", async (query) => {
    expect((await get(`${path}/runs?${query}`, admin)).status).toBe(400);
  });

  it("and everything else about runs is for administrators only", async () => {
    const id = await runOf("runs_guarded");
    for (const user of [
      await createUser("runs_guarded"),
      await createUser("runs_guarded", { role: "moderator" }),
    ]) {
      const answers = await Promise.all([
        get(`${path}/runs`, user),
        get(`${path}/runs/${id}`, user),
        decide(user, id, { action: "terminate" }),
        decide(user, id, { action: "terminate" }, `${path}/${id}/resume`),
        get(`${path}/anything/runs`, user),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    }
    expect(await auditOf(id)).toEqual([]);
  });
});

describe("The runs of a workflow definition", () => {
  it("are those that carried it out, newest first, in pages, with the version they had", async () => {
    const workflow = await makeWorkflow(admin, "listed-runs");
    const owner = await createUser("runs_of_workflow");
    const made: string[] = [];
    for (const day of [1, 2, 3]) {
      const copy = await projectRun(owner, "i", { created_at: Date.UTC(2021, 0, day) });
      made.unshift(copy.correlation_id);
      const use = {
        type: "workflow.use",
        client_id: "runs_of_workflow",
        workflow_id: workflow.id,
        version: day,
      } as const;
      const told = { ...use, correlation_id: copy.correlation_id, created_at: copy.created_at };
      await writeMessages(database(env.DB), [told, told]);
      await writeMessages(database(env.DB), [told]);
    }
    const first = await bodyOf<Page & { next_cursor: string }>(
      await get(`${path}/listed-runs/runs?limit=2`, admin),
      200,
    );
    expect(first.runs).toMatchObject([
      { correlation_id: made[0], workflow_version: 3, client_id: "runs_of_workflow" },
      { correlation_id: made[1], workflow_version: 2 },
    ]);
    const rest = await get(`${path}/${workflow.id}/runs?limit=2&cursor=${first.next_cursor}`, admin);
    expect(await bodyOf(rest, 200)).toMatchObject({
      runs: [{ correlation_id: made[2], workflow_version: 1 }],
      next_cursor: null,
    });
    await makeWorkflow(admin, "calls-listed-runs", calling("listed-runs"));
    expect(await bodyOf(await get(`${path}/calls-listed-runs/runs`, admin), 200)).toMatchObject({ count: 0 });
    expect((await get(`${path}/nobody/runs`, admin)).status).toBe(404);
  });
});
