import type { Purpose } from "#src/kernel/personalisation-words.ts";
import { ExpiryDuty } from "./expiry.ts";
import { InteractionDesk } from "./interaction-desk.ts";
import { InteractionStore } from "./interaction-store.ts";
import { ItemDesk } from "./item-desk.ts";
import { ItemStore } from "./item-store.ts";
import { LearningState } from "./learning-state.ts";
import { LikedTags } from "./liked-tags.ts";
import { NeighbourStore } from "./neighbour-store.ts";
import { QualityStore } from "./quality-store.ts";
import { RebuildDuty } from "./rebuild.ts";
import { RecommendingDesk } from "./recommending-desk.ts";
import { Shelf } from "./shelf.ts";

/** Puts together what recommends: its desks, what it keeps of persons, and what it does by the clock. */
export function assembleRecommendations(
  storage: Pick<DurableObjectStorage, "sql" | "transactionSync">,
  isGranted: (personId: string, purpose: Purpose) => boolean,
) {
  const { sql } = storage;
  const items = new ItemStore(sql);
  const neighbours = new NeighbourStore(sql);
  const learning = new LearningState(sql);
  const quality = new QualityStore(sql);
  const interactions = new InteractionStore(sql);
  const shelf = new Shelf({ items, neighbours, learning });
  const learnt = { interactions, neighbours, learning, quality, shelf, isGranted };
  const interactionDesk = new InteractionDesk(learnt);
  const duties = [
    new RebuildDuty({ ...learnt, transaction: (work) => storage.transactionSync(work) }),
    new ExpiryDuty({ interactions, quality }),
  ] as const;
  return {
    items,
    quality,
    shelf,
    interests: new LikedTags({ interactions, items }),
    interactionDesk,
    itemDesk: new ItemDesk({ ...learnt, items, interactions: interactionDesk }),
    recommendingDesk: new RecommendingDesk({ ...learnt, items }),
    duties,
  };
}
