import { describe, expect, it } from "vitest";
import { type Actor, nobody, type Role, type Scope, type SignedIn } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Policy } from "#src/operation/policy.ts";
import { admit } from "#src/operation/rights.ts";

const device = { ip: "", userAgent: "" };
const user: SignedIn = {
  kind: "user",
  via: "rest",
  device,
  userId: "u-1",
  email: "user@test.example",
  clientId: "tenant",
  role: "user",
  tier: "free",
  permissions: [],
  sessionId: "s-1",
  expiresAt: 0,
  scope: "tenant",
};

/** The scope that a caller is admitted with, or what is refused. */
function admitted(actor: Actor, policy: Policy): Scope | { code: string; details?: unknown } {
  try {
    return admit(actor, policy).scope;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, details: error.details };
  }
}

const refused = (details?: unknown) => ({ code: "INSUFFICIENT_PERMISSIONS", details });
const of = { by: "account", rate: "read" } as const;

describe("A policy that asks for a role", () => {
  it.each<[Role, Role, boolean]>([
    ["user", "user", true],
    ["user", "moderator", false],
    ["user", "admin", false],
    ["moderator", "user", true],
    ["moderator", "moderator", true],
    ["moderator", "admin", false],
    ["admin", "user", true],
    ["admin", "moderator", true],
    ["admin", "admin", true],
  ])("of %s, where it is %s: %s", (role, required, passes) => {
    const answer = admitted({ ...user, role }, { ...of, tenant: [{ role: required }] });
    expect(answer).toEqual(passes ? "tenant" : refused({ required_role: required }));
  });
});

describe("A policy that asks for a permission", () => {
  it.each<[string, Partial<SignedIn>, boolean]>([
    ["nobody's", {}, false],
    ["granted", { permissions: ["personas.delete", "projects.manage"] }, true],
    ["not the one granted", { permissions: ["personas.delete"] }, false],
    ["like the one granted", { permissions: ["projects.manage.all"] }, false],
    ["covered by *", { permissions: ["*"] }, true],
    ["a moderator's", { role: "moderator" }, false],
    ["an administrator's", { role: "admin" }, true],
  ])("that is %s", (_, over, passes) => {
    const answer = admitted({ ...user, ...over }, { ...of, tenant: [{ permission: "projects.manage" }] });
    expect(answer).toEqual(passes ? "tenant" : refused({ required_permission: "projects.manage" }));
  });
});

describe("The circle that a caller is admitted to", () => {
  const everywhere: Policy = {
    ...of,
    own: ["anybody"],
    tenant: [{ permission: "admin.users" }],
    platform: [{ permission: "admin.users" }],
  };
  const operator = { ...user, scope: "platform" } as const;

  it.each<[string, SignedIn, Scope]>([
    ["one's own things, for whoever has no right beyond", user, "own"],
    ["the tenant's, with a right there", { ...user, permissions: ["admin.users"] }, "tenant"],
    [
      "every tenant's, with it in the operator's tenant",
      { ...operator, permissions: ["admin.users"] },
      "platform",
    ],
    [
      "one's own, whatever else is held in the operator's tenant",
      { ...operator, permissions: ["admin.system"] },
      "own",
    ],
  ])("is %s", (_, actor, scope) => {
    expect(admitted(actor, everywhere)).toBe(scope);
  });

  it("is the tenant's with a right that is none of the platform's administration", () => {
    const rights = [{ permission: "projects.manage" }] as const;
    const policy = { ...of, tenant: rights, platform: rights };
    const holding = (...permissions: string[]) => ({ ...operator, permissions });
    expect(admitted(holding("projects.manage", "admin.users"), policy)).toBe("tenant");
    expect(admitted(holding("*"), policy)).toBe("platform");
  });

  it("is none where only the operator's administrators may, and says so", () => {
    const policy = { ...of, platform: [{ role: "admin" }] } as const;
    expect(admitted({ ...user, role: "admin" }, policy)).toEqual(refused());
    expect(admitted(user, policy)).toEqual(refused({ required_role: "admin" }));
    expect(admitted({ ...operator, role: "admin" }, policy)).toBe("platform");
  });
});

describe("Whom a policy is for", () => {
  const own = ["anybody"] as const;

  it("are those who have said who they are, unless it is for anybody", () => {
    const visitor = nobody("rest", device);
    expect(admitted(visitor, { ...of, own })).toMatchObject({ code: "UNAUTHORIZED" });
    expect(admitted(visitor, { by: "anybody", rate: "sign-in", own })).toBe("own");
  });

  it("are those who have signed in, where it is about their sessions: a key has not", () => {
    const { sessionId: _, ...account } = user;
    const key: Actor = { ...account, kind: "key", keyId: "k-1" };
    const policy = { by: "session", rate: "read", own } as const;
    expect(admitted(key, policy)).toEqual(refused());
    expect(admitted(user, policy)).toBe("own");
    expect(admitted(key, { ...of, own })).toBe("own");
  });
});
