import type { Mailer } from "./mailer.ts";

const timeoutMs = 10_000;

/** A mail provider with a JSON API in the form of Resend's `POST /emails`. */
export const httpMailer = ({ url, key, from }: { url: string; key: string; from: string }): Mailer => ({
  async send({ to, subject, text }) {
    const answer = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ from, to, subject, text }),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`The mail provider answered ${answer.status}`);
  },
});
