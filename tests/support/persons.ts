import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Purpose } from "#src/kernel/personalisation-words.ts";
import { purposes } from "#src/kernel/personalisation-words.ts";
import { api } from "./api.ts";
import { createUser } from "./users.ts";

/** Somebody who has agreed to some purposes, with their API. */
export async function personOf(clientId: string, agreed: readonly Purpose[] = purposes) {
  const user = await createUser(clientId);
  const person = api(user.token);
  const said = Object.fromEntries(agreed.map((purpose) => [purpose, true]));
  await person.PUT("/api/v1/user/consents", { body: said });
  return { ...user, ...person, id: user.actor.userId, path: { user_id: user.actor.userId } };
}

/** Bodies of parts of a profile. */
export const parts = {
  page: {
    url: "https://ada:pw@shop.example/tea?q=green&token=1",
    action: "view",
    at: "2026-11-01T10:00:00Z",
  },
  place: { country: "AT", time_zone: "Europe/Vienna", latitude: 48.2082, source: "declared" as const },
  liking: { language: "en", topics: ["tea"] },
};

/** Everything that a tenant's object has stored, as text. */
export const storedOf = (clientId: string, without: readonly string[] = []): Promise<string> =>
  runInDurableObject(env.TENANT_PERSONALISATION.getByName(clientId), (_, { storage: { sql } }) => {
    const tables = sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'",
      )
      .toArray()
      .filter(({ name }) => !without.includes(name));
    return JSON.stringify(tables.map(({ name }) => [name, sql.exec(`SELECT * FROM "${name}"`).toArray()]));
  });
