import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { chatTurnAction, chatTurnTopic } from "#src/objects/turn-contract.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { begin, newest, withPersona } from "../../support/chats.ts";
import { conversationAt } from "../../support/conversations.ts";
import { present } from "../../support/personas.ts";
import { plan } from "../../support/plans.ts";
import { deliver, sandboxBinding, startedTask } from "../../support/tasks.ts";

const clientId = "chat_tools";

const sentSchema = z.looseObject({
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
  messages: z.array(z.object({ role: z.string() })),
});

/** A turn whose run has tools, and what carries out its tasks. */
async function turnWith(message: string, step: object = {}) {
  const { user, instance } = await withPersona(clientId);
  const { conversation } = await begin(user, instance.id, { message });
  const { id } = conversation;
  const turn = present(valueOrThrow(await conversationAt({ clientId, id }).listTurns(1))[0]);
  const answering = plan("answer", {
    answer: { action: chatTurnAction, topic: chatTurnTopic, tools: ["web_search", "remember"], ...step },
  });
  const input = { conversation_id: id, turn_id: turn.id, epoch: turn.epoch };
  const run = await startedTask(clientId, answering, {}, { input, userId: user.actor.userId });
  const asked = sandboxBinding();
  return {
    view: run.view,
    newest: () => newest(user, id),
    work: (worker: "agents" | "adapters", key: string) =>
      deliver(worker, [run.envelope("answer", key)], asked),
    sent: () =>
      asked.bodies.flatMap((body, index) =>
        asked.calls[index]?.endsWith("/messages") ? [sentSchema.parse(JSON.parse(body))] : [],
      ),
  };
}

beforeEach(closeBreakers);

describe("A turn with tools", () => {
  it("is answered when its calls are over, with all that was said and done in its rounds", async () => {
    const turn = await turnWith("Tell me about tea: call `web_search`");
    await turn.work("agents", "m0");
    expect(await turn.newest()).toMatchObject({ status: "pending" });
    await turn.work("adapters", "t0.0");
    await turn.work("agents", "m1");
    expect(await turn.view()).toMatchObject({
      status: "completed",
      data: { answer: { turns: 2, tool_calls: 1, text_length: expect.any(Number) } },
    });
    const answer = await turn.newest();
    expect(answer).toMatchObject({
      status: "complete",
      parts: [
        { type: "tool_call", name: "web_search", input: { query: "tea" } },
        { type: "tool_result", output: expect.stringContaining("results"), is_error: false },
        { type: "text", text: answer.content },
      ],
    });
    expect(answer.content).toContain("Worth reading on it");
    const last = turn.sent()[1]?.messages.map(({ role }) => role);
    expect(last).toEqual(["user", "assistant", "user"]);
  });

  it("answers in the end whatever its model still asks for: eight rounds with tools, then one without", async () => {
    const words = Array.from({ length: 9 }, () => "call `none`").join(", then ");
    const turn = await turnWith(`Tell me about tea: ${words}`);
    await turn.work("agents", "m0");
    for (let key = 1; (await turn.view()).status === "running"; key++) await turn.work("agents", `m${key}`);
    expect(await turn.view()).toMatchObject({ status: "completed", data: { answer: { turns: 9 } } });
    expect(await turn.newest()).toMatchObject({ status: "complete" });
  });
});
