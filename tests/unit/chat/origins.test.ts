import { createExecutionContext, runInDurableObject, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import gateway from "#workers/gateway/index.ts";
import { tellLists, withPersona } from "../../support/chats.ts";
import { objectAt } from "../../support/conversations.ts";
import { bodyOf } from "../../support/personas.ts";

const clientId = "chat_origins";

/** A call from somewhere. */
async function callFrom(cf: { country: string }, path: string, headers: HeadersInit, body: object) {
  const ctx = createExecutionContext();
  const request = new Request(`http://platform.test/api/v1${path}`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", "accept-language": "de-AT,de;q=0.8" },
    body: JSON.stringify(body),
    cf,
  });
  const answer = await gateway.fetch(request, env, ctx);
  await waitOnExecutionContext(ctx);
  return bodyOf<{ conversation: { id: string } }>(answer, 201);
}

const counted = async (dimension: string) => {
  const { results } = await env.DB.prepare(
    "SELECT metric, name, n FROM rollup_days WHERE client_id = ? AND dimension = ? ORDER BY 1",
  )
    .bind(clientId, dimension)
    .all();
  return results;
};

it("What somebody begins and writes is counted by where it comes from, and that is forgotten then", async () => {
  const { user, instance } = await withPersona(clientId);
  const given = { instance_id: instance.id, message: "Tee?" };
  const { conversation } = await callFrom({ country: "AT" }, "/conversations", user.headers, given);
  const { id } = conversation;
  // Who hides where they are is nowhere.
  const message = { client_message_id: "2", content: "Und Kuchen?" };
  await callFrom({ country: "T1" }, `/conversations/${id}/messages`, user.headers, message);
  for (let times = 0; times < 2; times++) await tellLists(clientId, id);
  expect(await counted("country")).toEqual([
    { metric: "conversations.started", name: "AT", n: 1 },
    { metric: "messages.sent", name: "AT", n: 1 },
  ]);
  expect(await counted("language")).toEqual([
    { metric: "conversations.started", name: "de", n: 1 },
    { metric: "messages.sent", name: "de", n: 2 },
  ]);
  await expect
    .poll(() =>
      runInDurableObject(objectAt({ clientId, id }), (_, { storage }) => [
        storage.sql.exec("SELECT * FROM origins").toArray(),
        JSON.stringify(storage.sql.exec("SELECT * FROM conversation").toArray()).includes("AT"),
      ]),
    )
    .toEqual([[], false]);
});
