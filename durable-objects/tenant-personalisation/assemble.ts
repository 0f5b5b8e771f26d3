import { systemClock } from "#src/kernel/clock.ts";
import { type ObjectPlatformBindings, objectLogger, objectPlatformOf } from "#src/object-platform.ts";
import { assembleRecommendations } from "./assemble-recommendations.ts";
import { ConsentDesk } from "./consent-desk.ts";
import { ConsentStore } from "./consent-store.ts";
import { ContextDesk, type InterestSource } from "./context-desk.ts";
import { CountOutbox } from "./count-outbox.ts";
import { Duties, type Duty } from "./duties.ts";
import { ExportDesk } from "./export-desk.ts";
import { FactStore } from "./fact-store.ts";
import { InsightDesk } from "./insight-desk.ts";
import type { Keeper } from "./keeper.ts";
import { News } from "./news.ts";
import { PersonDesk } from "./person-desk.ts";
import { PersonaItems } from "./persona-items.ts";
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
  const { objects, queues, toolCalls } = objectPlatformOf(env, ctx.id);
  const logger = objectLogger(env, ctx, "tenant-personalisation", { client_id: clientId });
  const clock = systemClock;
  const consents = new ConsentStore(sql);
  const news = new News(sql, () => objects.workflows(clientId));
  const stores = { consents, profiles: new ProfileStore(sql), facts: new FactStore(sql) };
  const profiles = new ProfileDesk({ ...stores, news });
  const counts = new CountOutbox({
    ...{ sql, clientId },
    send: (message) => queues.of("platform-events", clientId).send(message),
  });
  const insights = new InsightDesk({ sql, consents, profiles, counts });
  const recommendations = assembleRecommendations(storage, (personId, purpose) =>
    consents.isGranted(personId, purpose),
  );
  const sources: readonly InterestSource[] = [profiles, insights, recommendations.interests];
  const contexts = new ContextDesk({ sql, consents, sources });
  const exports = new ExportDesk(sql);
  const keepers: readonly Keeper[] = [profiles, contexts, insights, recommendations.interactionDesk, exports];
  const duties: readonly Duty[] = [news, counts, ...recommendations.duties];
  const alarm = new Duties({ storage, duties, clock, logger });
  const writing = new Writing(storage, clock, () => alarm.arm());
  const personas = new PersonaItems({
    ...{ writing, logger, itemDesk: recommendations.itemDesk, shelf: recommendations.shelf },
    ask: async () => {
      if (!toolCalls) throw new Error("The gateway, which knows which personas there are, is not bound");
      return toolCalls.personaItemsOf(clientId);
    },
  });
  return {
    consents,
    clock,
    personas,
    recommendations,
    desk: new ConsentDesk({ consents, keepers, news }),
    profiles,
    contexts,
    insights,
    exports,
    persons: new PersonDesk({ ...stores, contexts }),
    alarm,
    writing,
  };
}
