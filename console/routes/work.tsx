import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { type ApprovalFilter, approvalKinds } from "../data/approvals.ts";
import { dimensions } from "../data/choices.ts";
import { type RunFilter, runStatuses } from "../data/runs.ts";
import type { Dimension, Metric, Range } from "../data/usage.ts";
import { RunsPage } from "../pages/runs/runs-page.tsx";
import { inside, oneOf, text } from "./inside.tsx";

interface UsageSearch {
  metric?: Metric;
  by?: Dimension;
  range?: Range;
}

interface InboxSearch {
  run?: string;
  step?: string;
  persona?: string;
  kind?: ApprovalFilter["kind"];
}

const runFilter = ({
  status,
  instance_id,
  project_id,
  q,
  since,
  until,
}: Record<string, unknown>): RunFilter => ({
  status: oneOf(...runStatuses)(status),
  instance_id: text(instance_id),
  project_id: text(project_id),
  q: text(q),
  since: text(since),
  until: text(until),
});

const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/home/home-page.tsx"), "HomePage"),
});

const runs = createRoute({
  getParentRoute: () => inside,
  path: "/runs",
  validateSearch: runFilter,
  component: RunsPage,
});

const run = createRoute({
  getParentRoute: () => inside,
  path: "/runs/$run",
  validateSearch: ({
    step,
    view,
  }: Record<string, unknown>): { step?: string; view?: "events" | "input" } => ({
    step: text(step),
    view: oneOf("events", "input")(view),
  }),
  component: lazyRouteComponent(() => import("../pages/run/run-page.tsx"), "RunPage"),
});

const compare = createRoute({
  getParentRoute: () => inside,
  path: "/runs/$run/compare/$other",
  component: lazyRouteComponent(() => import("../pages/compare/compare-page.tsx"), "ComparePage"),
});

const inbox = createRoute({
  getParentRoute: () => inside,
  path: "/inbox",
  validateSearch: ({ run, step, persona, kind }: Record<string, unknown>): InboxSearch => ({
    run: text(run),
    step: text(step),
    persona: text(persona),
    kind: oneOf(...approvalKinds)(kind),
  }),
  component: lazyRouteComponent(() => import("../pages/inbox/inbox-page.tsx"), "InboxPage"),
});

const personas = createRoute({
  getParentRoute: () => inside,
  path: "/personas",
  component: lazyRouteComponent(() => import("../pages/personas/personas-page.tsx"), "PersonasPage"),
});

const persona = createRoute({
  getParentRoute: () => inside,
  path: "/personas/$persona",
  validateSearch: ({ tab, again }: Record<string, unknown>): { tab?: PersonaTab; again?: string } => ({
    tab: oneOf(...personaTabs)(tab),
    again: text(again),
  }),
  component: lazyRouteComponent(() => import("../pages/persona/persona-page.tsx"), "PersonaPage"),
});

export const personaTabs = ["playground", "runs", "memory", "images", "chat", "settings", "log"] as const;
export type PersonaTab = (typeof personaTabs)[number];

const usage = createRoute({
  getParentRoute: () => inside,
  path: "/usage",
  validateSearch: ({ metric, by, range }: Record<string, unknown>): UsageSearch => ({
    metric: oneOf("fuel", "runs", "tokens", "cost", "failures")(metric),
    by: oneOf(...dimensions)(by),
    range: oneOf("7", "14", "30", "90")(text(range)),
  }),
  component: lazyRouteComponent(() => import("../pages/usage/usage-page.tsx"), "UsagePage"),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: "/account",
  component: lazyRouteComponent(() => import("../pages/account/account-page.tsx"), "AccountPage"),
});

const conversations = createRoute({
  getParentRoute: () => inside,
  path: "/conversations",
  validateSearch: ({ chat }: Record<string, unknown>): { chat?: string } => ({ chat: text(chat) }),
  component: lazyRouteComponent(
    () => import("../pages/conversations/conversations-page.tsx"),
    "ConversationsPage",
  ),
});

/** Pages of who works with personas. */
export const workRoutes = [
  home,
  runs,
  run,
  compare,
  inbox,
  personas,
  persona,
  usage,
  account,
  conversations,
] as const;
