import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { tiers } from "#src/kernel/actor.ts";
import { makeTemplate } from "../../support/personas.ts";
import { createUser, createUserWithSession } from "../../support/users.ts";

const dayMs = 86_400_000;
const clientId = "row_counts";
let templateId: string;
let ownerId: string;
beforeAll(async () => {
  templateId = (await makeTemplate(clientId)).id;
  ownerId = (await createUser(clientId)).actor.userId;
});

const counted = async (sql: string) => {
  const { results } = await env.DB.prepare(sql).all<{ key: string; count: number }>();
  return Object.fromEntries(results.flatMap(({ key, count }) => (count === 0 ? [] : [[key, count]])));
};

/** The rows of all tables counted again, by the names and keys that their counts have. */
const recounts: Readonly<Record<string, string>> = {
  clients: "SELECT '' AS key, count(*) AS count FROM clients",
  "users.of_client": `SELECT whose.value || '/' || subscription_tier AS key, count(*) AS count
    FROM users, json_each(json_array(client_id, '')) AS whose WHERE deleted_at IS NULL GROUP BY 1`,
  "users.active": `SELECT printf('%05d', last_active_day) AS key, count(*) AS count FROM users
    WHERE deleted_at IS NULL AND last_active_day IS NOT NULL GROUP BY 1`,
  instances: "SELECT '' AS key, count(*) AS count FROM persona_instances WHERE deleted_at IS NULL",
};

type Step = [statement: string, ...values: (string | number)[]];
const id = fc.nat(4).map((number) => `row_counts ${number}`);
const tier = fc.constantFrom(...tiers);
const time = fc.integer({ min: 0, max: 9 * dayMs });

/** What happens to accounts, their sessions, tenants and personas. */
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(id, tier, time).map(
    ([id, tier, at]): Step => [
      `INSERT OR IGNORE INTO users (id, email, password_hash, client_id, subscription_tier, created_at, updated_at)
     VALUES (?1, ?1, '', '${clientId}', ?2, ?3, ?3)`,
      id,
      tier,
      at,
    ],
  ),
  fc
    .tuple(tier, id)
    .map(([tier, id]): Step => ["UPDATE users SET subscription_tier = ? WHERE id = ?", tier, id]),
  id.map((id): Step => ["UPDATE users SET deleted_at = 1, email = 'gone ' || id WHERE id = ?", id]),
  id.map((id): Step => ["UPDATE users SET deleted_at = NULL WHERE id = ?", id]),
  id.map(
    (id): Step => [
      "DELETE FROM users WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM sessions WHERE user_id = ?1)",
      id,
    ],
  ),
  fc.tuple(id, id, time).map(
    ([session, user, at]): Step => [
      `INSERT OR IGNORE INTO sessions (id, user_id, created_at, last_used_at, expires_at, ip, user_agent, generation,
       refresh_hash, refresh_expires_at, rotated_at)
     SELECT ?1, id, ?3, ?3, ?3, '', '', 1, ?1, ?3, ?3 FROM users WHERE id = ?2`,
      session,
      user,
      at,
    ],
  ),
  fc.tuple(time, id).map(([at, id]): Step => ["UPDATE sessions SET last_used_at = ? WHERE id = ?", at, id]),
  id.map(
    (id): Step => [
      "INSERT OR IGNORE INTO clients (id, display_name, settings, created_at, updated_at) VALUES (?1, ?1, '{}', 0, 0)",
      id,
    ],
  ),
  id.map((id): Step => ["DELETE FROM clients WHERE id = ?", id]),
  id.map(
    (id): Step => [
      `INSERT OR IGNORE INTO persona_instances (id, client_id, owner_user_id, template_id, template_version, name, config,
       created_at, updated_at) VALUES (?1, '${clientId}', ?2, ?3, 1, ?1, '{}', 0, 0)`,
      id,
      "owner",
      "template",
    ],
  ),
  fc
    .tuple(fc.option(fc.constant(1), { nil: 0 }), id)
    .map(
      ([deleted, id]): Step => [
        "UPDATE persona_instances SET deleted_at = nullif(?, 0) WHERE id = ?",
        deleted,
        id,
      ],
    ),
  id.map((id): Step => ["DELETE FROM persona_instances WHERE id = ?", id]),
);

const given = (value: string | number) =>
  value === "owner" ? ownerId : value === "template" ? templateId : value;

it("Counts that are kept are what a recount finds, whatever happens to the rows", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      await env.DB.batch(steps.map(([sql, ...values]) => env.DB.prepare(sql).bind(...values.map(given))));
      for (const [name, sql] of Object.entries(recounts))
        expect(await counted(`SELECT key, count FROM row_counts WHERE name = '${name}'`), name).toEqual(
          await counted(sql),
        );
    }),
    { numRuns: 40 },
  );
});

it("The last day on which an account was signed in is that of the session that was used last", async () => {
  const { actor } = await createUserWithSession(clientId);
  const dayOf = async () =>
    (await env.DB.prepare("SELECT last_active_day AS day FROM users WHERE id = ?").bind(actor.userId).first())
      ?.day;
  const use = (at: number) =>
    env.DB.prepare("UPDATE sessions SET last_used_at = ? WHERE id = ?").bind(at, actor.sessionId).run();
  expect(await dayOf()).toBe(Math.floor(Date.now() / dayMs));
  await use(50_000 * dayMs);
  expect(await dayOf()).toBe(50_000);
  await use(3);
  expect(await dayOf()).toBe(50_000);
});
