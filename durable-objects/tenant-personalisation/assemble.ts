import { systemClock } from "#src/kernel/clock.ts";
import { type ObjectPlatformBindings, objectLogger, objectPlatformOf } from "#src/object-platform.ts";
import { assembleRecommendations } from "./assemble-recommendations.ts";
import { ConsentDesk } from "./consent-desk.ts";
import { ConsentStore } from "./consent-store.ts";
import { ContextDesk, type InterestSource } from "./context-desk.ts";
import { Duties, type Duty } from "./duties.ts";
import { ExportDesk } from "./export-desk.ts";
import { FactStore } from "./fact-store.ts";
import type { Keeper } from "./keeper.ts";
import { News } from "./news.ts";
import { PersonDesk } from "./person-desk.ts";
import { ProfileDesk } from "./profile-desk.ts";
import { ProfileStore } from "./profile-store.ts";
import { Writing } from "./writing.ts";

/**
 * Puts the object's parts together. Whoever keeps something of persons is a keeper; whoever knows what they care for, a
 * source; what is done by the clock, a duty.
 */
export function assemble(ctx: DurableObjectState, env: ObjectPlatformBindings) {
  const { storage } = ctx;
  const { sql } = storage;
  const clientId = ctx.id.name ?? "";
  const { objects } = objectPlatformOf(env, ctx.id);
  const logger = objectLogger(env, ctx, "tenant-personalisation", { client_id: clientId });
  const clock = systemClock;
  const consents = new ConsentStore(sql);
  const news = new News(sql, () => objects.workflows(clientId));
  const stores = { consents, profiles: new ProfileStore(sql), facts: new FactStore(sql) };
  const profiles = new ProfileDesk({ ...stores, news });
  const sources: readonly InterestSource[] = [profiles];
  const contexts = new ContextDesk({ sql, consents, sources });
  const exports = new ExportDesk(sql);
  const recommendations = assembleRecommendations(storage, (personId, purpose) =>
    consents.isGranted(personId, purpose),
  );
  const keepers: readonly Keeper[] = [profiles, contexts, recommendations.interactionDesk, exports];
  const duties: readonly Duty[] = [news, ...recommendations.duties];
  const alarm = new Duties({ storage, duties, clock, logger });
  return {
    consents,
    recommendations,
    desk: new ConsentDesk({ consents, keepers, news }),
    profiles,
    contexts,
    exports,
    persons: new PersonDesk({ ...stores, contexts }),
    alarm,
    writing: new Writing(storage, clock, () => alarm.arm()),
  };
}
