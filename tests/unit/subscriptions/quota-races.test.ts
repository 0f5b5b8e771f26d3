import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { execute, makeInstance, makeTemplate } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "quota_races";
const quota = 3;
const template = () => makeTemplate(clientId);

const setQuotas = (personas: number, projects: number, content: number) =>
  env.DB.prepare(
    "UPDATE subscription_tiers SET max_personas = ?, max_projects = ?, max_content = ? WHERE name = 'basic'",
  )
    .bind(personas, projects, content)
    .run();

beforeAll(() => setQuotas(quota, quota, quota));
// Other files share the database.
afterAll(() => setQuotas(5, 10, 100));

/** Prepares a user's twelve creations; what is returned makes the nth. */
const resources: Record<string, (user: TestUser) => Promise<(n: number) => Promise<Response>>> = {
  projects: async (user) => (n) => send("POST", "/api/v1/projects", { name: `Project ${n}` }, user.headers),
  personas: async (user) => {
    const { id: template_id } = await template();
    return (n) =>
      send("POST", "/api/v1/personas/instances", { template_id, name: `Persona ${n}` }, user.headers);
  },
  content: async (user) => {
    const { id } = await makeInstance(user);
    return () => execute(user, id);
  },
};

describe("Twelve at once against a quota of three are exactly three", () => {
  it.each(Object.keys(resources))("%s", async (resource) => {
    const user = await createUser(clientId, { tier: "basic" });
    const create = await resources[resource]?.(user);
    if (!create) throw new Error("no such resource");
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => create(n)));
    const made = answers.filter(({ ok }) => ok);
    const refused = answers.filter(({ status }) => status === 403);
    expect([made.length, refused.length]).toEqual([quota, 12 - quota]);
    for (const answer of refused) {
      expect(await answer.json()).toMatchObject({ error: "QUOTA_EXCEEDED", details: { resource } });
    }
    expect((await create(99)).status).toBe(403);
  });
});
