import { describe, expect, it } from "vitest";
import { forgetLease } from "#src/objects/access-lease.ts";
import { call } from "../../support/api.ts";
import { accessGate } from "../../support/objects.ts";
import { createUser } from "../../support/users.ts";

describe("A caller", () => {
  it.each([
    ["nobody", {}],
    ["with a broken header", { authorization: "Bearer" }],
    ["with another scheme", { authorization: "Basic dTpw" }],
    ["with nonsense", { authorization: "Bearer nonsense" }],
  ])("%s gets 401 in the one error shape", async (_, headers) => {
    const answer = await call("/api/v1/user/profile", { headers });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual(
      expect.objectContaining({
        error: expect.any(String),
        message: expect.any(String),
        request_id: expect.any(String),
      }),
    );
  });

  it("cannot change who they are by identity headers", async () => {
    const user = await createUser("spoof_target");
    const other = await createUser("spoof_other", { role: "admin" });
    const answer = await call("/api/v1/user/profile", {
      headers: {
        ...user.headers,
        "x-user-id": other.actor.userId,
        "x-user-role": "admin",
        "x-client-id": "spoof_other",
      },
    });
    expect(await answer.json()).toMatchObject({ user_id: user.actor.userId });
    const admin = await call("/api/v1/templates", { headers: { ...user.headers, "x-user-role": "admin" } });
    expect(admin.status).toBe(403);
  });

  it("is shut out when the tenant is deactivated", async () => {
    const user = await createUser("tenant_off");
    expect((await call("/api/v1/user/profile", { headers: user.headers })).status).toBe(200);
    await accessGate("tenant_off").setTenantActive(false);
    forgetLease("tenant_off");
    expect((await call("/api/v1/user/profile", { headers: user.headers })).status).toBe(401);
  });
});
