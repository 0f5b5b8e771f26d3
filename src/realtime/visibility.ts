import type { PlatformEvent } from "#src/events/index.ts";
import type { Actor } from "#src/kernel/actor.ts";
import { audienceOf } from "#src/kernel/event-catalogue.ts";
import type { Audience } from "#src/kernel/events/entry.ts";
import type { RunScope } from "#src/objects/runs-api.ts";
import { policies, type Right } from "#src/operation/policy.ts";
import { holdsAny } from "#src/operation/rights.ts";

/** Whoever listens, as far as it decides what they may hear. */
export type Hearer = { userId: string } & Pick<Actor, "role" | "permissions">;

/** What lets somebody hear of others' things: what lets them read those in REST. */
const rightsTo: Record<Audience, readonly Right[]> = {
  person: [],
  owner: policies.getRun.tenant,
  staff: policies.getUser.tenant,
  billing: policies.getSubscriptionOfUser.tenant,
  commerce: policies.getOrder.tenant,
  handlers: policies.getConversationOfTenant.tenant,
  tenant: ["anybody"],
  connection: [],
};

/** Whether somebody may hear of anything that is another's: of what is for all, everybody may. */
export const hearsOfOthers = (hearer: Pick<Actor, "role" | "permissions">): boolean =>
  holdsAny(hearer, [
    ...rightsTo.owner,
    ...rightsTo.staff,
    ...rightsTo.billing,
    ...rightsTo.handlers,
    ...rightsTo.commerce,
  ]);

/** The runs that somebody may read: their own, or, with a right to others', all of their tenant. */
export const runsReadBy = (hearer: Hearer): RunScope =>
  holdsAny(hearer, policies.getRun.tenant) ? "tenant" : { userId: hearer.userId };

/** Whether an event may be shown: live, in `history` and in a replay alike. */
export const maySee = (
  hearer: Hearer,
  { owner_user_id, event }: Pick<PlatformEvent, "owner_user_id" | "event">,
): boolean => {
  const audience = audienceOf(event);
  // What has no owner is for all, unless it is for those alone who have a right to it.
  const isOwn = owner_user_id === hearer.userId || (owner_user_id === null && audience !== "commerce");
  return isOwn || holdsAny(hearer, rightsTo[audience]);
};
