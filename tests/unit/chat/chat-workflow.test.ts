import { beforeEach, describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { send } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { begin, newest, publish, runOf, withPersona, work } from "../../support/chats.ts";
import { conversationAt } from "../../support/conversations.ts";
import { tenantObjectOfRun } from "../../support/objects.ts";
import { bodyOf, execute, makeInstance } from "../../support/personas.ts";
import { deliver } from "../../support/tasks.ts";
import { createUser, type TestUser } from "../../support/users.ts";
import { calling, makeWorkflow, postWorkflow } from "../../support/workflows.ts";

beforeEach(closeBreakers);

const answer = { action: "chat_turn" };

/** Something is written before the answer, and something after it. */
const around = {
  start_step: "before",
  steps: {
    before: { action: "ai_text_generate", input: { prompt: "About tea" }, next_step: "answer" },
    answer: { ...answer, next_step: "after" },
    after: { action: "ai_text_generate", input: { prompt: "About milk" } },
  },
};
const alone = { start_step: "answer", steps: { answer } };

async function tenant(clientId: string) {
  const world = await withPersona(clientId);
  const admin = await createUser(clientId, { role: "admin" });
  return { ...world, clientId, admin };
}

/** Has a step of a turn's run carried out by the agents Worker and the sandbox. */
async function workOn(clientId: string, run: string, step: string) {
  await deliver("agents", [
    {
      ...{
        topic: "any",
        task_id: `${run}.${step}.main`,
        correlation_id: run,
        causation_id: "c",
        request_id: "r",
      },
      ...{ client_id: clientId, user_id: "u", priority: "normal", fuel_reserved: 1, attempt: 1 },
      deadline: Date.now() + 60_000,
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    },
  ]);
}

const runAt = async (clientId: string, run: string) =>
  valueOrThrow(await tenantObjectOfRun(clientId, run).getRun(run, "tenant"));

const chat = (user: TestUser, instanceId: string, chatWorkflow: string | null, more: object = {}) =>
  publish(user, instanceId, { chat_workflow: chatWorkflow, ...more });

describe("A persona whose turns follow a workflow", () => {
  it("answers when it is the answer's turn; what stands before and after it is done in the same run", async () => {
    const { clientId, user, admin, instance } = await tenant("chat_workflow_followed");
    const made = await makeWorkflow(admin, "around", around);
    await bodyOf(await chat(user, instance.id, "around"), 200);
    const { conversation } = await begin(user, instance.id, { message: "Which tea?" });
    const { id } = conversation;
    const run = await runOf(clientId, id);
    // The platform's own queue may be faster: a step is carried out once all the same.
    for (const step of ["before", "answer", "after"]) await workOn(clientId, run, step);
    await expect.poll(async () => (await runAt(clientId, run)).status).toBe("completed");
    expect(await newest(user, id)).toMatchObject({ role: "assistant", status: "complete" });
    const ended = await runAt(clientId, run);
    expect(ended.steps.map(({ name, status }) => [name, status])).toEqual([
      ["before", "completed"],
      ["answer", "completed"],
      ["after", "completed"],
    ]);
    const times = ended.steps.flatMap(({ started_at, completed_at }) => [started_at, completed_at]);
    expect(times).toEqual(times.toSorted());
    expect(ended.versions?.definition).toMatchObject({ id: made.id, version: 1 });
    const turns = valueOrThrow(await conversationAt({ clientId, id }).listTurns(1));
    expect(turns).toMatchObject([{ status: "done", runId: run }]);
  });

  it("fails a turn whose run ends before anything was answered", async () => {
    const { clientId, user, admin, instance } = await tenant("chat_workflow_failed");
    const failing = {
      start_step: "before",
      steps: {
        before: { action: "ai_text_generate", input: { prompt: "About tea #refusal" }, next_step: "answer" },
        answer,
      },
    };
    await makeWorkflow(admin, "failing", failing);
    await bodyOf(await chat(user, instance.id, "failing"), 200);
    const { id } = (await begin(user, instance.id, { message: "Which tea?" })).conversation;
    const run = await runOf(clientId, id);
    await workOn(clientId, run, "before");
    await expect
      .poll(() => runAt(clientId, run))
      .toMatchObject({
        status: "failed",
        steps: [{ attempts: 1 }, { status: "pending" }],
      });
    await expect.poll(async () => (await newest(user, id)).status).toBe("failed");
  });

  it("gives the step its tools, and answers by itself where the workflow is there no more", async () => {
    const { clientId, user, admin, instance } = await tenant("chat_workflow_gone");
    const { id: workflowId } = await makeWorkflow(admin, "alone", alone);
    await bodyOf(await chat(user, instance.id, "alone", { tools: ["web_search"] }), 200);
    const first = (await begin(user, instance.id, { message: "Which tea?" })).conversation.id;
    await work(clientId, first, { key: "m0" });
    expect((await newest(user, first)).status).toBe("complete");
    const gone = await send("DELETE", `/api/v1/admin/workflows/${workflowId}`, undefined, admin.headers);
    expect(gone.status).toBeLessThan(300);
    const second = (await begin(user, instance.id, { message: "Which tea?" })).conversation.id;
    const { view } = await work(clientId, second, { key: "m0" });
    expect((await newest(user, second)).status).toBe("complete");
    expect(view?.versions?.definition ?? null).toBeNull();
  });

  it.each([
    ["is not there", "nothing"],
    ["answers nothing", "quiet"],
    ["calls what is not there", "broken"],
  ])("names none that %s", async (_, name) => {
    const { user, admin, instance } = await tenant(`chat_workflow_named_${name}`);
    await makeWorkflow(admin, "quiet");
    const refused = await chat(user, instance.id, name);
    expect(await bodyOf(refused, 400)).toMatchObject({
      error: "VALIDATION_ERROR",
      details: { fields: [{ path: "chat_workflow" }] },
    });
  });
});

describe("What answers turns", () => {
  it("is begun by conversations alone: not by an execution, nor as somebody's child, nor as a tool", async () => {
    const { user, admin, instance } = await tenant("chat_workflow_alone");
    await makeWorkflow(admin, "alone", alone);
    const message = "alone answers turns of conversations, and is nobody's child";
    const child = await bodyOf<{ details: { errors: { message: string }[] } }>(
      await postWorkflow(admin, "caller", calling("alone")),
      400,
    );
    expect(child.details.errors.map((error) => error.message)).toContain(message);
    // What is executed by name was checked when it answered nothing yet.
    await makeWorkflow(admin, "later");
    const executed = await makeInstance(user, { workflow: "later" });
    const put = `/api/v1/admin/workflows/later`;
    await bodyOf(await send("PUT", put, { plan: alone }, admin.headers), 200);
    expect(await bodyOf(await execute(user, executed.id), 400)).toMatchObject({
      error: "WORKFLOW_INVALID",
      details: { errors: [{ message: "Only conversations begin what answers their turns" }] },
    });
    const tool = await chat(user, instance.id, null, { tools: ["workflow:alone"] });
    expect(await bodyOf(tool, 400)).toMatchObject({ details: { fields: [{ message }] } });
  });

  it.each([
    ["twice in a plan", { ...alone.steps, second: answer }],
    ["for each of several", { answer: { ...answer, for_each: "[1, 2]" } }],
    ["with an input of its own", { answer: { ...answer, input: { conversation_id: "another" } } }],
    ["with tools of its own", { answer: { ...answer, tools: ["web_search"] } }],
    ["at a topic that it names", { answer: { ...answer, topic: "system.agent.chat.process" } }],
  ])("does not stand %s", async (_, steps) => {
    const { admin } = await tenant("chat_workflow_invalid");
    const refused = await postWorkflow(admin, "invalid", { start_step: "answer", steps });
    expect(await bodyOf(refused, 400)).toMatchObject({ error: "WORKFLOW_INVALID" });
  });
});
