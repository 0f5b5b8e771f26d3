import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { singleKeys } from "../parts/choices.ts";
import { useKeys } from "../parts/keys.ts";
import type { User } from "../session/session.ts";
import { useActing, useScope } from "../session/use-session.ts";
import { placesOf } from "./places.ts";

/** Comes when it is asked for first. */
const Palette = lazy(async () => ({ default: (await import("./palette.tsx")).Palette }));

/** So long after `g` a second key names a page. */
const chordMs = 1200;

const general = [
  ["Ctrl K", "Find everything"],
  ["j k", "Next and previous of a list"],
  ["Enter", "Open"],
  ["x", "Select in the list of runs"],
  ["/", "Search of the page"],
  ["Ctrl Enter", "Send the form"],
  ["?", "These keys"],
  ["Esc", "Close what is on top"],
] as const;

/** Single keys that lead to pages, and the help that tells of them. */
export function Keyboard({ user }: { user: User }) {
  const navigate = useNavigate();
  const scope = useScope();
  const isActing = useActing() !== undefined;
  const help = useRef<HTMLDialogElement>(null);
  const places = placesOf(user, scope, isActing).flatMap((group) => group.places);

  const [isFinding, setFinding] = useState(false);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      if (!document.querySelector("dialog[open]")) setFinding(true);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);

  const chordUntil = useRef(0);
  useKeys((key) => {
    if (Date.now() < chordUntil.current) {
      chordUntil.current = 0;
      const place = places.find((candidate) => candidate.key === key);
      if (place) void navigate({ to: place.to });
      return place !== undefined;
    }
    if (key === "g") chordUntil.current = Date.now() + chordMs;
    else if (key === "?") help.current?.showModal();
    else if (key === "/") return focusSearch();
    return false;
  });

  return (
    <>
      {isFinding && (
        <Suspense fallback={null}>
          <Palette places={places} onClose={() => setFinding(false)} />
        </Suspense>
      )}
      <dialog ref={help} className="dialog" aria-labelledby="keys-title">
        <h2 id="keys-title">Keyboard</h2>
        <dl className="keys">
          {places
            .filter(({ key }) => key !== undefined)
            .map(({ key, name }) => (
              <div key={key}>
                <dt>
                  <kbd>g</kbd> <kbd>{key}</kbd>
                </dt>
                <dd>{name}</dd>
              </div>
            ))}
          {general.map(([keys, meaning]) => (
            <div key={keys}>
              <dt>
                {keys.split(" ").map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        {!singleKeys.isOn() && <p className="meta">Single keys are switched off, under Account.</p>}
        <form method="dialog" className="actions">
          <button type="submit">Close</button>
        </form>
      </dialog>
    </>
  );
}

function focusSearch(): boolean {
  const search = document.querySelector<HTMLElement>("main input[type=search]");
  search?.focus();
  return search !== null;
}
