import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { eventOutbox } from "#src/db/schema/index.ts";
import type { Actor } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { perform } from "#src/operation/perform.ts";
import type { Policy } from "#src/operation/policy.ts";
import { createProject, listProjects } from "#src/projects/index.ts";
import { outcome, person, reach, visitor } from "../../support/actors.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { createUser } from "../../support/users.ts";

/** A counter of calls that lets so many through. */
function counting(most: number) {
  const taken: string[] = [];
  const limits = {
    take: async ({ kind }: Actor, rate: string) => {
      taken.push(`${kind} ${rate}`);
      if (taken.length > most) throw new AppError("RATE_LIMITED");
    },
    countedCalls: async () => undefined,
  };
  return { taken, platform: testPlatform({ limits }) };
}

describe("A call", () => {
  it("is counted by the rate class of its operation, and not done beyond its caller's limit", async () => {
    const { actor } = await createUser("performing");
    const { taken, platform } = counting(2);
    await perform(createProject, platform, actor, { body: { name: "Mine" } });
    const { output } = await perform(listProjects, platform, actor, {});
    expect(output.projects.map(({ name }) => name)).toEqual(["Mine"]);
    const more = perform(createProject, platform, actor, { body: { name: "More" } });
    await expect(more).rejects.toMatchObject({ code: "RATE_LIMITED" });
    expect(taken).toEqual(["user write", "user read", "user write"]);
    const after = await perform(listProjects, testPlatform(), actor, {});
    expect(after.output.count).toBe(1);
  });

  it("is counted, and not read, of somebody who may not make it", async () => {
    const { taken, platform } = counting(10);
    let isRead = false;
    const raw = async () => {
      isRead = true;
      return {};
    };
    await expect(perform(createProject, platform, visitor, raw)).rejects.toMatchObject({
      code: "UNAUTHORIZED",
    });
    expect([isRead, taken]).toEqual([false, ["visitor write"]]);
  });

  it("is counted also when it says nothing that can be done", async () => {
    const { taken, platform } = counting(10);
    const nameless = perform(createProject, platform, person(), { body: {} });
    await expect(nameless).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
      details: { fields: [{ path: "name" }] },
    });
    expect(taken).toEqual(["user write"]);
  });

  it("is counted before anything else: beyond the limit nothing is said of what it asks", async () => {
    const { platform } = counting(0);
    const refused = perform(createProject, platform, visitor, { body: {} });
    await expect(refused).rejects.toMatchObject({ code: "RATE_LIMITED" });
  });
});

it("What is for a tier is for that tier and those above it", () => {
  const policy: Policy = { by: "account", own: ["anybody"], tier: "premium", rate: "read" };
  const tiers = ["free", "basic", "premium", "enterprise"] as const;
  expect(tiers.map((tier) => outcome(person({ tier }), policy))).toEqual([
    "INSUFFICIENT_PERMISSIONS",
    "INSUFFICIENT_PERMISSIONS",
    "own",
    "own",
  ]);
  expect(reach(person({ tier: "free" }), policy)).toMatchObject({ details: { required_tier: "premium" } });
});

it("What is told behind an answer is delivered, and takes nothing from a call that is under way", async () => {
  const { actor } = await createUser("told_meanwhile");
  const platform = testPlatform();
  const { db, clock } = platform;
  const waiting = () => db.$count(eventOutbox, eq(eventOutbox.clientId, actor.clientId));
  const data = { user_id: actor.userId, changed: ["first_name"] };
  const entry = { clientId: actor.clientId, entityId: actor.userId, ownerUserId: actor.userId };
  const underWay = platform.tell({ ...entry, event: "user.updated", data }, clock.now());
  platform.deliver(actor.clientId);
  await underWay;
  expect(await waiting()).toBe(1);
  platform.deliver();
  await expect.poll(waiting).toBe(0);
});
