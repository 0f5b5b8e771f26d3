import type { IconName } from "../parts/icons.tsx";
import { hasRole, holds } from "../session/rights.ts";
import type { Scope, User } from "../session/session.ts";

/** A page that the menu leads to. */
export interface Place {
  to: keyof typeof icons;
  name: string;
  /** After `g`. */
  key?: string;
}

interface Group {
  name?: string;
  places: readonly Place[];
}

/** The pages of the menu, with their pictures. */
export const icons = {
  "/": "home",
  "/runs": "runs",
  "/inbox": "inbox",
  "/personas": "personas",
  "/conversations": "conversations",
  "/usage": "usage",
  "/account": "account",
  "/templates": "templates",
  "/shop/orders": "note",
  "/shop/products": "products",
  "/workflows": "workflows",
  "/admin": "dashboard",
  "/admin/users": "users",
  "/admin/conversations": "conversations",
  "/admin/moderation": "audit",
  "/admin/bans": "close",
  "/admin/widgets": "products",
  "/admin/tenants": "tenants",
  "/admin/subscriptions": "subscriptions",
  "/admin/agents": "agents",
  "/admin/agent-definitions": "agents",
  "/admin/runs": "runs",
  "/admin/topics": "topics",
  "/admin/audit": "audit",
  "/admin/logs": "logs",
  "/admin/webhooks": "webhooks",
  "/admin/system": "system",
} as const satisfies Record<string, IconName>;

const work: readonly Place[] = [
  { to: "/", name: "Home", key: "h" },
  { to: "/runs", name: "Runs", key: "r" },
  { to: "/inbox", name: "Inbox", key: "i" },
  { to: "/personas", name: "Personas", key: "p" },
  { to: "/conversations", name: "Conversations", key: "c" },
  { to: "/usage", name: "Usage", key: "u" },
  { to: "/account", name: "Account" },
];

const users: Place = { to: "/admin/users", name: "Users" };
const answering: readonly Place[] = [
  { to: "/admin/conversations", name: "Takeover" },
  { to: "/admin/moderation", name: "Moderation" },
  { to: "/admin/bans", name: "Bans" },
  { to: "/admin/widgets", name: "Widgets" },
];

const writing: Place = { to: "/templates", name: "Templates", key: "t" };

const shop: readonly Place[] = [
  { to: "/shop/orders", name: "Orders" },
  { to: "/shop/products", name: "Products" },
];

const ofAdministrators: readonly Place[] = [
  { to: "/workflows", name: "Workflows" },
  { to: "/admin/tenants", name: "Tenants" },
  { to: "/admin/subscriptions", name: "Subscriptions" },
  { to: "/admin/agents", name: "Agents" },
  { to: "/admin/agent-definitions", name: "Agent types" },
  { to: "/admin/runs", name: "All runs" },
  { to: "/admin/webhooks", name: "Webhooks" },
  { to: "/admin/audit", name: "Audit" },
];

const ofThePlatform: readonly Place[] = [
  { to: "/admin/topics", name: "Topics" },
  { to: "/admin/logs", name: "Logs" },
  { to: "/admin/system", name: "System" },
];

/** What needs a socket, or is at home: within another tenant there is none of it. */
const atHome: readonly string[] = ["/admin/conversations"];

/** What there is for who acts within another tenant: its administration, and nothing of their own. */
const withinTenant: readonly Group[] = [
  { name: "Shop", places: shop },
  {
    name: "Administration",
    places: [users, writing, ...answering, ...ofAdministrators].filter(({ to }) => !atHome.includes(to)),
  },
];

/** What somebody finds in the menu: pages that they may see. */
export function placesOf(user: User, scope: Scope, isActing: boolean): readonly Group[] {
  if (isActing) return withinTenant;
  const isOperator = scope === "platform" && (hasRole(user, "admin") || holds(user, "admin.system"));
  const administration = [
    ...(isOperator ? [{ to: "/admin", name: "Dashboard", key: "a" } as const] : []),
    ...(hasRole(user, "moderator") || holds(user, "users.read") ? [users] : []),
    ...(hasRole(user, "moderator") || holds(user, "conversations.handle") ? answering : []),
    ...(hasRole(user, "admin") ? ofAdministrators : []),
    ...(isOperator ? ofThePlatform : []),
  ];
  const isAuthor = hasRole(user, "admin") || holds(user, "personas.create");
  return [
    { places: isAuthor ? work.toSpliced(5, 0, writing) : work },
    ...(hasRole(user, "moderator") || holds(user, "commerce.read") ? [{ name: "Shop", places: shop }] : []),
    ...(administration.length > 0 ? [{ name: "Administration", places: administration }] : []),
  ];
}
