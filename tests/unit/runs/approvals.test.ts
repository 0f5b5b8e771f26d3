import { describe, expect, it } from "vitest";
import type { components } from "#client/index.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import { askedOf } from "#src/engine/waiting.ts";
import { listedGates } from "#src/objects/listed-gates.ts";
import { api } from "../../support/api.ts";
import { begin } from "../../support/engine.ts";
import { gatesAtOnce } from "../../support/gates.ts";
import { copywriter, makeInstance, startRun } from "../../support/personas.ts";
import { plan } from "../../support/plans.ts";
import { createUser, type TestUser } from "../../support/users.ts";
import { calling, makeWorkflow } from "../../support/workflows.ts";

type Decision = components["schemas"]["Decision"];

const asking = plan("ask", {
  ask: {
    action: "pause_for_human_input",
    description: "Do you like {{input.topic}}?",
    input: { draft: "All about {{input.topic}}" },
    timeout_seconds: 3600,
    next_step: "done",
  },
  done: { action: "complete_workflow" },
});

async function waitingRun(user: TestUser, of: Plan = asking) {
  const { id } = await makeInstance(user, undefined, {
    ...copywriter,
    config: { ...copywriter.config, workflow: of },
  });
  return { instance: id, run: await startRun(user, id) };
}

const approvalsOf = async (
  { token }: Pick<TestUser, "token">,
  query: { limit?: number; cursor?: string; instance_id?: string; kind?: "pause" | "tool" } = {},
) => {
  const { data } = await api(token).GET("/api/v1/approvals", { params: { query } });
  if (!data) throw new Error("no answer");
  return data;
};

describe("GET /approvals", () => {
  it("tells what one's runs ask: what there is to look at, until when, and who decides", async () => {
    const user = await createUser("approvals_told");
    const { instance, run } = await waitingRun(user);
    expect(await approvalsOf(user)).toEqual({
      approvals: [
        {
          run_id: run,
          correlation_id: run,
          needs: null,
          step: "ask",
          kind: "pause",
          description: "Do you like {{input.topic}}?",
          instance_id: instance,
          instance_name: "Mine",
          since: expect.any(String),
          expires_at: expect.any(String),
          review: { draft: "All about tea" },
          review_left_out: false,
          rejection_ends_run: true,
          waiting_for: { user_id: user.actor.userId },
          fuel: { budget: 10_000, spent: 0 },
        },
      ],
      waiting: 1,
      count: 1,
      next_cursor: null,
    });
  });

  it("is narrowed to a persona, and to pauses or calls of tools", async () => {
    const user = await createUser("approvals_narrowed");
    const { instance, run } = await waitingRun(user);
    await waitingRun(user);
    const of = async (query: { instance_id?: string; kind?: "pause" | "tool" }) =>
      (await approvalsOf(user, query)).approvals.map(({ run_id }) => run_id);
    expect(await of({ instance_id: instance })).toEqual([run]);
    expect(await of({ kind: "pause" })).toHaveLength(2);
    expect(await of({ kind: "tool" })).toEqual([]);
    expect((await approvalsOf(user, { instance_id: instance })).waiting).toBe(2);
  });

  it("has every gate of a run, those of child runs too, until they are answered", async () => {
    const user = await createUser("approvals_gates");
    const admin = await createUser("approvals_gates", { role: "admin" });
    await makeWorkflow(admin, "asks", asking);
    const { run: above } = await waitingRun(user, plan("asks", calling("asks").steps));
    const { run: two } = await waitingRun(user, gatesAtOnce);
    const steps = async () =>
      (await approvalsOf(user)).approvals.map(({ run_id, step }) => [run_id, step]).sort();
    expect(await steps()).toEqual(
      [
        [above, "ask"],
        [two, "left"],
        [two, "right"],
      ].sort(),
    );
    const [asked] = (await approvalsOf(user)).approvals.filter(({ run_id }) => run_id === above);
    expect(asked?.correlation_id).not.toBe(above);
    const params = { path: { correlation_id: two } };
    await api(user.token).POST("/api/v1/personas/runs/{correlation_id}/resume", {
      params,
      body: { approved: true, step: "left" },
    });
    expect(await steps()).toEqual(
      [
        [above, "ask"],
        [two, "right"],
      ].sort(),
    );
  });

  it("comes in pages of runs, the last begun first, and counts all that wait", async () => {
    const user = await createUser("approvals_pages");
    const runs = [(await waitingRun(user)).run, (await waitingRun(user)).run, (await waitingRun(user)).run];
    const first = await approvalsOf(user, { limit: 2 });
    const rest = await approvalsOf(user, { limit: 2, cursor: first.next_cursor ?? "" });
    expect([first, rest].map(({ approvals }) => approvals.map(({ run_id }) => run_id))).toEqual([
      [runs[2], runs[1]],
      [runs[0]],
    ]);
    expect([first.waiting, rest.waiting, rest.next_cursor]).toEqual([3, 3, null]);
  });

  it("is nobody else's, an administrator's neither", async () => {
    const user = await createUser("approvals_own");
    await waitingRun(user);
    expect(await approvalsOf(await createUser("approvals_own", { role: "admin" }))).toMatchObject({
      approvals: [],
      waiting: 0,
    });
  });
});

