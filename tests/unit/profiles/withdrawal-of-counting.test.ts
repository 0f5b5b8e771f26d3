import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { countEvents } from "#src/analytics/counting/count-events.ts";
import { database } from "#src/db/client.ts";
import { send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";

const clientId = "withdrawn_counting";
const tables = [
  "counted_events",
  "active_persons",
  "cohort_members",
  "funnel_progress",
  "analytics_consents",
];

it("A no to analytics takes everything under the person's id away before it is answered; sums stay", async () => {
  const { actor, headers } = await createUser(clientId);
  const person = actor.userId;
  const say = async (analytics: boolean) =>
    bodyOf(await send("PUT", "/api/v1/user/consents", { analytics }, headers), 200);
  const count = (id: string) =>
    countEvents(
      database(env.DB),
      [{ id, clientId, at: Date.now(), metric: "messages.sent", by: {}, value: 1, person, account: null }],
      Date.now(),
    );
  const standing = async () => {
    const found: string[] = [];
    for (const table of tables) {
      const row = await env.DB.prepare(`SELECT 1 FROM ${table} WHERE person = ?`).bind(person).first();
      if (row) found.push(table);
    }
    return found;
  };
  await say(true);
  await count(`${clientId} 1`);
  expect(await standing()).toEqual([
    "counted_events",
    "active_persons",
    "cohort_members",
    "analytics_consents",
  ]);
  await say(false);
  expect(await standing()).toEqual([]);
  await count(`${clientId} 2`);
  expect(await standing()).toEqual([]);
  const sum = await env.DB.prepare(
    "SELECT sum(n) AS n FROM rollup_days WHERE client_id = ? AND metric = 'messages.sent' AND dimension = ''",
  )
    .bind(clientId)
    .first();
  expect(sum).toEqual({ n: 2 });
});
