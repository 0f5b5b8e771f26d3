import { useSyncExternalStore } from "react";
import { explained } from "./explained.ts";

interface Message {
  id: number;
  text: string;
  isFailure: boolean;
}

const shownMs = 6000;
let messages: readonly Message[] = [];
let spoken = "";
let last = 0;
const watchers = new Set<() => void>();

function set(next: readonly Message[]): void {
  messages = next;
  for (const watcher of watchers) watcher();
}

function show(text: string, isFailure: boolean): void {
  const id = ++last;
  set([...messages.slice(-2), { id, text, isFailure }]);
  setTimeout(() => set(messages.filter((message) => message.id !== id)), shownMs);
}

/** Tells what has been done. */
export const tell = (text: string): void => show(text, false);

/** Tells what has gone wrong with something that was done here. */
export function tellFailure(error: unknown): void {
  const { title, message } = explained(error);
  show(message ? `${title} · ${message}` : title, true);
}

/** Says something to whoever listens to the page, and shows nothing. */
export function say(text: string): void {
  spoken = text;
  set([...messages]);
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Messages above everything else, and the region that is read out. */
export function Messages() {
  const shown = useSyncExternalStore(subscribe, () => messages);
  const said = useSyncExternalStore(subscribe, () => spoken);
  return (
    <>
      <p className="sr" role="status">
        {said}
      </p>
      <div className="messages" role="log" aria-label="Messages">
        {shown.map(({ id, text, isFailure }) => (
          <p key={id} className={isFailure ? "message failure" : "message"}>
            {text}
          </p>
        ))}
      </div>
    </>
  );
}
