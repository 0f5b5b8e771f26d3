import { describe, expect, it } from "vitest";
import type { Actor, Role } from "#src/kernel/actor.ts";
import type { Permission } from "#src/kernel/permissions.ts";
import type { Policy, Right } from "#src/operation/policy.ts";
import { key, operator, outcome, person, reach, schedule, system, visitor } from "../../support/actors.ts";

const anybody: readonly Right[] = ["anybody"];
const may = (...names: Permission[]): Right[] => names.map((permission) => ({ permission }));
const atLeast = (role: Role): Right[] => [{ role }];

const policy = (over: Partial<Policy>): Policy => ({ by: "account", rate: "read", ...over });
const ownThings = policy({ own: anybody });
const ownAccount = policy({ by: "session", own: anybody });
const open = policy({ by: "anybody", own: anybody });
const moderated = policy({ own: anybody, tenant: atLeast("moderator") });
const administered = policy({ tenant: atLeast("admin"), platform: atLeast("admin") });
const managed = policy({ own: anybody, tenant: may("projects.manage") });
const permitted = policy({ tenant: may("personas.create"), platform: may("*") });
const eitherWay = policy({
  tenant: [...may("users.read", "admin.users"), ...atLeast("moderator")],
  platform: may("admin.users"),
});
const ofThePlatform = policy({ platform: may("admin.system") });

const unauthorized = "UNAUTHORIZED";
const refused = "INSUFFICIENT_PERMISSIONS";

describe("Who acts", () => {
  it.each<[string, Actor, Policy, string]>([
    ["A visitor does what is open to anybody", visitor, open, "own"],
    ["A visitor is asked to sign in for what an account is needed for", visitor, ownThings, unauthorized],
    ["A visitor is asked to sign in for what a session is needed for", visitor, ownAccount, unauthorized],
    ["A visitor is asked to sign in for administration", visitor, administered, unauthorized],
    ["Whoever has signed in does what is open to anybody", person(), open, "own"],
    ["Whoever has signed in does what is theirs", person(), ownThings, "own"],
    ["Whoever has signed in does what a session is needed for", person(), ownAccount, "own"],
    ["A key does what is its account's", key, ownThings, "own"],
    ["A key does what is open to anybody", key, open, "own"],
    ["A key does nothing that a session is needed for", key, ownAccount, refused],
    ["A key has its account's rights and no others", key, administered, refused],
    ["A key of an administrator administers", { ...key, role: "admin" }, administered, "tenant"],
    ["A schedule does what is its account's", schedule, ownThings, "own"],
    ["A schedule does what is open to anybody", schedule, open, "own"],
    ["A schedule does nothing that a session is needed for", schedule, ownAccount, refused],
    ["A schedule has its account's rights and no others", schedule, managed, "own"],
    ["The platform itself does what is an account's", system, ownThings, "platform"],
    ["The platform itself does what is for administrators", system, ofThePlatform, "platform"],
    ["The platform itself does what a session is needed for", system, ownAccount, "platform"],
  ])("%s", (_, actor, of, expected) => {
    expect(outcome(actor, of)).toBe(expected);
  });
});

