import type { CallLimit, CallsAsked, CallsGranted } from "#src/objects/call-counts-api.ts";

/** What an isolate has been granted last in a window. */
interface OpenGrant {
  granted: number;
  /** How much of it nobody was waiting for. */
  reserve: number;
}

/** The calls of somebody in a period. It begins with the first call after the one before is over, and no call moves it. */
export interface CallWindow {
  seconds: number;
  /** Epoch milliseconds. */
  startedAt: number;
  /** All that has been granted, less what has come back. */
  used: number;
  /** What may come back, by the names of the grants: one of each isolate. */
  open: Readonly<Record<string, OpenGrant>>;
}

/**
 * The share of a limit that all isolates together may have in reserve: whoever is refused has used all of the limit but
 * this (docs/api.md#rate-limits).
 */
const reserveShare = 0.02;

/** Isolates that can give something back in one window; more get no reserve. */
const maxOpen = 64;

/**
 * Grants calls: as many as are left in every window, and a reserve as long as all reserves together stay below a
 * fiftieth of every limit.
 * @param before the windows as they were left
 * @param now epoch milliseconds by the clock that all windows go by; one that was put back keeps a window no longer
 *   than its whole period
 */
export function grantCalls(
  before: readonly CallWindow[],
  { limits, wanted, reserve, grant, former }: CallsAsked,
  now: number,
): { windows: CallWindow[]; answer: CallsGranted } {
  const running = limits.map((limit) => ({ limit, window: runningWindow(before, limit, former, now) }));
  const left = Math.max(0, Math.min(...running.map(({ limit, window }) => limit.most - window.used)));
  const calls = Math.min(wanted, left);
  const spare = Math.min(reserve, left - calls, ...running.map(roomForReserve));
  const granted = calls + spare;
  const windows = running.map(({ window }) => withGrant(window, grant, { granted, reserve: spare }));
  return {
    windows,
    answer: {
      granted,
      windows: windows.map(({ seconds, startedAt, used }, index) => ({
        remaining: Math.max(0, (limits[index]?.most ?? 0) - used),
        resetsIn: startedAt + seconds * 1000 - now,
      })),
    },
  };
}

/** The window of a limit that is running now, with what comes back in it. */
function runningWindow(
  before: readonly CallWindow[],
  { seconds }: CallLimit,
  former: CallsAsked["former"],
  now: number,
): CallWindow {
  const window = before.find((one) => one.seconds === seconds);
  if (!window || now >= window.startedAt + seconds * 1000) return begun(seconds, now);
  const returned = former && window.open[former.grant] ? withReturned(window, former) : window;
  // Nothing was used after all; or the clock has been put back.
  if (returned.used === 0) return begun(seconds, now);
  return { ...returned, startedAt: Math.min(returned.startedAt, now) };
}

const begun = (seconds: number, now: number): CallWindow => ({
  seconds,
  startedAt: now,
  used: 0,
  open: {},
});

function withReturned(window: CallWindow, { grant, unused }: NonNullable<CallsAsked["former"]>): CallWindow {
  const { [grant]: closed, ...open } = window.open;
  return { ...window, used: window.used - Math.min(unused, closed?.granted ?? 0), open };
}

function roomForReserve({ limit, window }: { limit: CallLimit; window: CallWindow }): number {
  const grants = Object.values(window.open);
  if (grants.length >= maxOpen) return 0;
  const reserved = grants.reduce((sum, { reserve }) => sum + reserve, 0);
  return Math.max(0, Math.floor(limit.most * reserveShare) - reserved);
}

function withGrant(window: CallWindow, name: string, grant: OpenGrant): CallWindow {
  if (grant.granted === 0) return window;
  const isFull = Object.keys(window.open).length >= maxOpen;
  const open = isFull ? window.open : { ...window.open, [name]: grant };
  return { ...window, used: window.used + grant.granted, open };
}

/** When the last of some windows is over; epoch milliseconds. */
export const endOf = (windows: readonly CallWindow[]): number =>
  Math.max(0, ...windows.map(({ startedAt, seconds }) => startedAt + seconds * 1000));
