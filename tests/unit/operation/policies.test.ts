import { z } from "@hono/zod-openapi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Account, type Actor, isAccount, roles, scopes } from "#src/kernel/actor.ts";
import { permissionNames } from "#src/kernel/permissions.ts";
import { operation } from "#src/operation/operation.ts";
import { type Policy, policies, type Right } from "#src/operation/policy.ts";
import { admit } from "#src/operation/rights.ts";
import {
  key,
  operator,
  outcome,
  person,
  reach,
  schedule,
  visitor,
  widgetVisitor,
} from "../../support/actors.ts";

describe("The policies of the platform", () => {
  const each: [string, Policy][] = Object.entries(policies);

  it("let a visitor do what is open, and ask for the rest to sign in", () => {
    for (const [name, of] of each)
      expect(outcome(visitor, of), name).toBe(of.by === "anybody" ? "own" : "UNAUTHORIZED");
  });

  it("let a widget's visitor do that, and what is said to be for them; the rest is refused", () => {
    for (const [name, of] of each)
      expect(outcome(widgetVisitor, of), name).toBe(
        of.by === "anybody" || of.visitors ? "own" : "INSUFFICIENT_PERMISSIONS",
      );
    const theirs = each.filter(([, of]) => of.visitors).map(([name]) => name);
    expect(theirs.filter((name) => /Tenant|search|compact|Chat$/i.test(name))).toEqual([]);
  });

  it("let an operator's administrator do everything", () => {
    for (const [name, of] of each)
      expect(outcome(operator({ role: "admin" }), of), name).not.toBe("INSUFFICIENT_PERMISSIONS");
  });

  it("let somebody without rights do what is their own, or for all of the tenant, and nothing else", () => {
    const isForAll = ({ tenant = [] }: Policy) => tenant.includes("anybody");
    for (const [name, of] of each) {
      const reached = isForAll(of) ? "tenant" : of.own ? "own" : "INSUFFICIENT_PERMISSIONS";
      expect(outcome(person(), of), name).toBe(reached);
    }
    // What all of a tenant share: its catalogue, which they read.
    expect(each.filter(([, of]) => isForAll(of)).map(([name]) => name)).toEqual([
      "getItem",
      "listItems",
      "findSimilarItems",
    ]);
  });

  it("let nobody but the operator's reach beyond a tenant", () => {
    const administrator = person({ role: "admin", permissions: [...permissionNames] });
    for (const [name, of] of each) expect(outcome(administrator, of), name).not.toBe("platform");
  });
});

describe("However rights and policies are put together", () => {
  const rights = fc.uniqueArray(
    fc.oneof(
      fc.constant<Right>("anybody"),
      fc.constantFrom(...roles).map((role): Right => ({ role })),
      fc.constantFrom(...permissionNames).map((permission): Right => ({ permission })),
    ),
    { maxLength: 3 },
  );
  const anyPolicy: fc.Arbitrary<Policy> = fc.record(
    {
      by: fc.constantFrom("account" as const, "session" as const, "anybody" as const),
      rate: fc.constant("read" as const),
      own: rights,
      tenant: rights,
      platform: rights,
    },
    { requiredKeys: ["by", "rate"] },
  );
  const anyAccount: fc.Arbitrary<Account> = fc
    .record({
      kind: fc.constantFrom(person(), key, schedule).filter(isAccount),
      role: fc.constantFrom(...roles),
      permissions: fc.subarray([...permissionNames]),
      scope: fc.constantFrom("tenant" as const, "platform" as const),
    })
    .map(({ kind, ...over }) => ({ ...kind, ...over }));
  const anyIncrease = fc.record({
    role: fc.constantFrom(...roles),
    permissions: fc.subarray([...permissionNames]),
    scope: fc.constantFrom("tenant" as const, "platform" as const),
  });
  const higher = <T>(order: readonly T[], one: T, other: T): T =>
    order.indexOf(one) > order.indexOf(other) ? one : other;
  const distance = (actor: Actor, of: Policy): number => {
    const reached = reach(actor, of);
    return typeof reached === "string" ? scopes.indexOf(reached) : -1;
  };

  it("more rights never reach less", () => {
    fc.assert(
      fc.property(anyPolicy, anyAccount, anyIncrease, (of, actor, more) => {
        const stronger = {
          ...actor,
          role: higher(roles, actor.role, more.role),
          permissions: [...new Set([...actor.permissions, ...more.permissions])],
          scope: higher(scopes, actor.scope, more.scope),
        };
        expect(distance(stronger, of)).toBeGreaterThanOrEqual(distance(actor, of));
      }),
      { numRuns: 2000 },
    );
  });

  it("nobody reaches further than their rights do, and nothing but their reach is changed", () => {
    fc.assert(
      fc.property(anyPolicy, anyAccount, (of, actor) => {
        const reached = reach(actor, of);
        if (typeof reached !== "string") return;
        expect(scopes.indexOf(reached)).toBeLessThanOrEqual(scopes.indexOf(actor.scope));
        expect(admit(actor, of)).toEqual({ ...actor, scope: reached });
      }),
      { numRuns: 2000 },
    );
  });
});

it("An operation without a policy, or made for other callers than its policy is, does not compile", () => {
  const described = { summary: "Nothing", input: z.object({}), output: z.void(), run: async () => undefined };
  // @ts-expect-error No policy has this name.
  expect(() => operation({ ...described, name: "noSuchOperation" })).toThrow();
  // @ts-expect-error Its policy is for whoever has signed in.
  expect(operation({ ...described, name: "logout" }).name).toBe("logout");
  expect(operation({ ...described, name: "listProjects" }).name).toBe("listProjects");
});
