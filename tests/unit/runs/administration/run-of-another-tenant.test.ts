import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { send } from "#tests/support/api.ts";
import { gatesAtOnce, twoGates } from "#tests/support/gates.ts";
import { tenantObject } from "#tests/support/objects.ts";
import { bodyOf, get } from "#tests/support/personas.ts";
import { oneTextStep, plan, startRequest } from "#tests/support/plans.ts";
import { admin, asking, auditOf, decide, path, runOf } from "./runs-of-platform.ts";

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
