import { beforeEach, describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { call } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { begin, newest, publish, runOf, said, withPersona, work } from "../../support/chats.ts";
import { conversationAt } from "../../support/conversations.ts";
import { tenantObjectOfRun } from "../../support/objects.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { sandboxBinding } from "../../support/tasks.ts";
import { createUser, type TestUser } from "../../support/users.ts";
import { makeWorkflow } from "../../support/workflows.ts";

const clientId = "chat_persona_tools";

/** A persona that is published with tools. */
async function withTools(tools: string[], more: Record<string, unknown> = {}, config = {}) {
  const made = await withPersona(clientId, config);
  await bodyOf(await publish(made.user, made.instance.id, { tools, ...more }), 200);
  return made;
}

const toolNews = async (id: string) => {
  const { entries } = valueOrThrow(await conversationAt({ clientId, id }).readLog(0, 1000));
  return entries.flatMap(({ event, data }) => (event === "turn.tool" ? [[data.tool, data.status]] : []));
};

const conversationOf = async (user: TestUser, id: string) =>
  bodyOf<Record<string, unknown>>(await call(`/api/v1/conversations/${id}`, { headers: user.headers }), 200);

beforeEach(closeBreakers);

describe("A persona that is published with tools", () => {
  it("says so, and uses them for its answers; whoever hears the conversation is told when they begin and end", async () => {
    const { user, instance } = await withTools(["web_search"]);
    const path = `/api/v1/personas/instances/${instance.id}/chat`;
    expect(await bodyOf(await call(path, { headers: user.headers }), 200)).toMatchObject({
      tools: ["web_search"],
    });
    const { conversation } = await begin(user, instance.id, {
      message: "Tell me about tea: call `web_search`",
    });
    await work(clientId, conversation.id, { key: "m0" });
    expect(await toolNews(conversation.id)).toEqual([["web_search", "running"]]);
    await work(clientId, conversation.id, { key: "t0.0", worker: "adapters" });
    const { view } = await work(clientId, conversation.id, { key: "m1" });
    expect(view).toMatchObject({ status: "completed" });
    expect(await newest(user, conversation.id)).toMatchObject({
      status: "complete",
      parts: [{ type: "tool_call" }, { type: "tool_result" }, { type: "text" }],
    });
    expect(await toolNews(conversation.id)).toEqual([
      ["web_search", "running"],
      ["web_search", "done"],
    ]);
  });

  it("is told in later turns what it called and what came of it, whole and in its order", async () => {
    const { user, instance } = await withTools(["web_search"]);
    const { conversation } = await begin(user, instance.id, {
      message: "Tell me about tea: call `web_search`",
    });
    await work(clientId, conversation.id, { key: "m0" });
    await work(clientId, conversation.id, { key: "t0.0", worker: "adapters" });
    await work(clientId, conversation.id, { key: "m1" });
    await said(user, conversation.id, "And about coffee?");
    const asked = sandboxBinding();
    await work(clientId, conversation.id, { key: "m0", asked });
    expect(JSON.parse(present(asked.bodies[0]))).toMatchObject({
      messages: [
        { role: "user" },
        { role: "assistant", content: [{ type: "tool_use", name: "web_search" }] },
        {
          role: "user",
          content: [{ type: "tool_result", content: expect.stringMatching(/^<data name="web_search">/) }],
        },
        { role: "assistant", content: [{ type: "text" }] },
        { role: "user", content: [{ type: "text", text: "And about coffee?" }] },
      ],
    });
  });

  it("is still told of them when it has no tools any more, and may call none", async () => {
    const { user, instance } = await withTools(["web_search"]);
    const { conversation } = await begin(user, instance.id, {
      message: "Tell me about tea: call `web_search`",
    });
    await work(clientId, conversation.id, { key: "m0" });
    await work(clientId, conversation.id, { key: "t0.0", worker: "adapters" });
    await work(clientId, conversation.id, { key: "m1" });
    await bodyOf(await publish(user, instance.id, {}), 200);
    await said(user, conversation.id, "And about coffee?");
    const asked = sandboxBinding();
    const { view } = await work(clientId, conversation.id, { key: "main", asked });
    expect(view?.status).toBe("completed");
    expect(JSON.parse(present(asked.bodies[0]))).toMatchObject({
      tool_choice: { type: "none" },
      tools: [{ name: "web_search" }],
    });
  });

  it("answers also when a tool fails: the model is told, and so is whoever hears the conversation", async () => {
    const { user, instance } = await withTools(["web_search"]);
    const { conversation } = await begin(user, instance.id, {
      message: "Tell me about tea: call `web_search`",
    });
    await work(clientId, conversation.id, { key: "m0" });
    const run = await runOf(clientId, conversation.id);
    const error = { code: "UPSTREAM_UNAVAILABLE", message: "No answer", retryable: false };
    await tenantObjectOfRun(clientId, run).failTask(`${run}.answer.t0.0`, 1, { error });
    const { view } = await work(clientId, conversation.id, { key: "m1" });
    expect(view?.status).toBe("completed");
    expect(await newest(user, conversation.id)).toMatchObject({
      status: "complete",
      parts: [{ type: "tool_call" }, { type: "tool_result", is_error: true }, { type: "text" }],
    });
    expect(await toolNews(conversation.id)).toContainEqual(["web_search", "failed"]);
  });

  it("starts workflows as tools, in the versions there are when the turn begins", async () => {
    const { user, instance } = await withPersona(clientId);
    const plan = {
      start_step: "note",
      steps: { note: { action: "complete_workflow", input: { result: { checked: true } } } },
    };
    const named = { tools: ["workflow:fact-check"] };
    expect((await publish(user, instance.id, named)).status).toBe(400);
    const operator = await createUser(clientId, { role: "admin" });
    await makeWorkflow(operator, "fact-check", plan);
    await bodyOf(await publish(user, instance.id, named), 200);
    const { conversation } = await begin(user, instance.id, {
      message: "About tea: call `workflow_fact-check`",
    });
    await work(clientId, conversation.id, { key: "m0" });
    await expect
      .poll(async () => (await work(clientId, conversation.id, { key: "m1" })).view?.status)
      .toBe("completed");
    expect(await newest(user, conversation.id)).toMatchObject({
      parts: [
        { type: "tool_call", name: "workflow_fact-check" },
        { type: "tool_result", is_error: false },
        { type: "text" },
      ],
    });
  });

  it.each([
    ["a tool that there is not", { tools: ["fly"] }],
    ["a tool twice", { tools: ["web_search", "web_search"] }],
    ["the handover where it hands nothing over", { tools: ["handover_to_human"] }],
    ["a trigger of no words", { handover: { enabled: true, triggers: { words: [" "] } } }],
  ])("is not published with %s", async (_, chat) => {
    const { user, instance } = await withPersona(clientId);
    expect((await publish(user, instance.id, chat)).status).toBe(400);
  });
});

describe("A persona that hands over to people", () => {
  it("does so by its tool: what it has said is its answer, and the conversation waits for a person", async () => {
    const { user, instance } = await withTools(["handover_to_human"], { handover: true });
    const { conversation } = await begin(user, instance.id, { message: "Help: call `handover_to_human`" });
    const { view } = await work(clientId, conversation.id, { key: "m0" });
    await expect
      .poll(async () => (await work(clientId, conversation.id, { key: "m1" })).view?.status)
      .toBe("completed");
    expect(view).toBeDefined();
    expect(await conversationOf(user, conversation.id)).toMatchObject({
      holder: "queue",
      status: "waiting",
      holder_epoch: 2,
    });
    const object = conversationAt({ clientId, id: conversation.id });
    expect(valueOrThrow(await object.listTurns(10))).toMatchObject([{ status: "done" }]);
    const { messages } = valueOrThrow(await object.listMessages({ limit: 10, branch: "active" }));
    expect(messages.map(({ role, status }) => [role, status])).toEqual([
      ["user", "complete"],
      ["assistant", "complete"],
      ["system", "complete"],
    ]);
    expect(messages[1]?.parts).toMatchObject([
      { type: "tool_call", name: "handover_to_human" },
      { type: "tool_result", output: '{"handed_over":true}', is_error: false },
    ]);
    expect(await toolNews(conversation.id)).toEqual([
      ["handover_to_human", "running"],
      ["handover_to_human", "done"],
    ]);
    // Whoever holds it now answers; the persona is silent.
    expect((await said(user, conversation.id, "Hello?")).turn).toBeNull();
  });

  it("does so when somebody says one of its words, before anything is answered", async () => {
    const triggers = { words: ["real person"] };
    const { user, instance } = await withTools([], { handover: { enabled: true, triggers } });
    const { conversation } = await begin(user, instance.id);
    const { turn } = await said(user, conversation.id, "I want a REAL  person!");
    expect(turn).toBeNull();
    expect(await conversationOf(user, conversation.id)).toMatchObject({ holder: "queue", status: "waiting" });
  });

  it("does so after two answers in a row that failed, when somebody still writes", async () => {
    const triggers = { unhelpful_turns: true };
    const { user, instance } = await withTools([], { handover: { enabled: true, triggers } });
    const { conversation } = await begin(user, instance.id);
    for (const number of [1, 2]) {
      expect((await said(user, conversation.id, `Tea ${number} #refusal`)).turn).not.toBeNull();
      await work(clientId, conversation.id, { key: "main" });
      await expect.poll(async () => (await newest(user, conversation.id)).status).toBe("failed");
    }
    expect((await said(user, conversation.id, "Hello?")).turn).toBeNull();
    expect(await conversationOf(user, conversation.id)).toMatchObject({ holder: "queue" });
  });
});
