import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { createRouter } from "../../../src/http/openapi.ts";
import { createApp } from "../../../workers/gateway/app.ts";
import type { GatewayContext } from "../../../workers/gateway/context.ts";
import { deadline } from "../../../workers/gateway/middleware/deadline.ts";
import { handleError } from "../../../workers/gateway/middleware/error-handler.ts";

const begun = new TextEncoder().encode('{"email":"a@b.exam');

const post = (path: string, body: ReadableStream) =>
  new Request(`http://platform.test${path}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });

/** A gateway with a deadline so short that it is over at once. */
function hasty() {
  const app = createRouter<GatewayContext>();
  app.use(deadline(1));
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
