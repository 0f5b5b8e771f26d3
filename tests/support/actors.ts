import { type Actor, nobody, type Scope, type SignedIn, visitorOf } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Policy } from "#src/operation/policy.ts";
import { admit } from "#src/operation/rights.ts";

const device = { ip: "", userAgent: "" };
const account = {
  clientId: "tenant",
  userId: "u-1",
  email: "user@test.example",
  role: "user",
  tier: "free",
  permissions: [],
  scope: "tenant",
  device,
} as const;

/** Somebody of a tenant who has signed in. */
export const person = (over: Partial<SignedIn> = {}): SignedIn => ({
  kind: "user",
  via: "rest",
  sessionId: "s-1",
  expiresAt: 0,
  ...account,
  ...over,
});
/** Somebody of the operator's tenant whose rights reach beyond it. */
export const operator = (over: Partial<SignedIn>) =>
  person({ clientId: "operator", scope: "platform", ...over });
export const key = { kind: "key", via: "rest", keyId: "k-1", ...account } as const satisfies Actor;
export const schedule: Actor = { kind: "schedule", via: "schedule", scheduleId: "p-1", ...account };
export const visitor = nobody("rest", device);
export const widgetVisitor = visitorOf(
  "tenant",
  { visitorId: "v-1", widgetId: "w-1", instanceId: "i-1", origin: "https://shop.example", expiresAt: 0 },
  "rest",
  device,
);
export const system: Actor = { ...visitor, kind: "system", via: "job", scope: "platform" };

/** How far somebody reaches by a policy; the refusal where not at all. */
export function reach(actor: Actor, of: Policy): Scope | AppError {
  try {
    return admit(actor, of).scope;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** The same in a word. */
export const outcome = (actor: Actor, of: Policy): string => {
  const reached = reach(actor, of);
  return typeof reached === "string" ? reached : reached.code;
};
