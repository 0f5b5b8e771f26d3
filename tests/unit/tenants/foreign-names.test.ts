import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { beforeAll, describe, expect, it } from "vitest";
import { activeAgents, activeAgentsOfAll } from "#src/agent-definitions/agent-definition-repository.ts";
import { database } from "#src/db/client.ts";
import { agentDefinitions } from "#src/db/schema/index.ts";
import { send } from "../../support/api.ts";
import { copywriter, get, makeTemplate } from "../../support/personas.ts";
import { type TenantWorld, tenantWorld } from "../../support/tenant-world.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const away = "foreign_away";
let home: TenantWorld;
let template: string;
let callers: Record<string, TestUser>;

beforeAll(async () => {
  home = await tenantWorld("foreign_home");
  template = (await makeTemplate(away)).id;
  callers = {
    "an administrator": await createUser(away, { role: "admin" }),
    "a moderator with *": await createUser(away, { role: "moderator", permissions: ["*"] }),
    "a user with *": await createUser(away, { permissions: ["*"] }),
    "a user with all administrative permissions": await createUser(away, {
      permissions: ["admin.users", "admin.subscriptions", "admin.system", "users.read"],
    }),
    "a user": await createUser(away),
  };
});

/** What another tenant's is named by where no path says it: in bodies and in queries. */
const namings: [string, () => [method: string, path: string, body?: unknown]][] = [
  ["template_id", () => ["POST", "/personas/instances", { template_id: home.ids.template_id, name: "x" }]],
  [
    "project_id",
    () => [
      "POST",
      "/personas/instances",
      { template_id: template, name: "x", project_id: home.ids.project_id },
    ],
  ],
  [
    "user_id of a subscription",
    () => ["POST", "/admin/subscriptions", { user_id: home.owner.userId, tier: "free" }],
  ],
  ["client_id of users", () => ["GET", `/admin/users?client_id=${home.clientId}`]],
  ["client_id of agents", () => ["GET", `/admin/agents?client_id=${home.clientId}`]],
  ["client_id of runs", () => ["GET", `/admin/workflows/runs?client_id=${home.clientId}`]],
  [
    "client_id of a run",
    () => ["GET", `/admin/workflows/runs/${home.ids.correlation_id}?client_id=${home.clientId}`],
  ],
  [
    "client_id of an export",
    () => ["POST", "/admin/users/export", { format: "json", filters: { client_id: home.clientId } }],
  ],
  ["the name of an agent", () => ["GET", `/admin/agent-definitions/of_${home.clientId}`]],
  ["the name of a workflow", () => ["GET", `/admin/workflows/of_${home.clientId}`]],
  [
    "the name of a workflow in a template",
    () => [
      "POST",
      "/templates",
      { ...copywriter, config: { ...copywriter.config, workflow: `of_${home.clientId}` } },
    ],
  ],
  ["a new tenant", () => ["POST", "/admin/clients", { client_id: "foreign_new", display_name: "x" }]],
];

describe("Another tenant's", () => {
  it.each(namings)("%s opens nothing to anybody", async (_, naming) => {
    const [method, path, body] = naming();
    for (const [name, user] of Object.entries(callers)) {
      const answer =
        method === "GET"
          ? await get(`/api/v1${path}`, user)
          : await send(method, `/api/v1${path}`, body, user.headers);
      const text = await answer.text();
      // A plan that names what is not there is 400.
      expect([400, 403, 404], `${name}: ${answer.status} ${text}`).toContain(answer.status);
      expect(text).not.toContain(home.owner.userId);
    }
  });

  it("accounts are not found by a bulk operation", async () => {
    const admin = callers["an administrator"];
    const body = { user_ids: [home.owner.userId], operation: "delete", reason: "x" };
    const answer = await send("POST", "/api/v1/admin/users/bulk", body, admin?.headers);
    expect(await answer.json()).toMatchObject({ succeeded: 0, failed: 1 });
  });

  it("agent definitions, however many, displace none of the platform's", async () => {
    const db = database(env.DB);
    const before = Object.keys(await activeAgents(db, null));
    const now = Date.now();
    const rows = Array.from({ length: 1000 }, (_, n) => ({
      id: uuidv7(),
      clientId: home.clientId,
      type: `a-${String(n).padStart(4, "0")}`,
      displayName: "x",
      description: "",
      category: "data-driven" as const,
      defaultConfig: {},
      createdAt: now,
      updatedAt: now,
    }));
    for (let from = 0; from < rows.length; from += 10)
      await db.insert(agentDefinitions).values(rows.slice(from, from + 10));
    expect(before.length).toBeGreaterThan(0);
    expect(Object.keys(await activeAgentsOfAll(db))).toEqual(expect.arrayContaining(before));
    expect(Object.keys(await activeAgents(db, home.clientId))).toEqual(expect.arrayContaining(before));
  });
});