describe("A role", () => {
  it.each<[Role, Role, string]>([
    ["user", "user", "tenant"],
    ["user", "moderator", refused],
    ["user", "admin", refused],
    ["moderator", "user", "tenant"],
    ["moderator", "moderator", "tenant"],
    ["moderator", "admin", refused],
    ["admin", "user", "tenant"],
    ["admin", "moderator", "tenant"],
    ["admin", "admin", "tenant"],
  ])("of %s, where it is %s: %s", (role, required, expected) => {
    expect(outcome(person({ role }), policy({ tenant: atLeast(required) }))).toBe(expected);
  });

  it.each<[string, Actor, Policy, string]>([
    ["of a user reaches what is their own where moderators reach the tenant's", person(), moderated, "own"],
    ["of a moderator reaches what is a moderator's", person({ role: "moderator" }), moderated, "tenant"],
    ["of an administrator reaches what is a moderator's", person({ role: "admin" }), moderated, "tenant"],
    [
      "of a moderator reaches nothing that is an administrator's",
      person({ role: "moderator" }),
      administered,
      refused,
    ],
    ["of an administrator reaches their tenant", person({ role: "admin" }), administered, "tenant"],
    [
      "of an operator's administrator reaches every tenant",
      operator({ role: "admin" }),
      administered,
      "platform",
    ],
    [
      "of an operator's administrator reaches no further than the policy",
      operator({ role: "admin" }),
      moderated,
      "tenant",
    ],
    ["of an administrator is every permission", person({ role: "admin" }), managed, "tenant"],
    [
      "of an administrator is no permission beyond the tenant",
      person({ role: "admin" }),
      ofThePlatform,
      refused,
    ],
    [
      "of an operator's administrator is every permission everywhere",
      operator({ role: "admin" }),
      permitted,
      "platform",
    ],
    [
      "of an operator's moderator reaches their tenant",
      operator({ role: "moderator", scope: "tenant" }),
      eitherWay,
      "tenant",
    ],
    ["of a moderator is no permission", person({ role: "moderator" }), permitted, refused],
  ])("%s", (_, actor, of, expected) => {
    expect(outcome(actor, of)).toBe(expected);
  });
});

describe("A permission", () => {
  const granted = (...permissions: string[]) => person({ permissions });
  it.each<[string, Actor, Policy, string]>([
    ["that is nobody's leaves one's own", person(), managed, "own"],
    ["that was granted reaches the tenant", granted("projects.manage"), managed, "tenant"],
    ["that is another one reaches nothing", granted("personas.delete"), permitted, refused],
    ["that is only called alike reaches nothing", granted("personas.create.all"), permitted, refused],
    [
      "of the operator leaves one's own where another one is asked for",
      operator({ permissions: ["admin.system"] }),
      policy({ own: anybody, tenant: may("admin.users"), platform: may("admin.users") }),
      "own",
    ],
    ["* covers the others", granted("*"), permitted, "tenant"],
    ["* reaches no further than its tenant", granted("*"), ofThePlatform, refused],
    ["of several is enough by itself", granted("users.read"), eitherWay, "tenant"],
    [
      "of the operator that administers reaches every tenant",
      operator({ permissions: ["admin.users"] }),
      eitherWay,
      "platform",
    ],
    [
      "of the operator that does not administer reaches the tenant, whatever is held beside it",
      operator({ permissions: ["personas.create", "admin.users"] }),
      permitted,
      "tenant",
    ],
    [
      "of the operator reaches the tenant where another one reaches all",
      operator({ permissions: ["users.read", "admin.system"] }),
      eitherWay,
      "tenant",
    ],
    ["* of the operator reaches every tenant", operator({ permissions: ["*"] }), permitted, "platform"],
    [
      "admin.system of the operator reaches what there is once",
      operator({ permissions: ["admin.system"] }),
      ofThePlatform,
      "platform",
    ],
    ["admin.system of another tenant reaches nothing", granted("admin.system"), ofThePlatform, refused],
  ])("%s", (_, actor, of, expected) => {
    expect(outcome(actor, of)).toBe(expected);
  });
});

describe("A refusal says what is missing:", () => {
  it.each<[string, Actor, Policy, object]>([
    ["the role", person(), administered, { details: { required_role: "admin" } }],
    ["the permission", person(), permitted, { details: { required_permission: "personas.create" } }],
    ["the first of several", person(), eitherWay, { details: { required_permission: "users.read" } }],
    [
      "to be of the operator",
      person({ role: "admin" }),
      ofThePlatform,
      { message: "Only the operator's administrators may do this" },
    ],
    ["to have signed in", key, ownAccount, { message: "Only whoever has signed in may do this" }],
  ])("%s", (_, actor, of, expected) => {
    expect(reach(actor, of)).toMatchObject({ code: refused, ...expected });
  });
});
