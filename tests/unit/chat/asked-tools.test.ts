import { beforeEach, describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { begin, newest, publish, runOf, withPersona, work } from "../../support/chats.ts";
import { bodyOf } from "../../support/personas.ts";
import { sandboxBinding } from "../../support/tasks.ts";
import { createUser } from "../../support/users.ts";

const clientId = "chat_asked_tools";

/** Somebody asks a persona for what its owner is to be asked about first. */
async function asking() {
  const tool_policy = [{ tool: "web_search", verdict: "ask" }];
  const { user: owner, instance } = await withPersona(clientId, { tool_policy });
  await bodyOf(await publish(owner, instance.id, { tools: ["web_search"], audience: "tenant" }), 200);
  const person = await createUser(clientId);
  const { conversation } = await begin(person, instance.id, {
    message: "Tell me about tea: call `web_search`",
  });
  const { id } = conversation;
  await work(clientId, id, { key: "m0" });
  const run = await runOf(clientId, id);
  const path = `/api/v1/personas/runs/${run}`;
  const asked = sandboxBinding();
  return {
    id,
    person,
    view: async () =>
      bodyOf<{ status: string; waiting: unknown }>(await call(path, { headers: owner.headers }), 200),
    decide: (body: object, by = owner) => send("POST", `${path}/resume`, body, by.headers),
    work: (key: string, worker: "agents" | "adapters" = "agents") =>
      work(clientId, id, { key, worker, asked }),
    told: () => asked.bodies.join("\n"),
  };
}

beforeEach(closeBreakers);

describe("A tool that a persona's policy asks about, in a conversation", () => {
  it("waits for the persona's owner, with its arguments, while the answer is not there yet", async () => {
    const { view, person, id, decide } = await asking();
    expect(await view()).toMatchObject({
      status: "paused",
      waiting: [{ step: "answer.t0.0", review: { tool: "web_search", input: { query: "tea" } } }],
    });
    expect(await newest(person, id)).toMatchObject({ role: "assistant", status: "pending" });
    // It is not for whoever asks to allow it.
    expect((await decide({ approved: true, step: "answer.t0.0" }, person)).status).toBe(404);
  });

  it("is used once it is allowed, and the answer goes on", async () => {
    const { decide, work, person, id } = await asking();
    await bodyOf(await decide({ approved: true, step: "answer.t0.0" }), 200);
    await work("t0.0", "adapters");
    await work("m1");
    expect(await newest(person, id)).toMatchObject({
      status: "complete",
      parts: [{ type: "tool_call" }, { type: "tool_result", is_error: false }, { type: "text" }],
    });
  });

  it("is told to the model as refused, with the reason, where it is not allowed", async () => {
    const { decide, work, person, id, told } = await asking();
    const refused = { approved: false, step: "answer.t0.0", feedback: "Not about tea" };
    await bodyOf(await decide(refused), 200);
    await work("m1");
    expect(told()).toContain("Not about tea");
    expect(await newest(person, id)).toMatchObject({
      status: "complete",
      parts: [{ type: "tool_call" }, { type: "tool_result", is_error: true }, { type: "text" }],
    });
  });

  it("is asked about no more once the answer is stopped", async () => {
    const { decide, person, id, view } = await asking();
    await bodyOf(await send("POST", `/api/v1/conversations/${id}/stop`, undefined, person.headers), 200);
    expect(await newest(person, id)).toMatchObject({ status: "stopped" });
    await expect.poll(async () => (await view()).status).toBe("cancelled");
    expect((await decide({ approved: true, step: "answer.t0.0" })).status).toBe(409);
  });
});
