import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Mail, Mailer } from "./mailer.ts";

const prefix = "mailbox:";
const keptSeconds = 24 * 3600;
const maxShown = 100;

const letterSchema = z.object({ to: z.string(), subject: z.string(), text: z.string(), sent_at: z.string() });
export type Letter = z.infer<typeof letterSchema>;

/** What lies under one key: the letters that were sent at once. */
const bundleSchema = z.array(letterSchema);

/** The development mailer: letters go into KV and are shown at `/dev/mailbox`. */
export function developmentMailbox(store: KVNamespace, now: () => number): Mailer {
  const sendTogether = async (mails: readonly Mail[]) => {
    // Newest first in KV's key order.
    const key = `${prefix}${String(Number.MAX_SAFE_INTEGER - now()).padStart(16, "0")}:${uuidv7()}`;
    const sent_at = new Date(now()).toISOString();
    const letters = mails.map((mail): Letter => ({ ...mail, sent_at }));
    await store.put(key, JSON.stringify(letters), { expirationTtl: keptSeconds });
  };
  return { send: (mail) => sendTogether([mail]), sendTogether };
}

/** The latest letters, newest first. */
export async function readMailbox(store: KVNamespace): Promise<Letter[]> {
  const { keys } = await store.list({ prefix, limit: maxShown });
  const bundles = await Promise.all(keys.map(({ name }) => store.get(name, "json")));
  return bundles.flatMap((bundle) => bundleSchema.safeParse(bundle).data ?? []).slice(0, maxShown);
}
