import { hasRole, isAccount, type Talker } from "#src/kernel/actor.ts";

/** Whether somebody is here who answers in conversations of the tenant. */
export const actsAsStaff = (actor: Talker): boolean =>
  isAccount(actor) &&
  (hasRole(actor, "moderator") ||
    actor.permissions.some((one) => one === "conversations.handle" || one === "*"));
