import type { EventsOf } from "#client/index.ts";
import { desktopNotices } from "../parts/choices.ts";
import { onEvent } from "./live.ts";

type Paused = EventsOf<"execution.paused">;

/**
 * Tells the desktop of decisions that wait while nobody looks at the page, where somebody has asked for that.
 * @param open shows what is asked
 * @returns what ends that
 */
export const notifyOfDecisions = (open: (run: string, step: string) => void): (() => void) =>
  onEvent("execution.paused", ({ data }: Paused) => {
    if (!desktopNotices.isOn() || !document.hidden || Notification.permission !== "granted") return;
    const { correlation_id: run, step, description } = data;
    // Of several tabs each says it: what has the same name takes the other's place.
    const notice = new Notification("A decision waits", { body: description ?? step, tag: `${run} ${step}` });
    notice.onclick = () => {
      window.focus();
      open(run, step);
      notice.close();
    };
  });
