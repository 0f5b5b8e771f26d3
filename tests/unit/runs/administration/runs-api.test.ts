import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import { writeMessages } from "#src/read-models/write-messages.ts";
import { send } from "#tests/support/api.ts";
import { gatesAtOnce, twoGates } from "#tests/support/gates.ts";
import { bodyOf, get, projectRun } from "#tests/support/personas.ts";
import { oneTextStep, plan, startRequest } from "#tests/support/plans.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";
import { calling, makeWorkflow } from "#tests/support/workflows.ts";
import { tenantObject } from "../../../support/objects.ts";

const path = "/api/v1/admin/workflows";
const asking = plan("ask", {
  ask: { action: "pause_for_human_input", next_step: "done" },
  done: {
    action: "complete_workflow",
    input: { said: "{{data.human_feedback}}", by: "{{steps.ask.output.answered_by}}" },
  },
});

interface Page {
  runs: { correlation_id: string; client_id: string; user_id: string; status: string }[];
  count: number;
  has_more: boolean;
}

let admin: TestUser;
beforeAll(async () => {
  admin = await createUser("operator", { role: "admin" });
});

const list = async (query: string) => bodyOf<Page>(await get(`${path}/runs?${query}`, admin), 200);

/** Starts a run in the object of another tenant and shows it to the read model, as the events Worker does. */
async function runOf(clientId: string, of = asking): Promise<string> {
  const owner = await createUser(clientId);
  const { userId } = owner.actor;
  const request = startRequest(clientId, { plan: of, userId });
  const { correlationId } = valueOrThrow(await tenantObject(clientId).startRun(request));
  const created_at = Date.now();
  await projectRun(owner, request.instanceId ?? "", {
    correlation_id: correlationId,
    id: correlationId,
    created_at,
    status: "paused",
    completed_at: null,
  });
  return correlationId;
}

const decide = (user: TestUser, id: string, body: unknown, at = `${path}/runs/${id}/resume`) =>
  send("POST", at, body, user.headers);

const auditOf = async (id: string) => {
  const { results } = await env.DB.prepare(
    "SELECT action, actor_id, client_id, details FROM audit_log WHERE target_id = ? ORDER BY id",
  )
    .bind(id)
    .all<{ action: string; actor_id: string; client_id: string; details: string }>();
  return results;
};

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

