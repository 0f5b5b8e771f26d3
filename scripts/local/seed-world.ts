import { and, eq, isNull } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#src/db/client.ts";
import { personaInstances, runs, templates, usage, users } from "#src/db/schema/index.ts";
import { runCopyOf, usedBy } from "#src/history/index.ts";
import { newRunId } from "#src/objects/run-id.ts";
import { countUsage } from "#src/read-models/index.ts";
import type { Blobs } from "./local-database.ts";
import { demo } from "./options.ts";
import { type DemoPersona, pastRun } from "./past-run.ts";

/** How many days the demo's past goes back; and how many runs a day had, over and over. */
const days = 14;
const runsOfDay = [3, 5, 4, 6, 2, 1, 4];
const dayMs = 86_400_000;

/** What people have asked for. */
const topics = [
  "The night train to Lisbon",
  "Porto in November",
  "Tea at high altitude",
  "Electric bicycles in Portugal",
  "How azulejos are made",
  "Kites for beginners",
  "A teapot for one",
];

/** What the demo user's personas are called, by their templates. */
const personas: Record<string, string> = {
  Copywriter: "Shop copywriter",
  Researcher: "Market researcher",
  "Illustrated article": "Travel magazine",
};

/**
 * Gives the demo user a persona of each template, and a past: runs of two weeks, with what they used. Only where the user
 * has no personas yet, and only for `npm start`: tests begin with nothing.
 * @param blobs where runs lie that ended long ago; the tenant's objects take the lists over from the database
 */
export async function seedWorld(db: Database, blobs: Blobs, now: number): Promise<void> {
  const [, { email }] = demo.accounts;
  const [owner] = await db.select({ id: users.id }).from(users).where(eq(users.email, email));
  if (!owner) return;
  const own = eq(personaInstances.ownerUserId, owner.id);
  if ((await db.select({ id: personaInstances.id }).from(personaInstances).where(own).limit(1)).length > 0)
    return;
  const made = await makePersonas(db, owner.id, now - days * dayMs);
  for (let day = days; day > 0; day--) {
    const count = runsOfDay[day % runsOfDay.length] ?? 3;
    for (let place = 0; place < count; place++) {
      const number = day * 7 + place;
      const persona = made[number % made.length];
      const at = Math.round(now - day * dayMs + ((place + 1) * dayMs) / (count + 2));
      if (persona) await storeRun(db, blobs, persona, { number, at, userId: owner.id });
    }
  }
}

async function makePersonas(db: Database, ownerUserId: string, now: number): Promise<DemoPersona[]> {
  const found = await db
    .select()
    .from(templates)
    .where(and(isNull(templates.deletedAt), isNull(templates.clientId)));
  const made: DemoPersona[] = [];
  for (const { id: templateId, version, name: template, config } of found) {
    const name = personas[template];
    if (name === undefined) continue;
    const id = uuidv7({ msecs: now });
    await db.insert(personaInstances).values({
      id,
      clientId: demo.clientId,
      ownerUserId,
      templateId,
      templateVersion: version,
      projectId: null,
      name,
      config,
      isActive: true,
      revision: 1,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    });
    made.push({ id, templateId, version, config });
  }
  return made;
}

interface Told {
  number: number;
  at: number;
  userId: string;
}

async function storeRun(
  db: Database,
  blobs: Blobs,
  persona: DemoPersona,
  { number, at, userId }: Told,
): Promise<void> {
  const id = newRunId(0, at);
  const topic = topics[number % topics.length] ?? "Tea";
  const { view, row, attempts } = pastRun(persona, { id, at, topic, number });
  await blobs.put(`runs/${demo.clientId}/${id}.json`, JSON.stringify({ ...view, tasks: [] }), {
    httpMetadata: { contentType: "application/json" },
    customMetadata: { user_id: userId },
  });
  const whose = { clientId: demo.clientId, userId, instanceId: persona.id };
  const run = { ...row, ...whose, projectId: null, templateId: persona.templateId };
  const used = attempts.map((attempt) => ({ ...attempt, ...whose }));
  const [first, ...rest] = countUsage(db, [{ ...runCopyOf(run), used: usedBy(used) }]);
  if (!first) return;
  await db.batch([
    first,
    ...rest,
    db.insert(runs).values(run),
    ...used.map((attempt) => db.insert(usage).values(attempt)),
  ]);
}
