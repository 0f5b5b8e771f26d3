import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import type { Mail, Mailer } from "./mailer.ts";

/** Connections that a Worker has at once. */
const atOnce = 6;

/**
 * Sends several mails; one that cannot be sent holds up no other.
 * @returns what went wrong, by the mail; the others have gone
 */
export async function sendMails(mailer: Mailer, mails: readonly Mail[]): Promise<Map<Mail, unknown>> {
  const failures = new Map<Mail, unknown>();
  const trying = async (some: readonly Mail[], send: () => Promise<void>) => {
    try {
      await send();
    } catch (error) {
      for (const mail of some) failures.set(mail, error);
    }
  };
  const { sendTogether } = mailer;
  if (mails.length > 1 && sendTogether) await trying(mails, () => sendTogether(mails));
  else await mapConcurrent(mails, atOnce, (mail) => trying([mail], () => mailer.send(mail)));
  return failures;
}
