import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import type { Account } from "#src/kernel/actor.ts";
import { policies } from "#src/operation/policy.ts";
import { admit } from "#src/operation/rights.ts";
import { findExecutable } from "#src/runs/execution/execution-repository.ts";
import { send } from "#tests/support/api.ts";
import { bodyOf, copywriter, makeInstance } from "#tests/support/personas.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";
import { calling, makeWorkflow, type PlanInput } from "#tests/support/workflows.ts";

const db = database(env.DB);
const clientId = "executable";
let admin: TestUser;
let owner: TestUser;
let stranger: TestUser;

/** Agents behind the system's own topics. */
const always = ["copywriter", "image-generator", "reasoning", "web-search"];

beforeAll(async () => {
  admin = await createUser(clientId, { role: "admin" });
  owner = await createUser(clientId);
  stranger = await createUser("executable_elsewhere", { role: "admin" });
  for (const type of ["poet", "lawyer", "sleeper"]) {
    const body = { type, display_name: type, category: "data-driven", default_config: { of: type } };
    await bodyOf(await send("POST", "/api/v1/admin/agent-definitions", body, admin.headers), 201);
  }
  await makeWorkflow(admin, "elsewhere");
});

const writes = (topic?: string): PlanInput => ({
  start_step: "a",
  steps: { a: { action: "ai_text_generate", input: { prompt: "x" }, ...(topic ? { topic } : {}) } },
});

const instanceWith = (workflow: PlanInput | string, config: object = {}) =>
  makeInstance(owner, undefined, { ...copywriter, config: { ...copywriter.config, workflow, ...config } });

const found = (actor: Account, id: string) => findExecutable(db, admit(actor, policies.executeInstance), id);
const agentsFor = async (...made: Parameters<typeof instanceWith>) => {
  const { agents } = (await found(owner.actor, (await instanceWith(...made)).id)) ?? { agents: {} };
  return Object.keys(agents).sort();
};

describe("The agents that an execution reads", () => {
  it("are those of the system and those that the persona names", async () => {
    expect(await agentsFor(writes())).toEqual(always);
    expect(await agentsFor(writes("system.tasks.poet"))).toEqual([...always, "poet"].sort());
    expect(await agentsFor(writes(), { agent_type: "lawyer" })).toEqual([...always, "lawyer"].sort());
  });

  it("are all there are when its plan reaches workflows", async () => {
    const all = expect.arrayContaining([...always, "lawyer", "poet", "researcher"]);
    expect(await agentsFor("elsewhere")).toEqual(all);
    expect(await agentsFor(calling("elsewhere"))).toEqual(all);
  });

  it("come with their defaults, and as they are now", async () => {
    const { id } = await instanceWith(writes("system.tasks.sleeper"));
    expect(await found(owner.actor, id)).toMatchObject({
      isActive: true,
      templateVersion: 1,
      agents: { sleeper: { category: "data-driven", defaultConfig: { of: "sleeper" } } },
    });
    const change = { is_active: false };
    await bodyOf(await send("PUT", "/api/v1/admin/agent-definitions/sleeper", change, admin.headers), 200);
    expect((await found(owner.actor, id))?.agents).not.toHaveProperty("sleeper");
  });
});

describe("An instance to execute", () => {
  it("is found by its owner and an administrator of the tenant, and by nobody else", async () => {
    const { id } = await instanceWith(writes());
    const colleague = await createUser(clientId);
    expect(await found(owner.actor, id)).toBeDefined();
    expect(await found(admin.actor, id)).toBeDefined();
    expect(await found(colleague.actor, id)).toBeUndefined();
    expect(await found(stranger.actor, id)).toBeUndefined();
  });

  it("is not found once it was deleted", async () => {
    const { id } = await instanceWith(writes());
    await send("DELETE", `/api/v1/personas/instances/${id}`, {}, owner.headers);
    expect(await found(owner.actor, id)).toBeUndefined();
  });
});
