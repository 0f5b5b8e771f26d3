import type { ConnectionState, EventsOf, RealtimeConnection, TextUpdate } from "#client/index.ts";

/** How fresh what is shown is. */
export type Liveness = "live" | "reconnecting" | "offline";

/** A tab that nobody has looked at for so long hears nothing. */
const backgroundMs = 5 * 60_000;

const watchers = new Set<() => void>();
const gapListeners = new Set<() => void>();
let connection: RealtimeConnection | undefined;
let state: ConnectionState = "connecting";
let isOffline = !navigator.onLine;

function changed(): void {
  for (const watcher of watchers) watcher();
}

function missed(): void {
  for (const listener of gapListeners) listener();
}

/** Opens the tab's one socket, and ends it with what is returned. */
export function startLive(): () => void {
  let since = connection?.place;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWanted = true;
  const open = async () => {
    isWanted = true;
    // After the page: what it shows at first needs no socket.
    const { realtime } = await import("../session/live-client.ts");
    if (!isWanted) return;
    connection ??= realtime.connect({
      since,
      onGap: missed,
      onState: (next) => {
        state = next;
        changed();
      },
    });
    for (const rejoin of wishes) rejoin();
  };
  const close = () => {
    isWanted = false;
    since = connection?.place;
    connection?.close();
    connection = undefined;
  };
  const lookedAt = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(close, backgroundMs);
    else void open();
  };
  const network = () => {
    isOffline = !navigator.onLine;
    changed();
  };
  document.addEventListener("visibilitychange", lookedAt);
  addEventListener("online", network);
  addEventListener("offline", network);
  void open();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", lookedAt);
    removeEventListener("online", network);
    removeEventListener("offline", network);
    close();
  };
}

/** What is listened to, said again to each new connection. */
const wishes = new Set<() => void>();

function listening(listen: (connection: RealtimeConnection) => () => void): () => void {
  let heard: RealtimeConnection | undefined;
  let stop = () => {};
  const join = () => {
    if (!connection || connection === heard) return;
    heard = connection;
    stop = listen(connection);
  };
  wishes.add(join);
  join();
  return () => {
    wishes.delete(join);
    stop();
  };
}

/** Listens to events of the platform. @returns what ends it */
export const onEvent = <Pattern extends string>(
  pattern: Pattern,
  handle: (event: EventsOf<Pattern>) => void,
): (() => void) => listening((socket) => socket.on(pattern, handle));

/** The texts of a run while they are written. @returns what ends it */
export const onText = (runId: string, handle: (update: TextUpdate) => void): (() => void) =>
  listening((socket) => socket.onText(runId, handle));

/** Called when something was missed for good. @returns what ends it */
export function onMissed(listener: () => void): () => void {
  gapListeners.add(listener);
  return () => gapListeners.delete(listener);
}

/** How the connection stands, for React's `useSyncExternalStore`. */
export const liveness = {
  subscribe(watcher: () => void): () => void {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
  now: (): Liveness => (isOffline ? "offline" : state === "open" ? "live" : "reconnecting"),
};
