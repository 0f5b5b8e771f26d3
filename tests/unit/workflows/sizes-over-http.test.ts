import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { limits } from "#src/engine/limits.ts";
import { send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, copywriter, execute, get, makeInstance, type Template } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";
import { big, longPlan, newTenant, nothing, rowsOf } from "./sizes.ts";

describe("Over HTTP", () => {
  it("an input that is too large is refused: no run, no place in the quota, no event", async () => {
    const clientId = newTenant();
    const user = await createUser(clientId, { tier: "free" });
    const { id } = await makeInstance(user);
    const input = { topic: "tea", more: big(limits.inputBytes) };
    const answer = await execute(user, id, { input }, { "idempotency-key": "large" });
    expect(await bodyOf(answer, 413)).toMatchObject({ error: "PAYLOAD_TOO_LARGE" });
    // The log may tell of the persona that was made.
    expect(await rowsOf(clientId)).toEqual({ ...nothing, events: expect.any(Number) });
    const { events } = await tenantObject(clientId).readEvents({ since: 0, limit: 100 });
    expect(events.filter(({ event }) => event.startsWith("execution"))).toEqual([]);
    const waiting = await env.DB.prepare(
      "SELECT count(*) AS n FROM event_outbox WHERE client_id = ? AND event LIKE 'execution%'",
    )
      .bind(clientId)
      .first<{ n: number }>();
    expect(waiting).toEqual({ n: 0 });
    expect(
      (await execute(user, id, { input: { topic: "tea" } }, { "idempotency-key": "large" })).status,
    ).toBe(202);
  });

  it("a plan that is too large is refused with the template, and none is made", async () => {
    const clientId = newTenant();
    const { headers } = await createUser(clientId, { role: "admin" });
    const name = `Large of ${clientId}`;
    const config = { ...copywriter.config, workflow: longPlan(limits.configBytes) };
    const answer = await send("POST", "/api/v1/templates", { ...copywriter, name, config }, headers);
    expect([400, 413, 422]).toContain(answer.status);
    const rows = await env.DB.prepare("SELECT count(*) AS n FROM templates WHERE name = ?")
      .bind(name)
      .first();
    expect(rows).toEqual({ n: 0 });
    await answer.body?.cancel();
    const fitting = await send("POST", "/api/v1/templates", { ...copywriter, name }, headers);
    expect(await bodyOf<Template>(fitting, 201)).toMatchObject({ name });
  });

  it.each(["limit=0", "limit=100000", "limit=x", "cursor=nonsense"])(
    "a history page with %s is refused",
    async (query) => {
      const user = await createUser("sizes_pages");
      const { id } = await makeInstance(user);
      const answer = await get(`/api/v1/personas/instances/${id}/history?${query}`, user);
      expect(await bodyOf(answer, 400)).toMatchObject({ error: expect.any(String) });
    },
  );
});
