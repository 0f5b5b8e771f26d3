import { expect, it } from "vitest";
import { apiClient, dataOf } from "#client/index.ts";
import { demo } from "#scripts/local/options.ts";
import { eventually } from "../../support/outside.ts";
import { serverOfOnesOwn } from "../../support/server-of-ones-own.ts";

const payers = 5;

it("Who has paid has their tier and one charge, although everything is killed between the payment and its record", async () => {
  const server = serverOfOnesOwn({ RATE_LIMITS: "off" });
  try {
    const baseUrl = await server.start();
    const users = await Promise.all(
      Array.from({ length: payers }, async (_, n) => {
        const body = {
          email: `payer${n}@example.com`,
          password: "Correct-Horse-9",
          client_id: demo.clientId,
        };
        const { access_token: token } = dataOf(
          await apiClient({ baseUrl }).POST("/api/v1/auth/register", { body }),
        );
        const api = apiClient({ baseUrl, token });
        const order = { tier: "basic" as const, success_url: baseUrl, cancel_url: baseUrl };
        const { url } = dataOf(await api.POST("/api/v1/subscription/checkout", { body: order }));
        const pay = () => fetch(`${baseUrl}${url}/pay`, { method: "POST", redirect: "manual" });
        return { api, pay };
      }),
    );
    const paying = users.map(async ({ pay }) => (await pay()).status);
    // The first has paid: of the others some have, some have not, and what was posted of it is on its way.
    expect(await Promise.any(paying)).toBe(303);
    await server.kill();
    const answers = await Promise.allSettled(paying);
    await server.start();
    for (const [n, { api, pay }] of users.entries()) {
      // Who was not answered pays again, on the same page.
      if (answers[n]?.status === "rejected") expect((await pay()).status).toBe(303);
      await eventually(async () => {
        const { tier } = dataOf(await api.GET("/api/v1/subscription"));
        return tier === "basic" || undefined;
      }, 30_000);
      const { payments } = dataOf(await api.GET("/api/v1/subscription/payments"));
      expect(payments.map(({ kind, amount }) => ({ kind, amount }))).toEqual([
        { kind: "charge", amount: 999 },
      ]);
    }
  } finally {
    await server.dispose();
  }
}, 180_000);
