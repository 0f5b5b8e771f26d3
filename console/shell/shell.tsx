import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Fragment, lazy, Suspense, useEffect, useRef } from "react";
import { followRuns } from "../live/follow-runs.ts";
import { startLive } from "../live/live.ts";
import { notifyOfDecisions } from "../live/notify.ts";
import { Icon } from "../parts/icons.tsx";
import { Messages } from "../parts/messages.tsx";
import { useActing, useUser } from "../session/use-session.ts";
import { Menu } from "./menu.tsx";

/** Few are ever within another tenant. */
const ActingBar = lazy(async () => ({ default: (await import("./acting-bar.tsx")).ActingBar }));

/** Keys are there a moment after the page. */
const Keyboard = lazy(async () => ({ default: (await import("./keyboard.tsx")).Keyboard }));

/** What stands around every page: the menu, messages, keys; and the socket that all of them hear. */
export function Shell() {
  const user = useUser();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const main = useRef<HTMLElement>(null);
  const drawer = useRef<HTMLDialogElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const lastPath = useRef(path);
  const userId = user?.id;
  const within = useActing();
  // The socket is the session's, which hears of home.
  const isHeard = userId !== undefined && !within;

  useEffect(() => {
    if (!isHeard) return;
    const stopLive = startLive();
    const stopFollowing = followRuns(queries);
    const stopNotifying = notifyOfDecisions(
      (run, step) => void navigate({ to: "/inbox", search: { run, step } }),
    );
    return () => {
      stopNotifying();
      stopFollowing();
      stopLive();
    };
  }, [isHeard, queries, navigate]);

  useEffect(() => {
    if (userId) return;
    queries.clear();
    const { pathname, search } = location;
    const to = pathname.replace(/^\/console/, "") + search;
    void navigate({ to: "/sign-in", search: { to: to === "/" ? undefined : to } });
  }, [userId, queries, navigate]);

  // A change of page is a change of place, also for who does not see it.
  useEffect(() => {
    if (lastPath.current === path) return;
    lastPath.current = path;
    drawer.current?.close();
    const heading = main.current?.querySelector<HTMLElement>("h1");
    (heading ?? main.current)?.focus({ preventScroll: true });
  }, [path]);

  if (!user) return null;
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      {within && (
        <Suspense>
          <ActingBar within={within} />
        </Suspense>
      )}
      <header className="bar">
        <button type="button" className="bare" aria-label="Menu" onClick={() => drawer.current?.showModal()}>
          <Icon name="menu" />
        </button>
        <img src="/console/icon.svg" alt="" width="22" height="22" />
        <span>Persona Edge</span>
      </header>
      <aside className="side">
        <Menu user={user} />
      </aside>
      <dialog className="drawer" ref={drawer} aria-label="Menu">
        <button
          type="button"
          className="bare drawer-close"
          aria-label="Close"
          onClick={() => drawer.current?.close()}
        >
          <Icon name="close" />
        </button>
        <Menu user={user} />
      </dialog>
      <main id="main" ref={main} tabIndex={-1}>
        <Fragment key={within?.clientId ?? "home"}>
          <Outlet />
        </Fragment>
      </main>
      <Messages />
      <Suspense>
        <Keyboard user={user} />
      </Suspense>
    </div>
  );
}
