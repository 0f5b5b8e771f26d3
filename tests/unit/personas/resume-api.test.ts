import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { send } from "../../support/api.ts";
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
const resume = (user: TestUser, run: string, body: unknown) =>
  send("POST", `/api/v1/personas/runs/${run}/resume`, body, user.headers);
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
      { actor_id: administrator.principal.userId, action: "run.answered" },
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
    { approved: true, feedback: "x".repeat(10_001) },
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
