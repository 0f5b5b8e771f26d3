import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Account, Actor, Scope, SignedIn } from "#src/kernel/actor.ts";
import { nobody } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { perform } from "#src/operation/perform.ts";
import { type OperationName, type Policy, policies } from "#src/operation/policy.ts";
import { admit } from "#src/operation/rights.ts";
import { operationNames, operationsByName } from "../../support/all-operations.ts";
import { allOperations } from "../../support/operations.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { type TenantWorld, tenantWorld } from "../../support/tenant-world.ts";
import { createUserWithSession } from "../../support/users.ts";

/** The operations on a thing with an id, as the document has them with made-up bodies. */
const documented = new Map((await allOperations()).map((operation) => [operation.id, operation]));
const onThings = operationNames.filter((name) => operationsByName.get(name)?.input.shape.params);

it("Every policy is of one operation, and every operation has one", () => {
  expect([...operationsByName.keys()].sort()).toEqual([...operationNames].sort());
});

it("There are many operations on things", () => {
  expect(onThings.length).toBeGreaterThan(50);
});

/** Where the things of the world are, as somebody sees them who is no friend of its owner's tenant. */
type Circle = Scope | "out of reach";

interface Somebody {
  who: string;
  actor: SignedIn;
  circle: Circle;
}

type Over = Parameters<typeof createUserWithSession>[1];

const holdings: Over = {
  permissions: ["personas.create", "personas.delete", "projects.manage", "users.read"],
};

/** Whoever tries: from which tenant, and as what. The owner is in the world already. */
const cast: { who: string; circle: Circle; from: "home" | "away" | "operator"; over?: Over }[] = [
  { who: "the owner", circle: "own", from: "home" },
  { who: "a neighbour", circle: "tenant", from: "home" },
  { who: "a moderator", circle: "tenant", from: "home", over: { role: "moderator" } },
  { who: "a holder of permissions", circle: "tenant", from: "home", over: holdings },
  { who: "an administrator", circle: "tenant", from: "home", over: { role: "admin" } },
  { who: "another tenant's administrator", circle: "out of reach", from: "away", over: { role: "admin" } },
  {
    who: "another tenant's holder of everything",
    circle: "out of reach",
    from: "away",
    over: { permissions: ["*"] },
  },
  { who: "the operator's user", circle: "out of reach", from: "operator" },
  { who: "the operator's administrator", circle: "platform", from: "operator", over: { role: "admin" } },
];

async function appearing(
  { who, circle, from, over }: (typeof cast)[number],
  { clientId, owner, ids }: TenantWorld,
): Promise<Somebody> {
  const tenant = { home: clientId, away: `${clientId}_away`, operator: "operator" }[from];
  const { actor } = await createUserWithSession(tenant, over);
  const own = { ...actor, userId: owner.userId, sessionId: ids.session_id ?? "" };
  return { who, circle, actor: circle === "own" ? own : actor };
}

async function people(world: TenantWorld): Promise<Somebody[]> {
  const all: Somebody[] = [];
  for (const part of cast) all.push(await appearing(part, world));
  return all;
}

/** Somebody as each kind of actor that can act for them. */
function kindsOf(actor: SignedIn): Account[] {
  const { kind: _, sessionId: __, expiresAt: ___, ...rest } = actor;
  return [actor, { ...rest, kind: "key", keyId: "k" }, { ...rest, kind: "schedule", scheduleId: "s" }];
}

const order: readonly Scope[] = ["own", "tenant", "platform"];

