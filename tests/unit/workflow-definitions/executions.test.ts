import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { send } from "../../support/api.ts";
import {
  bodyOf,
  copywriter,
  execute,
  type Instance,
  makeInstance,
  makeTemplate,
} from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";
import { calling, echoing, makeWorkflow, type PlanInput } from "../../support/workflows.ts";

const clientId = "workflow_executions";
let admin: TestUser;
let owner: TestUser;
beforeAll(async () => {
  admin = await createUser(clientId, { role: "admin" });
  owner = await createUser(clientId);
});

const put = (name: string, body: unknown) =>
  send("PUT", `/api/v1/admin/workflows/${name}`, body, admin.headers).then((answer) => bodyOf(answer, 200));
const remove = (name: string) => send("DELETE", `/api/v1/admin/workflows/${name}`, {}, admin.headers);

/** An instance whose config has this workflow, a plan or a name. */
const instanceWith = (workflow: PlanInput | string): Promise<Instance> =>
  makeInstance(owner, undefined, { ...copywriter, config: { ...copywriter.config, workflow } });

interface Run {
  correlation_id: string;
  status: string;
  result: unknown;
  data: Record<string, unknown>;
  error: { code: string } | null;
}

/** Executes an instance to the end; the topic that it is given changes nothing else. */
const run = async (id: string): Promise<Run> => {
  const answer = await send(
    "POST",
    `/api/v1/personas/instances/${id}/execute?wait=10`,
    { input: { topic: "tea" } },
    owner.headers,
  );
  return bodyOf(answer, 200);
};

describe("A step with the topic of a workflow", () => {
  it("starts it as a child run and has its result", async () => {
    await makeWorkflow(admin, "child");
    const instance = await instanceWith({
      start_step: "ask",
      steps: {
        ask: {
          action: "run",
          topic: "workflow:child",
          input: { topic: "more {{input.topic}}" },
          next_step: "done",
        },
        done: { action: "complete_workflow", input: { answer: "{{steps.ask.output.echo}}" } },
      },
    });
    expect(await run(instance.id)).toMatchObject({
      status: "completed",
      data: { ask: { echo: "more tea" } },
      result: { answer: "more tea" },
    });
  });

  it("gets the workflows that the child itself starts, too", async () => {
    await makeWorkflow(admin, "innermost");
    await makeWorkflow(admin, "middle", calling("innermost"));
    const { id } = await instanceWith(calling("middle"));
    expect(await run(id)).toMatchObject({ result: { middle: { innermost: { echo: "tea" } } } });
  });

  it("gets the version there is when the run starts", async () => {
    await makeWorkflow(admin, "moving");
    const { id } = await instanceWith(calling("moving"));
    expect(await run(id)).toMatchObject({ result: { moving: { echo: "tea" } } });
    const plan = { start_step: "d", steps: { d: { action: "complete_workflow", input: { v: 2 } } } };
    await put("moving", { plan });
    expect(await run(id)).toMatchObject({ result: { moving: { v: 2 } } });
  });

  it("keeps that version while the run goes on", async () => {
    await makeWorkflow(admin, "kept");
    const { id } = await instanceWith({
      start_step: "ask",
      steps: {
        ask: { action: "pause_for_human_input", next_step: "kept" },
        kept: { action: "run", topic: "workflow:kept" },
      },
    });
    const paused = await run(id);
    expect(paused.status).toBe("paused");
    await put("kept", {
      plan: { start_step: "d", steps: { d: { action: "complete_workflow", input: { v: 2 } } } },
    });
    const path = `/api/v1/personas/runs/${paused.correlation_id}/resume`;
    expect(await bodyOf(await send("POST", path, { approved: true }, owner.headers), 200)).toMatchObject({
      status: "completed",
    });
    const ended = await send(
      "GET",
      `/api/v1/personas/runs/${paused.correlation_id}`,
      undefined,
      owner.headers,
    );
    expect(await bodyOf(ended, 200)).toMatchObject({ data: { kept: { echo: "tea" } } });
  });

  it("is refused before the run starts when the workflow, or one below it, is gone", async () => {
    await makeWorkflow(admin, "lost");
    await makeWorkflow(admin, "losing", calling("lost"));
    const direct = await instanceWith(calling("lost"));
    const indirect = await instanceWith(calling("losing"));
    await put("lost", { is_active: false });
    for (const { id } of [direct, indirect]) {
      expect(await bodyOf(await execute(owner, id), 400)).toMatchObject({
        error: "WORKFLOW_INVALID",
        details: { errors: [{ message: "There is no active workflow lost" }] },
      });
    }
    await put("lost", { is_active: true });
    expect(await run(indirect.id)).toMatchObject({ status: "completed" });
  });

  it("is refused when the workflows have come to go in a circle, or too deep, since the plan was saved", async () => {
    for (const level of [1, 2, 3, 4])
      await makeWorkflow(admin, `chain-${level}`, level === 1 ? echoing : calling(`chain-${level - 1}`));
    const { id } = await instanceWith(calling("chain-4"));
    expect(await run(id)).toMatchObject({ status: "completed" });
    await makeWorkflow(admin, "chain-0");
    await put("chain-1", { plan: calling("chain-0") });
    const refusal = async () =>
      bodyOf<{ details: { errors: { message: string }[] } }>(await execute(owner, id), 400);
    expect((await refusal()).details.errors[0]?.message).toMatch(/^Workflows are nested more than 4 deep/);
    // As two administrators could do it at the same moment.
    await env.DB.prepare("UPDATE workflow_definitions SET plan = ? WHERE name = 'chain-1'")
      .bind(JSON.stringify(calling("chain-3")))
      .run();
    expect((await refusal()).details.errors[0]?.message).toBe(
      "Workflows go in a circle: chain-4 → chain-3 → chain-2 → chain-1 → chain-3",
    );
  });

  it("is refused in an instance's own plan when there is no such workflow", async () => {
    const { id: template_id } = await makeTemplate(clientId);
    const body = { template_id, name: "Mine", config: { workflow: calling("nobody") } };
    const refused = await send("POST", "/api/v1/personas/instances", body, owner.headers);
    expect(await bodyOf(refused, 400)).toMatchObject({ error: "WORKFLOW_INVALID" });
  });
});

