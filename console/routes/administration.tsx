import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { AuditFilter, UserFilter } from "../data/admin.ts";
import { auditFilters } from "../data/choices.ts";
import type { StaffFilter } from "../data/conversations.ts";
import { type RunRow, runStatuses } from "../data/runs.ts";
import { inside, oneOf, text } from "./inside.tsx";

const logLevels = ["debug", "info", "warn", "error"] as const;
type LogLevel = (typeof logLevels)[number];

/** In an address that somebody has written by hand it is no text. */
const yesOrNo = (value: unknown) => oneOf("true", "false")(String(value));

const dashboard = createRoute({
  getParentRoute: () => inside,
  path: "/admin",
  component: lazyRouteComponent(() => import("../pages/admin/dashboard-page.tsx"), "DashboardPage"),
});

const users = createRoute({
  getParentRoute: () => inside,
  path: "/admin/users",
  validateSearch: ({ email, role }: Record<string, unknown>): UserFilter => ({
    email: text(email),
    role: oneOf("user", "moderator", "admin")(role),
  }),
  component: lazyRouteComponent(() => import("../pages/admin/users-page.tsx"), "UsersPage"),
});

const user = createRoute({
  getParentRoute: () => inside,
  path: "/admin/users/$user",
  component: lazyRouteComponent(() => import("../pages/admin/user-page.tsx"), "UserPage"),
});

const tenants = createRoute({
  getParentRoute: () => inside,
  path: "/admin/tenants",
  component: lazyRouteComponent(() => import("../pages/admin/tenants-page.tsx"), "TenantsPage"),
});

const tenant = createRoute({
  getParentRoute: () => inside,
  path: "/admin/tenants/$tenant",
  component: lazyRouteComponent(() => import("../pages/admin/tenant-page.tsx"), "TenantPage"),
});

const subscriptions = createRoute({
  getParentRoute: () => inside,
  path: "/admin/subscriptions",
  component: lazyRouteComponent(() => import("../pages/admin/subscriptions-page.tsx"), "SubscriptionsPage"),
});

const agents = createRoute({
  getParentRoute: () => inside,
  path: "/admin/agents",
  component: lazyRouteComponent(() => import("../pages/admin/agents-page.tsx"), "AgentsPage"),
});

const agent = createRoute({
  getParentRoute: () => inside,
  path: "/admin/agents/$agent",
  component: lazyRouteComponent(() => import("../pages/admin/agent-page.tsx"), "AgentPage"),
});

const audit = createRoute({
  getParentRoute: () => inside,
  path: "/admin/audit",
  validateSearch: (search: Record<string, unknown>): AuditFilter =>
    Object.fromEntries(auditFilters.map((name) => [name, text(search[name])])),
  component: lazyRouteComponent(() => import("../pages/admin/audit-page.tsx"), "AuditPage"),
});

const adminRuns = createRoute({
  getParentRoute: () => inside,
  path: "/admin/runs",
  validateSearch: ({ status }: Record<string, unknown>): { status?: RunRow["status"] } => ({
    status: oneOf(...runStatuses)(status),
  }),
  component: lazyRouteComponent(() => import("../pages/admin/runs-page.tsx"), "AdminRunsPage"),
});

const topics = createRoute({
  getParentRoute: () => inside,
  path: "/admin/topics",
  component: lazyRouteComponent(() => import("../pages/admin/topics-page.tsx"), "TopicsPage"),
});

const logs = createRoute({
  getParentRoute: () => inside,
  path: "/admin/logs",
  validateSearch: ({ level }: Record<string, unknown>): { level?: LogLevel } => ({
    level: oneOf(...logLevels)(level),
  }),
  component: lazyRouteComponent(() => import("../pages/admin/logs-page.tsx"), "LogsPage"),
});

const webhooks = createRoute({
  getParentRoute: () => inside,
  path: "/admin/webhooks",
  component: lazyRouteComponent(() => import("../pages/admin/webhooks-page.tsx"), "WebhooksPage"),
});

const webhook = createRoute({
  getParentRoute: () => inside,
  path: "/admin/webhooks/$webhook",
  component: lazyRouteComponent(() => import("../pages/admin/webhook-page.tsx"), "WebhookPage"),
});

const system = createRoute({
  getParentRoute: () => inside,
  path: "/admin/system",
  component: lazyRouteComponent(() => import("../pages/admin/system-page.tsx"), "SystemPage"),
});

const conversations = createRoute({
  getParentRoute: () => inside,
  path: "/admin/conversations",
  validateSearch: (search: Record<string, unknown>): StaffFilter & { chat?: string } => ({
    chat: text(search.chat),
    q: text(search.q),
    holder: oneOf("queue", "user", "persona")(search.holder),
    status: oneOf("active", "waiting", "ended")(search.status),
    unread: yesOrNo(search.unread),
    flagged: yesOrNo(search.flagged),
    sort: oneOf("started_at")(search.sort),
    user_id: text(search.user_id),
    admin_id: text(search.admin_id),
    instance_id: text(search.instance_id),
    start_date: text(search.start_date),
    end_date: text(search.end_date),
  }),
  component: lazyRouteComponent(
    () => import("../pages/conversations/staff-page.tsx"),
    "StaffConversationsPage",
  ),
});

const moderation = createRoute({
  getParentRoute: () => inside,
  path: "/admin/moderation",
  component: lazyRouteComponent(() => import("../pages/moderation/rules-page.tsx"), "RulesPage"),
});

const widgets = createRoute({
  getParentRoute: () => inside,
  path: "/admin/widgets",
  component: lazyRouteComponent(() => import("../pages/widgets/widgets-page.tsx"), "WidgetsPage"),
});

const bans = createRoute({
  getParentRoute: () => inside,
  path: "/admin/bans",
  component: lazyRouteComponent(() => import("../pages/moderation/bans-page.tsx"), "BansPage"),
});

const templates = createRoute({
  getParentRoute: () => inside,
  path: "/templates",
  component: lazyRouteComponent(() => import("../pages/templates/templates-page.tsx"), "TemplatesPage"),
});

const template = createRoute({
  getParentRoute: () => inside,
  path: "/templates/$template",
  component: lazyRouteComponent(() => import("../pages/template/template-page.tsx"), "TemplatePage"),
});

const workflows = createRoute({
  getParentRoute: () => inside,
  path: "/workflows",
  component: lazyRouteComponent(() => import("../pages/workflows/workflows-page.tsx"), "WorkflowsPage"),
});

const workflow = createRoute({
  getParentRoute: () => inside,
  path: "/workflows/$workflow",
  component: lazyRouteComponent(() => import("../pages/workflow/workflow-page.tsx"), "WorkflowPage"),
});

const agentDefinitions = createRoute({
  getParentRoute: () => inside,
  path: "/admin/agent-definitions",
  component: lazyRouteComponent(
    () => import("../pages/admin/agent-definitions-page.tsx"),
    "AgentDefinitionsPage",
  ),
});

/** Pages of who administers. */
export const administrationRoutes = [
  conversations,
  moderation,
  bans,
  widgets,
  templates,
  template,
  workflows,
  workflow,
  agentDefinitions,
  dashboard,
  users,
  user,
  tenants,
  tenant,
  subscriptions,
  agents,
  agent,
  audit,
  adminRuns,
  topics,
  logs,
  webhooks,
  webhook,
  system,
] as const;
