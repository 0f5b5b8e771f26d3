import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import { approvalsQuery } from "../data/approvals.ts";
import { type Liveness, liveness } from "../live/live.ts";
import { Icon } from "../parts/icons.tsx";
import { signOut, type User } from "../session/session.ts";
import { useActing, useScope } from "../session/use-session.ts";
import { icons, placesOf } from "./places.ts";

const words: Record<Liveness, string> = { live: "Live", reconnecting: "Reconnecting", offline: "Offline" };

/** More decisions than these are not counted one by one. */
const maxCounted = 99;

/** How many runs wait for the caller. */
export function useWaitingCount(): number {
  const isActing = useActing() !== undefined;
  const { data } = useInfiniteQuery({ ...approvalsQuery(), enabled: !isActing });
  return data?.pages[0]?.waiting ?? 0;
}

/** The menu: pages, who is signed in, and whether what is shown is fresh. */
export function Menu({ user }: { user: User }) {
  const state = useSyncExternalStore(liveness.subscribe, liveness.now);
  const waiting = useWaitingCount();
  const scope = useScope();
  const within = useActing();
  return (
    <div className="menu">
      <div className="brand">
        <img src="/console/icon.svg" alt="" width="24" height="24" />
        Persona Edge
      </div>
      <nav aria-label="Pages">
        {placesOf(user, scope, within !== undefined).map(({ name, places }) => (
          <div key={name ?? "work"} className="menu-group">
            {name && <h2>{name}</h2>}
            <ul>
              {places.map(({ to, name: place }) => (
                <li key={to}>
                  <Link
                    to={to}
                    className="menu-link"
                    activeOptions={{ exact: to === "/" || to === "/admin", includeSearch: false }}
                    activeProps={{ "aria-current": "page" }}
                  >
                    <Icon name={icons[to]} />
                    {place}
                    {to === "/inbox" && waiting > 0 && (
                      <span className="badge">
                        {waiting > maxCounted ? `${maxCounted}+` : waiting}
                        <span className="sr"> waiting</span>
                      </span>
                    )}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
        <div className="menu-group">
          <h2>For programs</h2>
          <ul>
            <li>
              <a href="/api/docs" className="menu-link">
                <Icon name="docs" />
                API reference
              </a>
            </li>
            <li>
              <a href="/api/graphql" className="menu-link">
                <Icon name="docs" />
                GraphiQL
              </a>
            </li>
          </ul>
        </div>
      </nav>
      <div className="who">
        {!within && (
          <p className={`liveness ${state}`} role="status">
            {words[state]}
          </p>
        )}
        <p className="who-name" title={user.email}>
          {user.email}
        </p>
        <p className="meta">{within?.clientId ?? user.client_id}</p>
        <button type="button" className="bare" onClick={() => void signOut()}>
          <Icon name="out" />
          Sign out
        </button>
      </div>
    </div>
  );
}