describe("A template that names a workflow in the place of its plan", () => {
  it("follows it, in the version there is when the run starts", async () => {
    await makeWorkflow(admin, "named");
    const { id, config } = await instanceWith("named");
    expect(config.workflow).toBe("named");
    expect(await run(id)).toMatchObject({ status: "completed", result: { echo: "tea" } });
    await put("named", {
      plan: { start_step: "d", steps: { d: { action: "complete_workflow", input: { v: 2 } } } },
    });
    expect(await run(id)).toMatchObject({ result: { v: 2 } });
  });

  it("is refused when there is none, keeps it from being deleted, and says in its check what is wrong", async () => {
    const config = { ...copywriter.config, workflow: "nowhere" };
    const refused = await send("POST", "/api/v1/templates", { ...copywriter, config }, admin.headers);
    expect(await bodyOf(refused, 400)).toMatchObject({
      error: "WORKFLOW_INVALID",
      details: { errors: [{ step: null, path: "workflow", message: "There is no active workflow nowhere" }] },
    });
    await makeWorkflow(admin, "somewhere", echoing);
    const { id } = await makeTemplate(clientId, {
      ...copywriter,
      config: { ...copywriter.config, workflow: "somewhere" },
    });
    expect((await remove("somewhere")).status).toBe(409);
    await put("somewhere", { is_active: false });
    const check = await send("POST", `/api/v1/templates/${id}/validate`, {}, admin.headers);
    expect(await bodyOf(check, 200)).toMatchObject({ valid: false, errors: [{ path: "workflow" }] });
  });

  it("refuses to execute when it has been switched off", async () => {
    await makeWorkflow(admin, "closed");
    const { id } = await instanceWith("closed");
    await put("closed", { is_active: false });
    expect(await bodyOf(await execute(owner, id), 400)).toMatchObject({ error: "WORKFLOW_INVALID" });
  });

  it("can be given a plan of its own by an instance", async () => {
    await makeWorkflow(admin, "general");
    const { id } = await makeInstance(
      owner,
      { workflow: { start_step: "d", steps: { d: { action: "complete_workflow", input: { own: true } } } } },
      { ...copywriter, config: { ...copywriter.config, workflow: "general" } },
    );
    expect(await run(id)).toMatchObject({ result: { own: true } });
  });
});
