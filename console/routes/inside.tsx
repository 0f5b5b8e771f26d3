import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, Outlet, redirect } from "@tanstack/react-router";
import { NotFound } from "../pages/not-found.tsx";
import { PageDefect } from "../parts/defect.tsx";
import { accessToken, session } from "../session/session.ts";
import { Shell } from "../shell/shell.tsx";

/** A parameter of an address as text; undefined where there is none. */
export const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

/** One of several words of an address; undefined for any other. */
export const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (value: unknown): T | undefined =>
    words.find((word) => word === value);

export const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: PageDefect,
});

/** What only who has signed in comes to. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: "in",
  beforeLoad: async ({ location }) => {
    if (session.user() || (await accessToken())) return;
    throw redirect({ to: "/sign-in", search: { to: location.href === "/" ? undefined : location.href } });
  },
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: PageDefect,
});

/** Any other address: the same for what is not there and for what somebody may not see. */
export const elsewhere = createRoute({ getParentRoute: () => inside, path: "$", component: NotFound });
