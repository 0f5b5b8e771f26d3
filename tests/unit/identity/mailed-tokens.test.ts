import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { inProduction } from "#tests/support/settings.ts";
import { api, call, send } from "../../support/api.ts";
import { createClient } from "../../support/users.ts";
import { password, register } from "./registering.ts";

describe("Mailed tokens", () => {
  const letterTo = async (address: string, subject: string): Promise<string> => {
    const find = async () => {
      const { letters } = await (await call("/dev/mailbox", { headers: { host: "localhost" } })).json<{
        letters: { to: string; subject: string; text: string }[];
      }>();
      const letter = letters.find(
        ({ to, subject: about }) => to === address.toLowerCase() && about === subject,
      );
      return letter && /[0-9a-f]{64}/.exec(letter.text)?.[0];
    };
    await expect.poll(find).toBeTruthy();
    return (await find()) ?? "";
  };

  it("verify the address, once", async () => {
    await createClient("mail_verify");
    const { body, tokens } = await register("mail_verify");
    const token = await letterTo(body.email, "Verify your e-mail address");
    expect((await send("POST", "/api/v1/auth/verify-email", { token })).status).toBe(200);
    expect((await send("POST", "/api/v1/auth/verify-email", { token })).status).toBe(401);
    const signedIn = await send("POST", "/api/v1/auth/login", { email: body.email, password });
    expect(await signedIn.json()).toMatchObject({ user: { id: tokens.user.id, email_verified: true } });
  });

  it("set a new password, once, and end every session", async () => {
    await createClient("mail_reset");
    const { body, tokens } = await register("mail_reset");
    await send("POST", "/api/v1/auth/password/forgot", { email: body.email });
    const token = await letterTo(body.email, "Reset your password");
    const reset = { token, new_password: "Another-Horse-8" };
    expect((await send("POST", "/api/v1/auth/password/reset", reset)).status).toBe(200);
    expect((await send("POST", "/api/v1/auth/password/reset", reset)).status).toBe(401);
    expect((await api(tokens.access_token).POST("/api/v1/auth/validate")).response.status).toBe(401);
    expect((await send("POST", "/api/v1/auth/login", { email: body.email, password })).status).toBe(401);
    expect(
      (await send("POST", "/api/v1/auth/login", { email: body.email, password: "Another-Horse-8" })).status,
    ).toBe(200);
  });

  it("are promised for unknown addresses in the same words", async () => {
    await createClient("mail_unknown");
    const { body } = await register("mail_unknown");
    const [known, unknown] = await Promise.all(
      [body.email, "nobody-at-all@test.example"].map((email) =>
        send("POST", "/api/v1/auth/password/forgot", { email }),
      ),
    );
    expect([known?.status, unknown?.status]).toEqual([202, 202]);
    expect(await known?.text()).toBe(await unknown?.text());
  });

  it("are shown in development only", async () => {
    const { devMailbox } = await import("#workers/gateway/routes/dev-mailbox.ts");
    const { handleError } = await import("#workers/gateway/middleware/error-handler.ts");
    devMailbox.onError(handleError);
    const answer = await devMailbox.request("/dev/mailbox", {}, { ...env, ...inProduction });
    expect(answer.status).toBe(404);
  });

  it.each<[string, number]>([
    ["localhost:8787", 200],
    ["127.0.0.1", 200],
    ["[::1]:8787", 200],
    ["rebound.example", 404],
    ["127.0.0.1.example", 404],
    ["192.168.1.7:8787", 404],
  ])("are shown to who asks %s: %i", async (host, status) => {
    expect((await call("/dev/mailbox", { headers: { host } })).status).toBe(status);
  });
});
