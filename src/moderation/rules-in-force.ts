import { Moderation } from "#src/conversations/index.ts";
import type { Database } from "#src/db/client.ts";
import type { Platform } from "#src/platform.ts";
import { type RuleRow, rulesOf } from "./rules/rule-repository.ts";

/** Rules are read again when they are so old; a change counts everywhere within that. */
const maxAgeMs = 2000;

/** Tenants whose rules an isolate holds. */
const maxHeld = 200;

interface Held {
  at: number;
  rules: Promise<Moderation<RuleRow>>;
}

const held = new Map<string, Held>();

async function read(db: Database, clientId: string): Promise<Moderation<RuleRow>> {
  return new Moderation((await rulesOf(db, clientId)).filter(({ isActive }) => isActive));
}

/** The rules of a tenant, as they were at most two seconds ago: one read of D1 in that time, however much is said. */
export async function rulesInForce(
  { db, clock }: Pick<Platform, "db" | "clock">,
  clientId: string,
): Promise<Moderation<RuleRow>> {
  const now = clock.now();
  const known = held.get(clientId);
  if (known && now >= known.at && now - known.at < maxAgeMs) return known.rules;
  const reading = { at: now, rules: read(db, clientId) };
  held.delete(clientId);
  held.set(clientId, reading);
  const [oldest] = held.keys();
  if (held.size > maxHeld && oldest !== undefined) held.delete(oldest);
  try {
    return await reading.rules;
  } catch (error) {
    // Whoever asks next reads them again.
    if (held.get(clientId) === reading) held.delete(clientId);
    throw error;
  }
}

/** Whether a tenant has rules that texts are held against. */
export const isModerated = async (
  platform: Pick<Platform, "db" | "clock">,
  clientId: string,
): Promise<boolean> => (await rulesInForce(platform, clientId)).hasRules;

/** Has this isolate read them again, after it has changed them. */
export const forgetRules = (clientId: string): boolean => held.delete(clientId);