describe("A gate in a list", () => {
  const gate = (step: string, review: unknown = null) => ({
    step,
    since: "2026-01-01T00:00:00.000Z",
    expires_at: null,
    review,
    correlation_id: "run",
    needs: null,
  });

  it("says that a rejection ends the run, unless the plan goes on elsewhere, or a tool is asked for", () => {
    const run = begin(
      plan("ask", {
        ask: { action: "pause_for_human_input", next_step: "done" },
        tolerant: { action: "pause_for_human_input", on_error: "done" },
        write: { action: "ai_text_generate", description: "Writes", tools: ["web_search"] },
        done: { action: "complete_workflow" },
      }),
    );
    expect(
      ["ask", "tolerant", "write.t0.0"].map((step) => askedOf(run, gate(step)).rejectionEndsRun),
    ).toEqual([true, false, false]);
    expect(askedOf(run, gate("write.t0.0")).description).toBe("");
  });

  it("leaves out a review that is too large for it, and those behind it that the run has no room for", () => {
    const of = (bytes: number) => ({
      ...gate("ask", "x".repeat(bytes)),
      description: "",
      rejectionEndsRun: true,
    });
    const kept = (...sizes: number[]) => listedGates(sizes.map(of)).map((each) => each.review !== null);
    const kib = 1024;
    expect(kept(30 * kib, 33 * kib, 30 * kib)).toEqual([true, false, true]);
    expect(kept(30 * kib, 30 * kib, 30 * kib, 30 * kib, 30 * kib, kib)).toEqual([
      true,
      true,
      true,
      true,
      false,
      true,
    ]);
  });
});

describe("POST /approvals/decide", () => {
  const decide = async (user: TestUser, decisions: Decision[], key?: string) => {
    const params = key === undefined ? {} : { header: { "idempotency-key": key } };
    const { data } = await api(user.token).POST("/api/v1/approvals/decide", {
      params,
      body: { decisions },
    });
    if (!data) throw new Error("no answer");
    return data;
  };

  it("decides several questions at once, each by itself, and says why others are not", async () => {
    const user = await createUser("approvals_several");
    const stranger = await createUser("approvals_several");
    const [one, two, theirs] = [await waitingRun(user), await waitingRun(user), await waitingRun(stranger)];
    const { outcomes, done } = await decide(user, [
      { run_id: one.run, step: "ask", approved: true, feedback: "Good" },
      { run_id: two.run, step: "ask", approved: false },
      { run_id: theirs.run, step: "ask", approved: true },
      { run_id: one.run, step: "nothing", approved: true },
    ]);
    expect(done).toBe(2);
    expect(outcomes.map(({ refusal }) => refusal?.code ?? "done")).toEqual([
      "done",
      "done",
      "NOT_FOUND",
      "CONFLICT",
    ]);
    expect((await approvalsOf(user)).approvals).toEqual([]);
    expect((await approvalsOf(stranger)).approvals).toHaveLength(1);
    const params = { path: { correlation_id: one.run } };
    const run = await api(user.token).GET("/api/v1/personas/runs/{correlation_id}", { params });
    expect(run.data?.steps.find(({ name }) => name === "ask")?.output).toMatchObject({
      approved: true,
      feedback: "Good",
      answered_by: user.actor.userId,
    });
  });

  it("decides each once under a key", async () => {
    const user = await createUser("approvals_once");
    const { run } = await waitingRun(user);
    const decisions = [{ run_id: run, step: "ask", approved: true }];
    expect((await decide(user, decisions, "once")).done).toBe(1);
    expect((await decide(user, decisions, "once")).done).toBe(1);
    expect((await decide(user, decisions)).outcomes[0]?.refusal?.code).toBe("CONFLICT");
  });
});
