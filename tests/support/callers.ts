import { type Account, type Actor, nobody, type Role, type SignedIn, scopeOf } from "#src/kernel/actor.ts";

const device = { ip: "198.51.100.1", userAgent: "test" };
const operatorTenant = "operator";

/** A caller of a tenant with what they are and were granted. */
export const signedIn = (over: Partial<SignedIn> = {}): SignedIn => {
  const claims = { clientId: "tenant", role: "user" as Role, permissions: [] as readonly string[], ...over };
  return {
    kind: "user",
    userId: "0199c1b2-5a7e-7c3a-9d55-000000000001",
    email: "somebody@test.example",
    sessionId: "0199c1b2-5a7e-7c3a-9d55-000000000002",
    expiresAt: Date.UTC(2030, 0),
    tier: "free",
    via: "rest",
    device,
    ...claims,
    scope: scopeOf(claims, operatorTenant),
  };
};

const accountOf = ({ kind: _, sessionId: __, expiresAt: ___, ...caller }: SignedIn) => caller;
const withKey = (over: Partial<SignedIn> = {}): Account => ({
  ...accountOf(signedIn(over)),
  kind: "key",
  keyId: "key",
});
const scheduled = (over: Partial<SignedIn> = {}): Account => ({
  ...accountOf(signedIn(over)),
  kind: "schedule",
  scheduleId: "schedule",
});

const granted = (...permissions: string[]) => signedIn({ permissions });
const ofOperator = (over: Partial<SignedIn>) => signedIn({ clientId: operatorTenant, ...over });

/** Every kind of caller that a policy can tell from another. */
export const callers = {
  visitor: nobody("rest", device),
  user: signedIn(),
  key: withKey(),
  schedule: scheduled(),
  moderator: signedIn({ role: "moderator" }),
  admin: signedIn({ role: "admin" }),
  "key of admin": withKey({ role: "admin" }),
  "*": granted("*"),
  "users.read": granted("users.read"),
  "admin.users": granted("admin.users"),
  "admin.subscriptions": granted("admin.subscriptions"),
  "admin.system": granted("admin.system"),
  "personas.create": granted("personas.create"),
  "personas.delete": granted("personas.delete"),
  "projects.manage": granted("projects.manage"),
  "operator's user": ofOperator({}),
  "operator's moderator": ofOperator({ role: "moderator" }),
  "operator's admin": ofOperator({ role: "admin" }),
  "operator's *": ofOperator({ permissions: ["*"] }),
  "operator's admin.users": ofOperator({ permissions: ["admin.users", "users.read"] }),
  "operator's admin.subscriptions": ofOperator({ permissions: ["admin.subscriptions"] }),
  "operator's admin.system": ofOperator({ permissions: ["admin.system"] }),
  "operator's author": ofOperator({ permissions: ["personas.create", "personas.delete", "admin.users"] }),
  platform: { ...nobody("job", device), kind: "system", scope: "platform" },
} as const satisfies Record<string, Actor>;
