import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { database } from "#src/db/client.ts";
import { clients, sessions } from "#src/db/schema/index.ts";
import { newUserStatements } from "#src/identity/accounts/user-repository.ts";
import { signAccessToken } from "#src/identity/sessions/access-token.ts";
import { type SignedIn, scopeOf } from "#src/kernel/actor.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";

const db = database(env.DB);

/** A tenant that is open for registration. */
export async function createClient(
  id: string,
  settings: Record<string, unknown> = { registration: "open" },
): Promise<string> {
  const now = systemClock.now();
  await db
    .insert(clients)
    .values({ id, displayName: id, settings, createdAt: now, updatedAt: now })
    .onConflictDoNothing();
  return id;
}

/** An access token for somebody, signed with the test key. */
export const tokenFor = (
  actor: Parameters<typeof signAccessToken>[0],
  now = Date.now(),
  lifetimeSeconds = 3600,
): Promise<string> => signAccessToken(actor, keyRingOf(settingsOf(env)), { now, lifetimeSeconds });

/** A user of a tenant, signed in; made without hashing a password. */
export async function createUser(
  clientId: string,
  overrides: Partial<Pick<SignedIn, "role" | "tier" | "permissions">> = {},
) {
  await createClient(clientId);
  const userId = uuidv7();
  const claims: Omit<SignedIn, "scope"> = {
    kind: "user",
    via: "rest",
    device: { ip: "198.51.100.1", userAgent: "test" },
    userId,
    email: `${userId}@test.example`,
    clientId,
    role: "user",
    tier: "enterprise",
    permissions: [],
    sessionId: uuidv7(),
    expiresAt: Date.now() + 3_600_000,
    ...overrides,
  };
  const actor: SignedIn = { ...claims, scope: scopeOf(claims, settingsOf(env).OPERATOR_CLIENT_ID) };
  const now = systemClock.now();
  const { role, tier, email } = actor;
  const user = {
    id: userId,
    email,
    passwordHash: "none",
    role,
    tier,
    clientId,
    createdAt: now,
    updatedAt: now,
  };
  await db.batch(newUserStatements(db, user, {}, uuidv7()));
  const token = await tokenFor(actor);
  return { actor, token, headers: { authorization: `Bearer ${token}` } };
}

/** Such a user whose session is in the database as well, as sockets ask for. */
export async function createUserWithSession(...of: Parameters<typeof createUser>) {
  const user = await createUser(...of);
  const now = systemClock.now();
  await db.insert(sessions).values({
    id: user.actor.sessionId,
    userId: user.actor.userId,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + 3_600_000,
    ip: "198.51.100.1",
    userAgent: "test",
    generation: 0,
    refreshHash: "none",
    refreshExpiresAt: now + 3_600_000,
    rotatedAt: now,
  });
  return user;
}

export type TestUser = Awaited<ReturnType<typeof createUser>>;
