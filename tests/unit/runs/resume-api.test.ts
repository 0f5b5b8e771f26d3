import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Plan } from "#src/engine/plans/plan.ts";
import { send } from "../../support/api.ts";
import { gatesAtOnce, twoGates } from "../../support/gates.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, copywriter, execute, get, makeInstance, startRun } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const workflow = {
  start_step: "ask",
  steps: {
    ask: { action: "pause_for_human_input", input: { draft: "{{input.topic}}" }, next_step: "done" },
    done: { action: "complete_workflow", input: { text: "{{input.topic}}" } },
  },
};
const asking = { ...copywriter, config: { ...copywriter.config, workflow } };
const resume = (user: TestUser, run: string, body: unknown, key?: string) =>
  send("POST", `/api/v1/personas/runs/${run}/resume`, body, {
    ...user.headers,
    ...(key === undefined ? {} : { "idempotency-key": key }),
  });
/** A run of somebody in a tenant of their own, at its first gates. */
async function waitingRun(clientId: string, plan: Plan) {
  const user = await createUser(clientId);
  const { id } = await makeInstance(user, undefined, {
    ...copywriter,
    config: { ...copywriter.config, workflow: plan },
  });
  return { user, run: await startRun(user, id) };
}
const view = async (user: TestUser, run: string) =>
  bodyOf(await get(`/api/v1/personas/runs/${run}`, user), 200);

