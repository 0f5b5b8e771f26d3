import { batchMs } from "#src/realtime/index.ts";
import { Gathering } from "./gathering.ts";
import type { Listener, Upkeep } from "./listener.ts";

/** How long what a socket has been sent may be known in memory only: hibernation takes ten times that. */
const writtenWithinMs = 1000;

/** What a hub does for its listeners, a while after they ask for it. */
export function upkeepOf({
  with: doWith,
  ended,
}: Pick<Upkeep, "ended"> & {
  /** Does something with a listener, whose socket ends if that fails. */
  with(listener: Listener, work: (listener: Listener) => void): void;
}): Upkeep {
  const unwritten = new Gathering<Listener>(writtenWithinMs, (one) => doWith(one, (it) => it.write()));
  const unsent = new Gathering<Listener>(batchMs, (one) => doWith(one, (it) => it.flush()));
  return {
    ended,
    writeSoon: (listener) => unwritten.add(listener),
    flushSoon: (listener) => unsent.add(listener),
  };
}
