import { and, inArray, isNull } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#src/db/client.ts";
import { clients, templates } from "#src/db/schema/index.ts";
import { findUserByEmail, hashPassword, newUserStatements } from "#src/identity/index.ts";
import type { SignedIn } from "#src/kernel/actor.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { createTemplateSchema, newTemplate } from "#src/personas/index.ts";
import { demoTemplates } from "../demo-data.ts";
import { demo } from "./options.ts";

async function seedTenant(db: Database): Promise<void> {
  const now = systemClock.now();
  const settings = { registration: "open" };
  await db
    .insert(clients)
    .values({ id: demo.clientId, displayName: "Demo", settings, createdAt: now, updatedAt: now })
    .onConflictDoNothing();
}

async function seedAccounts(db: Database): Promise<void> {
  for (const { email, password, role, firstName } of demo.accounts) {
    if (await findUserByEmail(db, email)) continue;
    const now = systemClock.now();
    const user = {
      id: uuidv7(),
      email,
      passwordHash: await hashPassword(password),
      role,
      clientId: demo.clientId,
      tier: "enterprise",
      emailVerified: true,
      createdAt: now,
      updatedAt: now,
    } as const;
    await db.batch(newUserStatements(db, user, { firstName, lastName: "Demo" }, uuidv7()));
  }
}

async function seedTemplates(db: Database): Promise<void> {
  const names = demoTemplates.map(({ name }) => name);
  const found = await db
    .select({ name: templates.name })
    .from(templates)
    .where(and(inArray(templates.name, names), isNull(templates.deletedAt)));
  const existing = new Set(found.map(({ name }) => name));
  const seeder: SignedIn = {
    kind: "user",
    via: "job",
    device: { ip: "", userAgent: "" },
    userId: "seed",
    email: "",
    clientId: demo.clientId,
    role: "admin",
    tier: "enterprise",
    permissions: [],
    sessionId: "seed",
    expiresAt: 0,
    scope: "platform",
  };
  const platform = { db, clock: systemClock, settings: settingsOf({}) };
  for (const template of demoTemplates) {
    if (existing.has(template.name)) continue;
    await newTemplate(platform, seeder, createTemplateSchema.parse(template));
  }
}

/** Puts the demo tenant, its accounts and the demo templates into a database; what is there stays. */
export async function seedDemo(db: Database): Promise<void> {
  await seedTenant(db);
  await seedAccounts(db);
  await seedTemplates(db);
}
