import type { QueryClient } from "@tanstack/react-query";
import { createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { administrationRoutes } from "./routes/administration.tsx";
import { elsewhere, inside, root, text } from "./routes/inside.tsx";
import { shopRoutes } from "./routes/shop.tsx";
import { workRoutes } from "./routes/work.tsx";
import { destination } from "./session/destination.ts";
import { session } from "./session/session.ts";

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: ({ to }: Record<string, unknown>): { to?: string } => ({ to: text(to) }),
  beforeLoad: ({ search }) => {
    if (session.user()) throw redirect({ href: destination(search.to) });
  },
  component: lazyRouteComponent(() => import("./pages/sign-in/sign-in-page.tsx"), "SignInPage"),
});

const tree = root.addChildren([
  signIn,
  inside.addChildren([...workRoutes, ...shopRoutes, ...administrationRoutes, elsewhere]),
]);

/** The console's pages. */
export const routerFor = (queries: QueryClient) =>
  createRouter({
    routeTree: tree,
    basepath: "/console",
    context: { queries },
    defaultPreload: "intent",
    scrollRestoration: true,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof routerFor>;
  }
}
