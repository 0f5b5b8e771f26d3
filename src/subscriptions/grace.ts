import { dayMs } from "#src/kernel/clock.ts";
import type { Settings } from "#src/kernel/config.ts";

/** How long a subscription lasts whose payment has failed, in milliseconds. */
export const graceMsOf = ({ PAST_DUE_GRACE_DAYS }: Pick<Settings, "PAST_DUE_GRACE_DAYS">): number =>
  PAST_DUE_GRACE_DAYS * dayMs;
