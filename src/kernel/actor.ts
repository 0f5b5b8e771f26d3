import { AppError } from "./app-error.ts";
import type { Device } from "./device.ts";

export const roles = ["user", "moderator", "admin"] as const;
export type Role = (typeof roles)[number];

/** Subscription tiers from lowest to highest. */
export const tiers = ["free", "basic", "premium", "enterprise"] as const;
export type Tier = (typeof tiers)[number];
/** Those that cost something. */
export type PaidTier = Exclude<Tier, "free">;
export const paidTiers = ["basic", "premium", "enterprise"] as const satisfies readonly PaidTier[];

/** Whether a text names a tier that costs something. */
export const isPaidTier = (name: string | undefined): name is PaidTier =>
  paidTiers.some((tier) => tier === name);

/** How far a caller's rights over things reach: their own things, those of their tenant, those of every tenant. */
export const scopes = ["own", "tenant", "platform"] as const;
export type Scope = (typeof scopes)[number];

/** The way a call comes in. */
export type Way =
  | "rest"
  | "graphql"
  | "websocket"
  | "mcp"
  | "compatible"
  | "chat"
  | "schedule"
  | "job"
  | "persona"
  | "trigger";

interface Caller {
  /** The tenant that the call is made in. */
  clientId: string;
  role: Role;
  tier: Tier;
  permissions: readonly string[];
  /** How far the caller's rights reach; narrowed to what the policy of an operation lets them do. */
  scope: Scope;
  via: Way;
  device: Device;
}

/** A person, as vouched for by a verified access token. */
export interface SignedIn extends Caller {
  kind: "user";
  userId: string;
  email: string;
  sessionId: string;
  /**
   * Their own tenant, while they act within another as its administrator: then `clientId` is that one's, and they have
   * nothing of their own there.
   */
  actsFrom?: string;
  /** Until when the token vouches for them; epoch milliseconds. */
  expiresAt: number;
}

/** A program with a key of an account. */
interface KeyHolder extends Caller {
  kind: "key";
  userId: string;
  email: string;
  keyId: string;
}

/** What an account has planned, carried out when its time has come. */
interface Scheduled extends Caller {
  kind: "schedule";
  userId: string;
  email: string;
  scheduleId: string;
}

/** What an account has planned for when something happens. */
interface Triggered extends Caller {
  kind: "trigger";
  userId: string;
  email: string;
  triggerId: string;
  /** How many triggers have led here, one after another, with this one. */
  depth: number;
}

/** A persona at work, which may do what the owner of its run may. */
interface Working extends Caller {
  kind: "run";
  userId: string;
  email: string;
  runId: string;
  /** The persona, where its run is one's. */
  instanceId: string | null;
}

/** What lets somebody without an account in: the widget on whose page they are. Times in epoch milliseconds. */
export interface Visit {
  visitorId: string;
  widgetId: string;
  /** The persona that the widget is of; no other is talked with. */
  instanceId: string;
  /** The page's, which calls come from. */
  origin: string;
  expiresAt: number;
}

/** Somebody without an account: nobody that is known, or whoever a widget vouches for. */
export interface Visitor extends Caller {
  kind: "visitor";
  userId?: undefined;
  visit?: Visit;
}

/** Somebody whom a widget has let in, to talk with its persona. */
export interface WidgetVisitor extends Visitor {
  visit: Visit;
}

/** The platform itself. */
export interface PlatformItself extends Caller {
  kind: "system";
  userId?: undefined;
}

/** Whoever acts for an account. */
export type Account = SignedIn | KeyHolder | Scheduled | Triggered | Working;

/**
 * Who acts. Made where a call comes in and passed down as an argument; everything that is decided about a caller is
 * decided from it, and every repository method that touches tenant data takes it or its `clientId`.
 */
export type Actor = Account | Visitor | PlatformItself;

/** Whoever talks with personas: an account's, or a widget's visitor. */
export type Talker = Account | WidgetVisitor;

