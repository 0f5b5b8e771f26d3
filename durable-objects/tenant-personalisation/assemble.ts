import { systemClock } from "#src/kernel/clock.ts";
import { type ObjectPlatformBindings, objectLogger, objectPlatformOf } from "#src/object-platform.ts";
import { ConsentDesk } from "./consent-desk.ts";
import { ConsentStore } from "./consent-store.ts";
import { Duties, type Duty } from "./duties.ts";
import type { Keeper } from "./keeper.ts";
import { News } from "./news.ts";
import { Writing } from "./writing.ts";

/** Puts the object's parts together. Whoever keeps something of persons is a keeper; what is done by the clock, a duty. */
export function assemble(ctx: DurableObjectState, env: ObjectPlatformBindings) {
  const { storage } = ctx;
  const { sql } = storage;
  const clientId = ctx.id.name ?? "";
  const { objects } = objectPlatformOf(env, ctx.id);
  const logger = objectLogger(env, ctx, "tenant-personalisation", { client_id: clientId });
  const clock = systemClock;
  const consents = new ConsentStore(sql);
  const news = new News(sql, () => objects.workflows(clientId));
  const keepers: readonly Keeper[] = [];
  const duties: readonly Duty[] = [news];
  const alarm = new Duties({ storage, duties, clock, logger });
  return {
    clientId,
    clock,
    consents,
    news,
    desk: new ConsentDesk({ consents, keepers, news }),
    alarm,
    writing: new Writing(storage, clock, () => alarm.arm()),
  };
}