describe("A run of another tenant", () => {
  it("is shown as it is now, with whose it is", async () => {
    const id = await runOf("runs_shown");
    expect(await bodyOf(await get(`${path}/runs/${id}`, admin), 200)).toMatchObject({
      correlation_id: id,
      client_id: "runs_shown",
      status: "paused",
      steps: [
        { name: "ask", status: "paused" },
        { name: "done", status: "pending" },
      ],
      fuel: { budget: 1000 },
    });
    expect((await get(`${path}/runs/0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b00`, admin)).status).toBe(404);
  });

  it("has child runs, which are read with the tenant's name", async () => {
    const clientId = "runs_children";
    const own = plan("go", { go: { action: "run", topic: "workflow:asking" } });
    const workflows = { asking: { id: "w", version: 1, plan: asking } };
    const request = startRequest(clientId, { plan: own, workflows });
    const tenant = tenantObject(clientId);
    const { correlationId } = valueOrThrow(await tenant.startRun(request));
    const { children } = valueOrThrow(await tenant.getRun(correlationId, "tenant"));
    const child = `${path}/runs/${children[0]?.correlation_id}`;
    expect(await bodyOf(await get(`${child}?client_id=${clientId}`, admin), 200)).toMatchObject({
      parent_id: correlationId,
      status: "paused",
      client_id: clientId,
    });
    expect((await get(child, admin)).status).toBe(404);
  });

  it("that waits is answered with yes, in the administrator's name", async () => {
    const id = await runOf("runs_resumed");
    const answer = await decide(admin, id, { action: "resume", feedback: "Go on" });
    expect(await bodyOf(answer, 200)).toEqual({
      message: "Workflow resumed successfully",
      correlation_id: id,
      status: "completed",
    });
    expect(await bodyOf(await get(`${path}/runs/${id}`, admin), 200)).toMatchObject({
      status: "completed",
      result: { said: "Go on", by: admin.actor.userId },
    });
    expect(await auditOf(id)).toMatchObject([
      {
        action: "run.resumed",
        actor_id: admin.actor.userId,
        client_id: "runs_resumed",
        details: '{"step":"ask","feedback":"Go on"}',
      },
    ]);
  });

  it.each([{ note: "ok", "<b>": [1, null] }, "text", 0, false, null, ["a"]])(
    "takes %j for feedback, as it is",
    async (feedback) => {
      const id = await runOf("runs_feedback");
      await bodyOf(await decide(admin, id, { action: "resume", feedback }, `${path}/${id}/resume`), 200);
      expect(await bodyOf(await get(`${path}/runs/${id}`, admin), 200)).toMatchObject({
        result: { said: feedback },
        data: { human_feedback: feedback, ask: { feedback } },
      });
    },
  );

  it("is decided once with a key, and audited once", async () => {
    for (const action of ["resume", "terminate"]) {
      const id = await runOf("runs_keyed", twoGates);
      const headers = { ...admin.headers, "idempotency-key": "once" };
      const decideOnce = (body: object) => send("POST", `${path}/runs/${id}/resume`, body, headers);
      const [first, second] = [await decideOnce({ action }), await decideOnce({ action })];
      expect(first.headers.get("idempotent-replayed")).toBeNull();
      expect(second.headers.get("idempotent-replayed")).toBe("true");
      expect(await bodyOf(second, 200)).toEqual(await bodyOf(first, 200));
      expect((await decideOnce({ action, feedback: "!" })).status).toBe(409);
      expect(await auditOf(id)).toHaveLength(1);
      if (action === "resume")
        expect(await bodyOf(await get(`${path}/runs/${id}`, admin), 200)).toMatchObject({
          waiting: [{ step: "second" }],
        });
    }
  });

  it("with several gates is answered at the one that is named", async () => {
    const id = await runOf("runs_gates", gatesAtOnce);
    expect(await bodyOf(await decide(admin, id, { action: "resume" }), 409)).toMatchObject({
      error: "APPROVAL_AMBIGUOUS",
      details: { waiting: [{ step: "left" }, { step: "right" }] },
    });
    expect(await auditOf(id)).toEqual([]);
    await bodyOf(await decide(admin, id, { action: "resume", step: "right" }), 200);
    expect(await bodyOf(await get(`${path}/runs/${id}`, admin), 200)).toMatchObject({
      waiting: [{ step: "left" }],
    });
  });

  it("is terminated, whatever it does, and says so", async () => {
    const id = await runOf("runs_terminated", oneTextStep);
    expect(
      await bodyOf(await decide(admin, id, { action: "terminate", feedback: "Too long" }), 200),
    ).toMatchObject({
      message: "Workflow terminated successfully",
      status: "failed",
    });
    expect(await bodyOf(await get(`${path}/runs/${id}`, admin), 200)).toMatchObject({
      status: "failed",
      error: { message: "Manually terminated by admin", details: { feedback: "Too long" } },
      fuel: { reserved: 0, spent: 0 },
    });
    expect(await auditOf(id)).toMatchObject([{ action: "run.terminated", client_id: "runs_terminated" }]);
  });

  it("that does not wait, or has ended, refuses, and nothing is in the audit log", async () => {
    const working = await runOf("runs_conflict", oneTextStep);
    expect(await bodyOf(await decide(admin, working, { action: "resume" }), 409)).toMatchObject({
      message: "The run is not waiting for an answer",
    });
    expect(await auditOf(working)).toEqual([]);
    await decide(admin, working, { action: "terminate" });
    for (const action of ["resume", "terminate"]) {
      expect(await bodyOf(await decide(admin, working, { action }), 409)).toMatchObject({
        message: "The run has already ended",
      });
    }
    expect(await auditOf(working)).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ["no action", {}],
    ["another action", { action: "pause" }],
    ["too much feedback", { action: "resume", feedback: "x".repeat(65_536) }],
    ["what nobody knows", { action: "resume", colour: "red" }],
  ])("is left alone by a decision with %s", async (_, body) => {
    expect((await decide(admin, "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b00", body)).status).toBe(400);
  });
});

it("A run that the read model does not have yet is found in the administrator's own tenant", async () => {
  const request = startRequest("operator", { plan: asking });
  const { correlationId } = valueOrThrow(await tenantObject("operator").startRun(request));
  expect((await get(`${path}/runs/${correlationId}`, admin)).status).toBe(200);
  expect((await decide(admin, correlationId, { action: "terminate" })).status).toBe(200);
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
