import { describe, expect, it } from "vitest";
import { defaultConfiguration } from "#src/configuration/configuration.ts";
import type { Actor } from "#src/kernel/actor.ts";
import { isHeldUpByMaintenance, requireNoMaintenance } from "#src/operation/maintenance.ts";
import { perform } from "#src/operation/perform.ts";
import { type Policy, policies } from "#src/operation/policy.ts";
import { createProject, listProjects } from "#src/projects/index.ts";
import { key, operator, person, schedule, system, visitor } from "../../support/actors.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { createUser } from "../../support/users.ts";

const maintenance = { enabled: true, message: "Back at noon", retry_after_seconds: 120 };
const config = () => ({ ...defaultConfiguration, maintenance });

/** What becomes of a call that changes something. */
const outcomeOf = async (actor: Actor, policy: Policy = policies.createProject) => {
  try {
    await requireNoMaintenance({ config }, actor, policy);
    return "done";
  } catch (error) {
    return error;
  }
};

describe("During maintenance", () => {
  it("whatever changes something is refused, with the operator's words and how long to wait", async () => {
    const { actor } = await createUser("maintained");
    const refused = perform(createProject, testPlatform({ config }), actor, { body: { name: "Mine" } });
    await expect(refused).rejects.toMatchObject({
      code: "MAINTENANCE",
      status: 503,
      message: "Back at noon",
      details: { retry_after_seconds: 120 },
      headers: { "Retry-After": "120" },
    });
    const { output } = await perform(listProjects, testPlatform({ config }), actor, {});
    expect(output.count).toBe(0);
  });

  it("who may not do it at all is told that, and nothing of the maintenance", async () => {
    const refused = perform(createProject, testPlatform({ config }), visitor, { body: { name: "Mine" } });
    await expect(refused).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });

  it.each<[string, Actor]>([
    ["an administrator of the operator's tenant", operator({ role: "admin" })],
    ["who administers the system there by a permission", operator({ permissions: ["admin.system"] })],
    ["who has all permissions there", operator({ permissions: ["*"] })],
    ["a schedule", schedule],
    ["the platform itself", system],
  ])("%s goes on", async (_, actor) => {
    expect(await outcomeOf(actor)).toBe("done");
  });

  it.each<[string, Actor]>([
    ["a user", person()],
    ["an administrator of a tenant", person({ role: "admin" })],
    ["who has all permissions of a tenant", person({ permissions: ["*"] })],
    ["who administers accounts in the operator's tenant", operator({ permissions: ["admin.users"] })],
    ["a user of the operator's tenant", operator({})],
    ["a program with somebody's key", key],
    ["nobody yet", visitor],
  ])("%s waits", async (_, actor) => {
    expect(await outcomeOf(actor)).toMatchObject({ code: "MAINTENANCE" });
  });

  it("everything that reads goes on, and of the rest what one comes in, goes out and watches by", () => {
    const changing = Object.entries<Policy>(policies).filter(([, { rate }]) => rate !== "read");
    const goesOn = changing.filter(([, policy]) => !isHeldUpByMaintenance(policy)).map(([name]) => name);
    expect(goesOn).toEqual([
      "login",
      "refreshTokens",
      "logout",
      "createWebSocketTicket",
      "receivePaymentNotice",
    ]);
  });

  it("a call that reads is not held up by who knows whether there is maintenance", async () => {
    const asked: string[] = [];
    const asking = {
      config: () => {
        asked.push("config");
        return config();
      },
    };
    await requireNoMaintenance(asking, person(), policies.listProjects);
    expect(asked).toEqual([]);
  });
});
