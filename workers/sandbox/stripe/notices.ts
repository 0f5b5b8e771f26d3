import { createHmac } from "node:crypto";

/** As the platform has it for the sandbox (src/providers/payment-provider.ts). */
const secret = "whsec_sandbox";

export interface StripeEvent {
  id: string;
  object: "event";
  type: string;
  created: number;
  data: { object: object };
}

/** Posts an event to the platform as Stripe does; false where it was not taken. */
export async function post(
  platform: Pick<Fetcher, "fetch">,
  event: StripeEvent,
  now: number,
): Promise<boolean> {
  const body = JSON.stringify(event);
  const seconds = Math.floor(now / 1000);
  const v1 = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  try {
    const answer = await platform.fetch("https://platform.internal/api/v1/payments/stripe-webhook", {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "stripe-signature": `t=${seconds},v1=${v1}` },
    });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    // Not there: it is told again, as Stripe does.
    return false;
  }
}
