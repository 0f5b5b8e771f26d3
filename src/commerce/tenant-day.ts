import { z } from "zod";
import { findClient } from "#src/identity/index.ts";
import type { Platform } from "#src/platform.ts";

const settingsSchema = z.object({
  time_zone: z.string().catch("UTC").default("UTC"),
  reservation_minutes: z.number().int().min(0).max(525_600).catch(60).default(60),
});

/** What a tenant has settled about its shop (`settings` of the tenant). */
export interface ShopSettings {
  /** IANA name. */
  timeZone: string;
  /** How long what is ordered is held while the order is pending; 0 for as long as it is. */
  reservationMinutes: number;
}

/** A tenant's settings; what is not said, or makes no sense, is as usual. */
export async function shopSettings({ db }: Pick<Platform, "db">, clientId: string): Promise<ShopSettings> {
  const client = await findClient(db, clientId);
  const { time_zone, reservation_minutes } = settingsSchema.parse(client?.settings ?? {});
  return { timeZone: time_zone, reservationMinutes: reservation_minutes };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat("en-CA", { timeZone, ...parts });
  } catch {
    // A name that nobody knows.
    made = new Intl.DateTimeFormat("en-CA", { timeZone: "UTC", ...parts });
  }
  formats.set(timeZone, made);
  return made;
}

/** The day that a moment is in where a tenant is: `2026-11-28`. */
export const dayIn = (timeZone: string, at: number): string => formatOf(timeZone).format(at);
