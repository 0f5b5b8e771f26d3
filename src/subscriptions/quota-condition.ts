import { sql } from "drizzle-orm";
import { personaInstances, projects, subscriptionTiers, users } from "#src/db/schema/index.ts";

/**
 * True while the user's tier allows one more persona instance. Stands in the
 * `WHERE` of an `INSERT … SELECT`, so that check and insert are one atomic step.
 */
export const withinPersonaQuota = (userId: string) => sql`EXISTS (
  SELECT 1 FROM ${users} JOIN ${subscriptionTiers} ON ${subscriptionTiers.name} = ${users.tier}
  WHERE ${users.id} = ${userId} AND (${subscriptionTiers.maxPersonas} < 0 OR ${subscriptionTiers.maxPersonas} > (
    SELECT count(*) FROM ${personaInstances}
    WHERE ${personaInstances.ownerUserId} = ${userId} AND ${personaInstances.deletedAt} IS NULL)))`;

/** True while the user's tier allows one more project; see `withinPersonaQuota`. */
export const withinProjectQuota = (userId: string) => sql`EXISTS (
  SELECT 1 FROM ${users} JOIN ${subscriptionTiers} ON ${subscriptionTiers.name} = ${users.tier}
  WHERE ${users.id} = ${userId} AND (${subscriptionTiers.maxProjects} < 0 OR ${subscriptionTiers.maxProjects} > (
    SELECT count(*) FROM ${projects} WHERE ${projects.ownerId} = ${userId} AND ${projects.isActive} = 1)))`;