describe("A run that waits for a person", () => {
  it("is answered by ?wait with what it shows, and goes on when approved", async () => {
    const user = await createUser("resume_approved");
    const { id } = await makeInstance(user, undefined, asking);
    const answer = await send(
      "POST",
      `/api/v1/personas/instances/${id}/execute?wait=5`,
      { input: { topic: "tea" } },
      user.headers,
    );
    const paused = await bodyOf<{ correlation_id: string; status: string }>(answer, 200);
    expect(paused).toMatchObject({ status: "paused", current_step: "ask" });
    const run = paused.correlation_id;
    expect(await bodyOf(await resume(user, run, { approved: true, feedback: "Nice" }), 200)).toEqual({
      correlation_id: run,
      status: "completed",
    });
    expect(await view(user, run)).toMatchObject({ status: "completed", result: { text: "tea" } });
  });

  it("fails when it is rejected", async () => {
    const user = await createUser("resume_rejected");
    const { id } = await makeInstance(user, undefined, asking);
    const run = await startRun(user, id);
    await bodyOf(await resume(user, run, { approved: false }), 200);
    expect(await view(user, run)).toMatchObject({
      status: "failed",
      error: { message: "Workflow rejected by user" },
    });
  });

  it("may be answered by an administrator of its tenant", async () => {
    const user = await createUser("resume_admin");
    const { id } = await makeInstance(user, undefined, asking);
    const run = await startRun(user, id);
    const administrator = await createUser("resume_admin", { role: "admin" });
    expect((await resume(administrator, run, { approved: true })).status).toBe(200);
    const audited = env.DB.prepare("SELECT actor_id, action FROM audit_log WHERE target_id = ?");
    expect((await audited.bind(run).all()).results).toEqual([
      { actor_id: administrator.actor.userId, action: "run.answered" },
    ]);
  });

  it("is answered once, and only while it waits", async () => {
    const user = await createUser("resume_once");
    const { id } = await makeInstance(user, undefined, asking);
    const run = await startRun(user, id);
    const answers = await Promise.all([1, 2, 3].map(() => resume(user, run, { approved: true })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it.each([
    {},
    { approved: "yes" },
    { approved: true, feedback: "x".repeat(65_536) },
    { approved: true, step: "" },
    { approved: true, as: "me" },
  ])("does not take %j for an answer", async (body) => {
    const user = await createUser("resume_answers");
    const { id } = await makeInstance(user, undefined, asking);
    const run = await startRun(user, id);
    expect((await resume(user, run, body)).status).toBe(400);
    expect(await view(user, run)).toMatchObject({ status: "paused" });
  });

  it("is told apart from one that was never started", async () => {
    const user = await createUser("resume_none");
    const { id } = await makeInstance(user, undefined, asking);
    expect((await execute(user, id, { input: {} })).status).toBe(400);
    expect((await resume(user, "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b00", { approved: true })).status).toBe(404);
  });
});

describe("An answer", () => {
  it("that names its step is not taken for the next one when it is repeated", async () => {
    const { user, run } = await waitingRun("resume_repeated", twoGates);
    const answers = await Promise.all(
      [1, 2, 3].map(() => resume(user, run, { approved: true, step: "first" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await view(user, run)).toMatchObject({ status: "paused", waiting: [{ step: "second" }] });
  });

  it("with a key is given once, however often it is sent", async () => {
    const { user, run } = await waitingRun("resume_keyed", twoGates);
    const answers = await Promise.all([1, 2, 3].map(() => resume(user, run, { approved: true }, "key-1")));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ headers }) => headers.get("idempotent-replayed")).sort()).toEqual([
      null,
      "true",
      "true",
    ]);
    expect(await view(user, run)).toMatchObject({ waiting: [{ step: "second" }] });
    expect((await resume(user, run, { approved: false }, "key-1")).status).toBe(409);
    expect(await bodyOf(await resume(user, run, { approved: true }, "key-2"), 200)).toMatchObject({
      status: "completed",
    });
    expect(await bodyOf(await resume(user, run, { approved: true }, "key-1"), 200)).toMatchObject({
      status: "paused",
    });
  });

  it("of an administrator with a key is given and audited once", async () => {
    const { user, run } = await waitingRun("resume_admin_keyed", twoGates);
    const administrator = await createUser("resume_admin_keyed", { role: "admin" });
    for (const replayed of [null, "true"]) {
      const answer = await resume(administrator, run, { approved: true }, "key");
      expect([answer.status, answer.headers.get("idempotent-replayed")]).toEqual([200, replayed]);
    }
    const audited = env.DB.prepare("SELECT details FROM audit_log WHERE target_id = ?");
    expect((await audited.bind(run).all()).results).toEqual([
      { details: '{"approved":true,"step":"first"}' },
    ]);
    expect(await view(user, run)).toMatchObject({ waiting: [{ step: "second" }] });
  });

  it("without a name is refused while several steps wait, which the run and its events tell", async () => {
    const { user, run } = await waitingRun("resume_ambiguous", gatesAtOnce);
    const waiting = [
      { step: "left", expires_at: null, review: { search: { memories: [] } }, correlation_id: run },
      { step: "right", expires_at: expect.stringContaining("T"), correlation_id: run },
    ];
    const shown = await view(user, run);
    expect(shown).toMatchObject({ waiting });
    expect(shown).toHaveProperty("waiting.0.since", expect.stringContaining("T"));
    const events = await tenantObject("resume_ambiguous").readEvents({
      since: 0,
      entityId: run,
      limit: 99,
    });
    expect(events.events.filter(({ event }) => event === "execution.paused").at(-1)?.data).toMatchObject({
      waiting,
    });
    expect(await bodyOf(await resume(user, run, { approved: true }), 409)).toMatchObject({
      error: "APPROVAL_AMBIGUOUS",
      details: { waiting: [{ step: "left" }, { step: "right" }] },
    });
    expect((await resume(user, run, { approved: true, step: "done" })).status).toBe(409);
    await bodyOf(await resume(user, run, { approved: true, step: "right" }), 200);
    expect(await view(user, run)).toMatchObject({ waiting: [{ step: "left" }] });
    expect(await bodyOf(await resume(user, run, { approved: true }), 200)).toMatchObject({
      status: "completed",
    });
    expect(await view(user, run)).toMatchObject({ waiting: [] });
  });

  it.each([{ stars: 4, notes: ["<short>", null] }, "text", 4.5, false, null, []])(
    "has %j for feedback, which stays what it is",
    async (feedback) => {
      const { user, run } = await waitingRun("resume_feedback", twoGates);
      await bodyOf(await resume(user, run, { approved: true, feedback }), 200);
      await bodyOf(await resume(user, run, { approved: true }), 200);
      expect(await view(user, run)).toMatchObject({
        data: { human_feedback: feedback, first: { feedback }, second: { feedback: null } },
        result: { said: feedback },
      });
    },
  );
});