/** Whether somebody reaches a thing, as the policy says: they are admitted, as far as where it is. */
function isReached(name: OperationName, actor: Actor, circle: Circle): boolean {
  const policy: Policy = policies[name];
  // A thing that nobody has for themselves is its tenant's to who is in it.
  const place = circle === "own" && policy.own === undefined ? "tenant" : circle;
  if (place === "out of reach") return false;
  try {
    return order.indexOf(admit(actor, policy).scope) >= order.indexOf(place);
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

const bodySchema = z.unknown();

/** What takes a file with its name, or opens a socket, has no body in the document. */
function bodyFor(name: OperationName) {
  if (/^uploadAttachment/.test(name))
    return { body: { name: "tea.txt", bytes: new TextEncoder().encode("Tea") } };
  return /^connectConversation/.test(name) ? { body: { isUpgrade: true } } : {};
}

async function outcomeOf(name: OperationName, actor: Actor, world: TenantWorld): Promise<string> {
  const operation = operationsByName.get(name);
  const address = documented.get(name);
  if (!operation || !address) throw new Error(`${name} is not in the document`);
  const [path = "", query = ""] = address.address(world.ids).split("?");
  const names = [...address.path.matchAll(/\{(\w+)\}/g)].map(([, parameter = ""]) => parameter);
  const pattern = new RegExp(`^${address.path.replaceAll(/\{\w+\}/g, "([^/]+)")}$`);
  const values = pattern.exec(path)?.slice(1).map(decodeURIComponent) ?? [];
  const input = {
    params: Object.fromEntries(names.map((parameter, index) => [parameter, values[index]])),
    ...(query === "" ? {} : { query: Object.fromEntries(new URLSearchParams(query)) }),
    ...(address.body === undefined ? bodyFor(name) : { body: bodySchema.parse(JSON.parse(address.body)) }),
  };
  try {
    await perform(operation, testPlatform(), actor, input);
    return "done";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "VALIDATION_ERROR") return "not a request";
    return [401, 403, 404].includes(error.status) ? "refused" : "done";
  }
}

const isDestructive = (name: OperationName): boolean => /^(?:delete|deactivate|end|revoke)/.test(name);

describe("What is out of somebody's reach is refused, whatever kind of actor acts for them", () => {
  let world: TenantWorld;
  let everybody: Somebody[];
  beforeAll(async () => {
    world = await tenantWorld("reach_refused");
    everybody = await people(world);
  });

  it.each(onThings)("%s", async (name) => {
    const outcomes: string[] = [];
    const visitor = nobody("rest", { ip: "198.51.100.1", userAgent: "test" });
    if (policies[name].by !== "anybody") expect(await outcomeOf(name, visitor, world)).toBe("refused");
    for (const { who, actor, circle } of everybody)
      for (const acting of kindsOf(actor))
        if (!isReached(name, acting, circle))
          outcomes.push(`${who} (${acting.kind}): ${await outcomeOf(name, acting, world)}`);
    expect(outcomes.filter((outcome) => !outcome.endsWith(": refused"))).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(0);
  });
});

describe("What is within somebody's reach is done, whatever kind of actor acts for them", () => {
  let world: TenantWorld;
  let everybody: Somebody[];
  beforeAll(async () => {
    world = await tenantWorld("reach_done");
    everybody = await people(world);
  });

  const done = async (
    name: OperationName,
    { who, actor, circle }: Somebody,
    at: TenantWorld,
    kind: number,
  ) => {
    const acting = kindsOf(actor)[kind];
    if (!acting || !isReached(name, acting, circle)) return [];
    return [`${who} (${acting.kind}): ${await outcomeOf(name, acting, at)}`];
  };

  it.each(onThings.filter((name) => !isDestructive(name)))("%s", async (name) => {
    const outcomes: string[] = [];
    for (const somebody of everybody)
      for (const kind of [0, 1, 2]) outcomes.push(...(await done(name, somebody, world, kind)));
    expect(outcomes.filter((outcome) => outcome.endsWith(": refused"))).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(0);
  });

  it.each(onThings.filter(isDestructive))(
    "%s, each in a world of their own",
    async (name) => {
      const outcomes: string[] = [];
      for (const [index, part] of cast.entries()) {
        // Of those who may only be signed in, the first kind.
        const kind = policies[name].by === "session" ? 0 : index % 3;
        const alike = everybody[index];
        const acting = alike && kindsOf(alike.actor)[kind];
        // A world is made for those alone who have something to do in it.
        if (!acting || !isReached(name, acting, part.circle)) continue;
        const own = await tenantWorld(`reach_${name.toLowerCase()}_${index}`);
        outcomes.push(...(await done(name, await appearing(part, own), own, kind)));
      }
      expect(outcomes.filter((outcome) => outcome.endsWith(": refused"))).toEqual([]);
      expect(outcomes.length).toBeGreaterThan(0);
    },
    60_000,
  );
});
