import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { personaChats, personaInstances, templates, users } from "#src/db/schema/index.ts";
import { usableRanges } from "#src/tenants/index.ts";

/** The newest so many personas are looked at, and so many templates of the tenant's and of the platform's told. */
const [mostLookedAt, mostTemplates] = [1000, 100];

/** The tenant's newest personas that everybody of it may talk with, newest first. */
export function publishedPersonas(db: Database, clientId: string) {
  const newest = db
    .select({
      id: personaInstances.id,
      name: personaInstances.name,
      templateId: personaInstances.templateId,
      ownerUserId: personaInstances.ownerUserId,
      isActive: personaInstances.isActive,
      createdAt: personaInstances.createdAt,
    })
    .from(personaInstances)
    .where(and(eq(personaInstances.clientId, clientId), isNull(personaInstances.deletedAt)))
    .orderBy(desc(personaInstances.createdAt), desc(personaInstances.id))
    .limit(mostLookedAt)
    .as("newest");
  return db
    .select({
      id: newest.id,
      name: newest.name,
      description: templates.description,
      category: templates.category,
    })
    .from(newest)
    .innerJoin(personaChats, eq(personaChats.instanceId, newest.id))
    .innerJoin(users, eq(users.id, newest.ownerUserId))
    .innerJoin(templates, eq(templates.id, newest.templateId))
    .where(
      and(
        eq(newest.isActive, true),
        eq(personaChats.enabled, true),
        inArray(personaChats.audience, ["tenant", "public"]),
        // Its owner, who pays, is there.
        isNull(users.deletedAt),
        eq(users.isActive, true),
      ),
    )
    .orderBy(desc(newest.createdAt), desc(newest.id));
}

/** The newest templates that everybody of the tenant may make personas from: its own, and the platform's. */
export function usableTemplates(db: Database, clientId: string) {
  const [ofPlatform, ofTenant] = usableRanges(templates.clientId, clientId).map((range) =>
    db
      .select({
        id: templates.id,
        name: templates.name,
        description: templates.description,
        category: templates.category,
      })
      .from(templates)
      .where(and(range, isNull(templates.deletedAt), eq(templates.isActive, true)))
      .orderBy(desc(templates.createdAt), desc(templates.id))
      .limit(mostTemplates),
  );
  return [ofPlatform, ofTenant].flatMap((query) => query ?? []);
}
