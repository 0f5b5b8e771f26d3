import { OpenAPIHono } from "@hono/zod-openapi";
import { html } from "hono/html";
import { AppError } from "#src/kernel/app-error.ts";
import { settingsOf } from "#src/kernel/config.ts";
import type { GatewayContext, GatewayRequest } from "../context.ts";
import { loopbackOnly } from "../middleware/loopback-only.ts";

/** The sandbox's page on which something is paid; in production this path does not exist. Not part of the API document. */
export const devCheckout = new OpenAPIHono<GatewayContext>();

/** Asks the sandbox of payments for something that only its page does. */
async function asked(c: GatewayRequest, method: string, what = ""): Promise<Response> {
  const { SANDBOX } = c.env;
  if (settingsOf(c.env).ENVIRONMENT !== "development" || !SANDBOX) throw new AppError("NOT_FOUND");
  const id = encodeURIComponent(c.req.param("id") ?? "");
  const url = `https://sandbox.internal/v1/test_helpers/checkout_sessions/${id}${what}`;
  return SANDBOX.fetch(new Request(url, { method }));
}

devCheckout.get("/dev/checkout/:id", loopbackOnly, async (c) => {
  const answer = await asked(c, "GET");
  if (!answer.ok) throw new AppError("NOT_FOUND");
  const { name, amount } = await answer.json<{ name: string; amount: number }>();
  return c.html(
    html`<!doctype html><html lang="en"><title>Sandbox checkout</title>
      <h1>${name}</h1><p>$${(amount / 100).toFixed(2)}</p>
      <form method="post" action="${c.req.path}/pay"><button>Pay</button></form>
      <form method="post" action="${c.req.path}/decline"><button>Have the card declined</button></form></html>`,
  );
});

devCheckout.post("/dev/checkout/:id/:what{pay|decline}", loopbackOnly, async (c) => {
  const answer = await asked(c, "POST", `/${c.req.param("what")}`);
  if (!answer.ok) throw new AppError("NOT_FOUND");
  const { url } = await answer.json<{ url: string }>();
  return c.redirect(url, 303);
});
