import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { send } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { answer, begin, newest, said, withPersona } from "../../support/chats.ts";
import { closing, conversationAt, unhurried } from "../../support/conversations.ts";
import { tenantObjectOfRun } from "../../support/objects.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { deliver, sandboxBinding } from "../../support/tasks.ts";
import type { TestUser } from "../../support/users.ts";

const clientId = "chat_compaction";

/** A conversation in which some people's words have been answered, as its persona's agents would. */
async function conversationOf(words: readonly string[], more: Record<string, unknown> = {}) {
  unhurried();
  const { user, instance } = await withPersona(clientId, more);
  const { conversation } = await begin(user, instance.id);
  const object = conversationAt({ clientId, id: conversation.id });
  for (const content of words) {
    const { turn } = await said(user, conversation.id, content);
    await object.closeTurn(closing({ turnId: present(turn).id, epoch: 1 }, `To ${content}`));
  }
  return { user, id: conversation.id, object };
}

const compact = async (user: TestUser, id: string) =>
  bodyOf<{ compaction_id: string | null }>(
    await send("POST", `/api/v1/conversations/${id}/compact`, undefined, user.headers),
    202,
  );

/** The run of a summary, when it has begun. */
const runOfSummary = (compactionId: string): Promise<string> =>
  runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), async (_, { storage }) => {
    for (;;) {
      const [row] = storage.sql
        .exec<{ run_id: string }>("SELECT run_id FROM idempotency WHERE body_digest = ?", compactionId)
        .toArray();
      if (row) return row.run_id;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

/** Has a summary made by the agents Worker and the sandbox. */
async function summarise(compactionId: string) {
  const run = await runOfSummary(compactionId);
  const asked = sandboxBinding();
  const envelope = {
    topic: "any",
    task_id: `${run}.answer.main`,
    correlation_id: run,
    causation_id: "c",
    request_id: "r",
    client_id: clientId,
    user_id: "u",
    priority: "normal",
    fuel_reserved: 1,
    attempt: 1,
    deadline: Date.now() + 60_000,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  };
  await deliver("agents", [envelope], asked);
  return { asked, view: valueOrThrow(await tenantObjectOfRun(clientId, run).getRun(run, "tenant")) };
}

/** What a model is asked for the next turn. */
async function nextPrompt(user: TestUser, id: string, content = "And now?") {
  await said(user, id, content);
  const asked = sandboxBinding();
  const { view } = await answer(clientId, id, asked);
  const bodies = asked.bodies.filter((_, index) => asked.calls[index]?.endsWith("/messages"));
  return { view, bodies, counts: asked.calls.filter((path) => path.endsWith("/count_tokens")).length };
}

const topics = Array.from({ length: 10 }, (_, index) => `Tell me about tea number ${index}.`);

beforeEach(closeBreakers);

describe("A long conversation", () => {
  it("is summarised when its owner asks, by a run under fuel; the next answer is told the summary as data", async () => {
    const { user, id } = await conversationOf(topics);
    const { compaction_id } = await compact(user, id);
    const { asked, view } = await summarise(present(compaction_id));
    expect(view).toMatchObject({ status: "completed", fuel: { spent: 10 }, data: { answer: {} } });
    expect(JSON.stringify(view)).not.toContain("tea number");
    expect(asked.bodies.join()).toContain("tea number 2");
    expect((await compact(user, id)).compaction_id).toBeNull();
    const { bodies } = await nextPrompt(user, id);
    const body: unknown = JSON.parse(present(bodies[0]));
    expect(body).toMatchObject({
      system: [{ text: expect.not.stringContaining("summary") }],
      messages: expect.arrayContaining([
        {
          role: "user",
          content: [
            { type: "text", text: expect.stringMatching(/^<data name="summary">/) },
            { type: "text", text: topics[0] },
            { type: "text", text: topics[4] },
          ],
        },
      ]),
    });
    expect(bodies.join()).not.toContain("tea number 1.");
    expect(bodies.join()).toContain("tea number 9.");
  });

  it("loses nothing when a summary fails: the next answer is told what it would have been told", async () => {
    // It fails for the words of one of the messages that it reads.
    const { user, id } = await conversationOf(["About tea #refusal", ...topics]);
    const { view } = await summarise(present((await compact(user, id)).compaction_id));
    expect(view.status).toBe("failed");
    const { view: answered, bodies } = await nextPrompt(user, id);
    expect(answered?.status).toBe("completed");
    for (const topic of topics) expect(bodies.join()).toContain(topic);
  });

  it("is asked once more with less of it when the provider finds it too long", async () => {
    const { user, id } = await conversationOf(
      Array.from({ length: 9 }, (_, index) => `Tea ${index} ${"leaf ".repeat(6400)}`),
    );
    const { view, bodies } = await nextPrompt(user, id, `About tea #window=100000`);
    expect(view?.status).toBe("completed");
    expect(bodies).toHaveLength(2);
    expect(present(bodies[1]).length).toBeLessThan(present(bodies[0]).length);
    expect(bodies[1]).toContain("earlier messages are left out");
    expect((await newest(user, id)).status).toBe("complete");
  });

  it("is counted by the provider where it nearly fills the window, and made smaller where that finds more than we do", async () => {
    const { user, id, object } = await conversationOf(
      Array.from({ length: 13 }, (_, index) => `Tea ${index} ${"leaf ".repeat(6400)}`),
    );
    const { turn } = await said(user, id, "Tea?");
    const closed = closing({ turnId: present(turn).id, epoch: 1 }, "Yes.");
    // As if a byte were next to nothing: our estimate is far below what the provider counts.
    await object.closeTurn({ ...closed, reading: { tokens: 1, bytes: 1000, window: 200_000 } });
    const { view, bodies, counts } = await nextPrompt(user, id, "About tea");
    expect(view?.status).toBe("completed");
    expect([counts, bodies.length]).toEqual([1, 1]);
    expect(present(bodies[0]).length / 4).toBeLessThan(180_000);
    const short = await conversationOf([]);
    expect((await nextPrompt(short.user, short.id, "About tea")).counts).toBe(0);
  });

  it("fails with CONTEXT_TOO_LARGE where less of it is too long as well", async () => {
    const { user, id } = await conversationOf([]);
    const { view, bodies } = await nextPrompt(user, id, "About tea #window=10");
    expect(view?.status).toBe("failed");
    expect(bodies).toHaveLength(2);
    await expect
      .poll(async () => newest(user, id))
      .toMatchObject({ status: "failed", error: "CONTEXT_TOO_LARGE" });
  });
});

describe("What answers read again", () => {
  it("is kept at the provider, told with the answer, and costs less", async () => {
    const { user, id } = await conversationOf(topics);
    const { view, bodies } = await nextPrompt(user, id);
    const body = JSON.parse(present(bodies[0]));
    expect(body.system).toMatchObject([{ cache_control: { type: "ephemeral" } }]);
    expect(body.messages.at(-2)).toMatchObject({ content: [{ cache_control: { type: "ephemeral" } }] });
    expect(JSON.stringify(body.messages.at(-1))).not.toContain("cache_control");
    const { usage } = await newest(user, id);
    expect(usage?.cached_tokens).toBeGreaterThan(100);
    expect(usage?.input_tokens).toBeGreaterThan(usage?.cached_tokens ?? 0);
    expect(view?.status).toBe("completed");
  });
});