/** Whose conversations are, as conversations know them. */
export interface Person {
  clientId: string;
  id: string;
  kind: "user" | "visitor";
}

export const isSignedIn = (actor: Actor): actor is SignedIn => actor.kind === "user";
/** Somebody who acts within another tenant than their own. */
export const isActingWithin = (actor: Actor): actor is SignedIn & { actsFrom: string } =>
  isSignedIn(actor) && actor.actsFrom !== undefined;
export const isAccount = (actor: Actor): actor is Account => actor.userId !== undefined;
export const isWidgetVisitor = (actor: Actor): actor is WidgetVisitor =>
  actor.kind === "visitor" && actor.visit !== undefined;
export const isTalker = (actor: Actor): actor is Talker => isAccount(actor) || isWidgetVisitor(actor);

/** How a path or a body names whoever calls. */
export const oneself = "me";

/** Who talks, by the name that conversations have for them. */
export const personOf = (actor: Talker): Person =>
  isAccount(actor)
    ? { clientId: actor.clientId, id: actor.userId, kind: "user" }
    : { clientId: actor.clientId, id: actor.visit.visitorId, kind: "visitor" };

/** A visitor of a tenant's widget. */
export const visitorOf = (clientId: string, visit: Visit, via: Way, device: Device): WidgetVisitor => ({
  ...nobody(via, device),
  clientId,
  visit,
});

/** Somebody who has not said who they are. */
export const nobody = (via: Way, device: Device): Visitor => ({
  kind: "visitor",
  clientId: "",
  role: "user",
  tier: "free",
  permissions: [],
  scope: "own",
  via,
  device,
});

/**
 * The whole platform for those who administer in the operator's tenant; else the caller's own tenant. What is done
 * by a permission reaches as far as that one does (`admit`).
 */
export const scopeOf = (
  { role, clientId, permissions }: Pick<Caller, "role" | "clientId" | "permissions">,
  operatorClientId: string | undefined,
): Scope =>
  clientId === operatorClientId && (role === "admin" || permissions.some(isAdministrative))
    ? "platform"
    : "tenant";

export const isAdministrative = (permission: string): boolean =>
  permission === "*" || permission.startsWith("admin.");

/** Whether the caller's rights over others reach into a tenant. */
export const reaches = ({ scope, clientId: own }: Actor, clientId: string): boolean =>
  scope === "platform" || clientId === own;

/**
 * The tenant that a list of other people's things is narrowed to: the one asked for, or the caller's own;
 * undefined for all tenants.
 * @throws AppError `INSUFFICIENT_PERMISSIONS` for a tenant that the caller's rights do not reach
 */
export function tenantWithin(actor: Actor, asked?: string): string | undefined {
  if (actor.scope === "platform") return asked;
  if (asked !== undefined && asked !== actor.clientId) throw outOfScope();
  return actor.clientId;
}

const outOfScope = () =>
  new AppError("INSUFFICIENT_PERMISSIONS", { message: "Only the operator's administrators may do this" });

/** An admin passes every role check; a moderator passes `moderator` and `user`. */
export const hasRole = (actor: Pick<Caller, "role">, role: Role): boolean =>
  roles.indexOf(actor.role) >= roles.indexOf(role);

/** `*` passes all permission checks, and so does the role admin. */
export const hasPermission = (actor: Pick<Caller, "role" | "permissions">, permission: string): boolean =>
  actor.role === "admin" || actor.permissions.includes(permission) || actor.permissions.includes("*");

/** Throws `INSUFFICIENT_PERMISSIONS` unless the caller has `role` or a higher one. */
export function requireRole(actor: Actor, role: Role): void {
  if (!hasRole(actor, role)) {
    throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_role: role } });
  }
}

/** The refusal of a caller who was not granted `permission`. */
export const missingPermission = (permission: string): AppError =>
  new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_permission: permission } });
