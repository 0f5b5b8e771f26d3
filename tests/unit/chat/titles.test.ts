import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { titleTopic } from "#src/objects/title-contract.ts";
import { call, send } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import {
  answer,
  begin,
  conversationsOf,
  publish,
  said,
  tellLists,
  withPersona,
} from "../../support/chats.ts";
import { closing, conversationAt, objectAt } from "../../support/conversations.ts";
import { tenantObjectOfRun } from "../../support/objects.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { deliver, sandboxBinding } from "../../support/tasks.ts";
import type { TestUser } from "../../support/users.ts";

const clientId = "chat_titles";
const question = "Which tea keeps me awake? I have tried two";

beforeEach(closeBreakers);

/** Somebody with a first answer of a persona that is published so. */
async function answered(chat: object = { auto_title: true }, more: { title?: string } = {}) {
  const { user, instance } = await withPersona(clientId);
  await bodyOf(await publish(user, instance.id, { ...chat }), 200);
  const { conversation } = await begin(user, instance.id, { message: question, ...more });
  await answer(clientId, conversation.id);
  return { user, id: conversation.id };
}

/** Who gives it a title: an id while somebody does, nothing once that is settled. */
const titling = (id: string) =>
  runInDurableObject(
    objectAt({ clientId, id }),
    (_, { storage }) =>
      storage.sql.exec<{ titling: string | null }>("SELECT titling FROM conversation").one().titling,
  );

/** Has the run that the conversation has begun carried out by the agents Worker and the sandbox. */
async function entitled(id: string) {
  const titleId = present(await titling(id));
  const run = await runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), async (_, { storage }) => {
    for (;;) {
      const [row] = storage.sql
        .exec<{ run_id: string }>("SELECT run_id FROM idempotency WHERE body_digest = ?", titleId)
        .toArray();
      if (row) return row.run_id;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
  const envelope = {
    ...{ topic: titleTopic, task_id: `${run}.answer.main`, correlation_id: run, causation_id: "c" },
    ...{ request_id: "r", client_id: clientId, user_id: "u", priority: "low", fuel_reserved: 1, attempt: 1 },
    deadline: Date.now() + 60_000,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  };
  const asked = sandboxBinding();
  await deliver("agents", [envelope], asked);
  const view = valueOrThrow(await tenantObjectOfRun(clientId, run).getRun(run, "tenant"));
  return { asked: asked.bodies.join("\n"), calls: asked.bodies.length, view };
}

const titleOf = async (user: TestUser, id: string) =>
  (
    await bodyOf<{ title: string | null }>(
      await call(`/api/v1/conversations/${id}`, { headers: user.headers }),
      200,
    )
  ).title;

const change = async (user: TestUser, id: string, body: object) =>
  bodyOf(await send("PATCH", `/api/v1/conversations/${id}`, body, user.headers), 200);

describe("A conversation that nobody has named", () => {
  it("gets a title after its first answer, once, under the fuel of the persona's owner; who listens and lists are told", async () => {
    const { user, id } = await answered();
    const { asked, view } = await entitled(id);
    expect(view).toMatchObject({ status: "completed", data: { answer: { accepted: true } } });
    expect(view.fuel.spent).toBeGreaterThan(0);
    expect(asked).toMatch(/<data name=\\"question\\">/);
    expect(await titleOf(user, id)).toBe("Which tea keeps me awake");
    const { entries } = valueOrThrow(await conversationAt({ clientId, id }).readLog(0, 100));
    expect(entries.at(-1)).toMatchObject({
      event: "conversation.updated",
      data: { title: "Which tea keeps me awake" },
    });
    await tellLists(clientId, id);
    expect((await conversationsOf(user)).conversations[0]?.title).toBe("Which tea keeps me awake");
    await said(user, id, "And which does not?");
    await answer(clientId, id);
    expect(await titling(id)).toBe("");
  });

  it.each([
    ["by a name", { title: "Tea" }, "Tea"],
    ["by saying that there is none", { title: null }, null],
  ])("is its owner's to name, also while it is being named: %s", async (_, body, title) => {
    const { user, id } = await answered();
    const titleId = present(await titling(id));
    await change(user, id, body);
    const late = await conversationAt({ clientId, id }).closeTitle({ titleId, title: "Something else" });
    expect(late).toMatchObject({ ok: false, code: "ENDED" });
    expect(await conversationAt({ clientId, id }).titleContext(titleId)).toMatchObject({ ok: false });
    expect(await titleOf(user, id)).toBe(title);
    await said(user, id, "And which does not?");
    await answer(clientId, id);
    expect([await titling(id), await titleOf(user, id)]).toEqual(["", title]);
  });

  it("has none where none can be made, and nobody tries again", async () => {
    const { user, instance } = await withPersona(clientId);
    await bodyOf(await publish(user, instance.id, { auto_title: true }), 200);
    const { conversation, turn } = await begin(user, instance.id, { message: question });
    const { id } = conversation;
    // It fails for the words of the answer that it reads.
    await conversationAt({ clientId, id }).closeTurn(
      closing({ turnId: present(turn).id, epoch: 1 }, "Black tea #refusal"),
    );
    const before = await titling(id);
    const { view } = await entitled(id);
    expect(view.status).toBe("failed");
    await said(user, id, "And which does not?");
    await answer(clientId, id);
    expect([await titling(id), await titleOf(user, id)]).toEqual([before, null]);
  });
});

it.each([
  ["that was named when it was begun", { auto_title: true }, { title: "Tea" }],
  ["whose persona gives no titles", {}, {}],
] as const)("A conversation %s is not named", async (_, chat, more) => {
  const { user, id } = await answered(chat, more);
  expect([await titling(id), await titleOf(user, id)]).toEqual([null, "title" in more ? more.title : null]);
});
