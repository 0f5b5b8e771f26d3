import { env } from "cloudflare:workers";
import { OpenAPIHono } from "@hono/zod-openapi";
import { describe, expect, it, vi } from "vitest";
import { database } from "#src/db/client.ts";
import { findOneTimeToken } from "#src/identity/passwords/one-time-token-repository.ts";
import { createApp } from "#workers/gateway/app.ts";
import type { GatewayContext } from "#workers/gateway/context.ts";
import { inTime } from "#workers/gateway/middleware/deadline.ts";
import { handleError } from "#workers/gateway/middleware/error-handler.ts";
import { call } from "../../support/api.ts";

const begun = new TextEncoder().encode('{"email":"a@b.exam');

const post = (path: string, body: ReadableStream) =>
  new Request(`http://platform.test${path}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });

/** A gateway with a deadline so short that it is over at once. */
function hasty() {
  const app = new OpenAPIHono<GatewayContext>();
  app.use(async (c, next) => inTime(c, next, 1));
  app.post("/read", async (c) => c.json(await c.req.json()));
  app.post("/hang", async (c) => {
    await c.req.json();
    return new Promise<Response>(() => {});
  });
  app.onError(handleError);
  return app;
}

describe("A request body", () => {
  it("that stays half sent is answered when the time is over", async () => {
    const half = new ReadableStream({ start: (controller) => controller.enqueue(begun) });
    const answer = await hasty().request(post("/read", half), {}, env);
    expect([answer.status, await answer.json()]).toMatchObject([408, { error: "REQUEST_TIMEOUT" }]);
  });

  it("that has arrived is not blamed for work that takes too long", async () => {
    const answer = await hasty().request("/hang", { method: "POST", body: "{}" }, env);
    expect([answer.status, await answer.json()]).toMatchObject([504, { error: "GATEWAY_TIMEOUT" }]);
  });

  it("that breaks off is the caller's fault, told at info without a stack", async () => {
    const errors = vi.spyOn(console, "error");
    const broken = new ReadableStream({
      pull(controller) {
        controller.enqueue(begun);
        controller.error(new Error("Network connection lost."));
      },
    });
    const answer = await createApp().request(post("/api/v1/auth/login", broken), {}, env);
    expect([answer.status, await answer.json()]).toMatchObject([400, { message: expect.any(String) }]);
    expect(errors).not.toHaveBeenCalled();
    errors.mockRestore();
  });
});

/** Half a megabyte that a careless search reads again from each of its quotation marks. */
const unending = (end: string) => `{"n":9999999999999999,"text":"${'\\"'.repeat(100_000)}${end}`;

describe("Whoever has no token", () => {
  it.each([
    ["a text that never ends", unending("")],
    ["a text that ends in the middle of a character", unending("\\")],
    ["a text with an escaped line break", unending("\\\n")],
    ["many texts that never begin", '"\\'.repeat(100_000)],
    ["nothing but digits", `[${"1".repeat(900_000)}`],
  ])("costs the gateway no time with %s", async (_, body) => {
    const begun = performance.now();
    const headers = { "content-type": "application/json" };
    const answer = await call("/api/v1/auth/login", { method: "POST", body, headers });
    expect(answer.status).toBe(400);
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  it("costs it no digest of what is no token", async () => {
    const token = "a".repeat(1_000_000);
    const begun = performance.now();
    for (let n = 0; n < 100; n++)
      expect(await findOneTimeToken(database(env.DB), ["verify_email"], token, 0)).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
