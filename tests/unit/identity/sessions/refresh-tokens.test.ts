import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { database } from "#src/db/client.ts";
import { findUser } from "#src/identity/accounts/user-repository.ts";
import { openSession } from "#src/identity/sessions/issue-tokens.ts";
import { refreshTokens } from "#src/identity/sessions/refresh-tokens.ts";
import { nobody } from "#src/kernel/actor.ts";
import { perform } from "#src/operation/perform.ts";
import { api, send } from "#tests/support/api.ts";
import { testPlatform } from "#tests/support/platform-in-process.ts";
import { createClient } from "#tests/support/users.ts";
import { password, register } from "../registering.ts";

describe("POST /auth/refresh", () => {
  const refresh = (refresh_token: string) => send("POST", "/api/v1/auth/refresh", { refresh_token });
  const nextOf = async (answer: Response) => (await answer.json<{ refresh_token: string }>()).refresh_token;

  it("trades a refresh token for the next one", async () => {
    await createClient("refresh_next");
    const { tokens } = await register("refresh_next");
    const second = await nextOf(await refresh(tokens.refresh_token));
    expect(second).not.toBe(tokens.refresh_token);
    expect((await refresh(second)).status).toBe(200);
  });

  it("gives a client that retries at once the same successor, and ends nothing", async () => {
    await createClient("refresh_retry");
    const { tokens } = await register("refresh_retry");
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(tokens.refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    const successors = new Set(await Promise.all(answers.map(nextOf)));
    expect(successors.size).toBe(1);
    expect((await refresh([...successors][0] ?? "")).status).toBe(200);
  });

  it("ends the session when a token older than the previous one is used, and no descendant refreshes again", async () => {
    await createClient("refresh_reuse");
    const { tokens } = await register("refresh_reuse");
    const first = tokens.refresh_token;
    const second = await nextOf(await refresh(first));
    const third = await nextOf(await refresh(second));
    expect((await refresh(first)).status).toBe(401);
    for (const token of [first, second, third]) expect((await refresh(token)).status).toBe(401);
    expect((await api(tokens.access_token).POST("/api/v1/auth/validate")).response.status).toBe(401);
  });

  it("ends the session when the previous token comes back after the grace", async () => {
    await createClient("refresh_late");
    const { tokens } = await register("refresh_late");
    const second = await nextOf(await refresh(tokens.refresh_token));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11_000 });
    try {
      expect((await refresh(tokens.refresh_token)).status).toBe(401);
      expect((await refresh(second)).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it("gives whoever has not heard the answer the same again for its key, also long after the grace", async () => {
    await createClient("refresh_keyed");
    const { tokens } = await register("refresh_keyed");
    const trade = () =>
      send(
        "POST",
        "/api/v1/auth/refresh",
        { refresh_token: tokens.refresh_token },
        { "idempotency-key": "trade" },
      );
    const second = await nextOf(await trade());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 });
    try {
      expect(await nextOf(await trade())).toBe(second);
      expect((await refresh(second)).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it("never lets a family go on once reuse is seen, however refreshes and reuses meet", async () => {
    await createClient("refresh_rounds");
    const { body } = await register("refresh_rounds");
    const { user } = await (await send("POST", "/api/v1/auth/login", { email: body.email, password })).json<{
      user: { id: string };
    }>();
    const row = await findUser(database(env.DB), user.id);
    const platform = testPlatform();
    const device = { ip: "test", userAgent: "test" };
    let descendants = 0;
    for (let round = 0; round < 200; round++) {
      if (!row) throw new Error("no user");
      const first = (await openSession(platform, row, device)).refresh_token;
      const trade = async (refresh_token: string) => {
        const { output } = await perform(refreshTokens, platform, nobody("rest", device), {
          body: { refresh_token },
        });
        return output.refresh_token ?? "";
      };
      const second = await trade(first);
      const third = await trade(second);
      // The thief and the owner at the same moment.
      const results = await Promise.allSettled([trade(first), trade(third)]);
      const fourth = results[1]?.status === "fulfilled" ? results[1].value : third;
      const again = await Promise.allSettled([trade(third), trade(fourth)]);
      descendants += again.filter(({ status }) => status === "fulfilled").length;
    }
    expect(descendants).toBe(0);
  }, 60_000);

  it("does not take an access token, nor is a refresh token an access token", async () => {
    await createClient("refresh_kind");
    const { tokens } = await register("refresh_kind");
    expect(
      (await send("POST", "/api/v1/auth/refresh", { refresh_token: tokens.access_token.slice(0, 200) }))
        .status,
    ).toBe(401);
    const { response } = await api(tokens.refresh_token).GET("/api/v1/user/profile");
    expect(response.status).toBe(401);
  });
});

describe("POST /auth/logout", () => {
  it("ends the session at once in the isolate that did it: access and refresh tokens", async () => {
    await createClient("logout_now");
    const { tokens } = await register("logout_now");
    const signedIn = api(tokens.access_token);
    expect((await signedIn.POST("/api/v1/auth/validate")).response.status).toBe(200);
    expect((await signedIn.POST("/api/v1/auth/logout")).response.status).toBe(200);
    expect((await signedIn.POST("/api/v1/auth/validate")).response.status).toBe(401);
    expect((await send("POST", "/api/v1/auth/refresh", { refresh_token: tokens.refresh_token })).status).toBe(
      401,
    );
  });

  it("leaves other sessions alone", async () => {
    const clientId = await createClient("logout_other");
    const { body, tokens } = await register(clientId);
    const second = await (await send("POST", "/api/v1/auth/login", { email: body.email, password })).json<{
      access_token: string;
    }>();
    await api(tokens.access_token).POST("/api/v1/auth/logout");
    expect((await api(second.access_token).POST("/api/v1/auth/validate")).response.status).toBe(200);
  });
});
