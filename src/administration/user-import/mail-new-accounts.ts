import { makeOneTimeTokens } from "#src/identity/index.ts";
import { type Mail, sendMails } from "#src/mail/index.ts";
import { errorFields } from "#src/observability/logger.ts";
import { mailsDue, noteMails } from "./import-result-repository.ts";
import type { Importing } from "./importing.ts";

const invitation = (to: string, token: string): Mail => ({
  to,
  subject: "Choose your password",
  text: `An account was made for you. Choose its password with this token within an hour; after that, ask for another by "forgot password":\n\n${token}\n`,
});

/** The mails that could not be sent; all of them when there is no mailer. */
async function failuresOf({ mailer }: Importing, mails: readonly Mail[]): Promise<Map<Mail, unknown>> {
  try {
    return await sendMails(mailer(), mails);
  } catch (error) {
    return new Map(mails.map((mail) => [mail, error]));
  }
}

/**
 * Mails owners of accounts without a password a token for choosing one. A mail
 * that fails holds up no other, is tried again later and, in the end, noted.
 * @returns how many were due, at most `limit`
 */
export async function mailNewAccounts(platform: Importing, jobId: string, limit: number): Promise<number> {
  const { db, clock, log } = platform;
  const due = await mailsDue(db, jobId, limit);
  if (due.length === 0) return 0;
  const living = due.filter(({ deletedAt }) => deletedAt === null);
  const tokens = await makeOneTimeTokens(
    db,
    "reset_password",
    living.map(({ userId }) => userId),
    clock.now(),
  );
  const mails = new Map(
    living.map(({ row, userId, email }) => [row, invitation(email, tokens.get(userId) ?? "")]),
  );
  const failures = mails.size > 0 ? await failuresOf(platform, [...mails.values()]) : new Map();
  const isFailed = ({ row }: { row: number }) => failures.has(mails.get(row));
  const [failed, sent] = [due.filter(isFailed), due.filter((letter) => !isFailed(letter))];
  for (const { row } of failed) {
    const reason = errorFields(failures.get(mails.get(row)));
    log.error("mail of an import not sent", { job_id: jobId, row, ...reason });
  }
  const rowsOf = (letters: typeof due) => letters.map(({ row }) => row);
  await noteMails(db, jobId, { sent: rowsOf(sent), failed: rowsOf(failed), now: clock.now() });
  return due.length;
}
