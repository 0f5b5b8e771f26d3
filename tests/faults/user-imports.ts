import { env } from "cloudflare:workers";
import { leaseMilliseconds } from "#src/administration/user-import/continue-import.ts";
import { database } from "#src/db/client.ts";
import type { Clock } from "#src/kernel/clock.ts";

export const db = database(env.DB);

export const later: Clock = { now: () => Date.now() + leaseMilliseconds + 1 };
