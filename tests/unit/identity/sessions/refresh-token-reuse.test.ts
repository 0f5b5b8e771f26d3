import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { from, signedIn } from "#tests/support/accounts.ts";
import { send } from "#tests/support/api.ts";
import { bodyOf, eventOf } from "#tests/support/personas.ts";
import { statuses, stranger } from "../sign-ins.ts";

describe("A refresh token that comes back", () => {
  it("is told to the tenant and remembered, with the session", async () => {
    const owner = await signedIn("reuse_told");
    const refresh = (refresh_token: string) =>
      send("POST", "/api/v1/auth/refresh", { refresh_token }, from(stranger));
    const second = await bodyOf<{ refresh_token: string }>(await refresh(owner.refreshToken), 200);
    await bodyOf(await refresh(second.refresh_token), 200);
    expect((await refresh(owner.refreshToken)).status).toBe(401);
    const told = await eventOf("reuse_told", "security.suspicious_activity");
    const [sessionId] = owner.refreshToken.split(".");
    expect(told).toMatchObject({
      entity_id: owner.id,
      data: { kind: "refresh_token_reused", session_id: sessionId, ip: stranger },
    });
    const audited = env.DB.prepare(
      "SELECT details, ip FROM audit_log WHERE target_id = ? AND action = 'security.suspicious_activity'",
    );
    const entry = await audited.bind(owner.id).first<{ details: string; ip: string }>();
    expect(JSON.parse(entry?.details ?? "")).toEqual({ kind: "refresh_token_reused", session_id: sessionId });
    expect(entry?.ip).toBe(stranger);
  });

  it("several times at once is told once", async () => {
    const owner = await signedIn("reuse_once");
    const refresh = (refresh_token: string) => send("POST", "/api/v1/auth/refresh", { refresh_token });
    const second = await bodyOf<{ refresh_token: string }>(await refresh(owner.refreshToken), 200);
    await bodyOf(await refresh(second.refresh_token), 200);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => refresh(owner.refreshToken)));
    expect(new Set(statuses(answers))).toEqual(new Set([401]));
    await eventOf("reuse_once", "security.suspicious_activity");
    const audited = env.DB.prepare(
      "SELECT count(*) AS n FROM audit_log WHERE target_id = ? AND action = 'security.suspicious_activity'",
    );
    expect(await audited.bind(owner.id).first("n")).toBe(1);
  });
});
