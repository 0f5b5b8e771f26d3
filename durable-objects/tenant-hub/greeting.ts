import { type Extent, type Place, resumeAt } from "#src/events/index.ts";
import { connectionFrame } from "#src/realtime/index.ts";
import type { Listener } from "./listener.ts";

/** Says to whoever has come where the log stands, and what of it they have missed for good. */
export function greet(listener: Listener, extent: Extent, place: Place | undefined): void {
  const { epoch, latest } = extent;
  const { after, gap } = resumeAt(place ?? { seq: latest }, extent);
  const say = (told: Parameters<typeof connectionFrame>[0]) =>
    listener.send(connectionFrame(told, Date.now()));
  const { userId: user_id } = listener.caller;
  say({ event: "connection.established", data: { user_id, seq: latest, epoch } });
  if (gap) say({ event: "history.gap", data: gap });
  listener.startAfter({ epoch, seq: after });
}
