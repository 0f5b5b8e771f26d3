import { describe, expect, it } from "vitest";
import { api, send } from "#tests/support/api.ts";
import { createClient } from "#tests/support/users.ts";
import { password, register } from "../registering.ts";

describe("Sessions", () => {
  it("are listed with the current one marked, and ended one by one", async () => {
    await createClient("sessions_list");
    const { body, tokens } = await register("sessions_list");
    const other = await (await send("POST", "/api/v1/auth/login", { email: body.email, password })).json<{
      access_token: string;
    }>();
    const { data } = await api(tokens.access_token).GET("/api/v1/user/sessions");
    expect(data?.count).toBe(2);
    const away = data?.sessions.find(({ current }) => !current)?.id ?? "";
    const params = { path: { session_id: away } };
    const { response } = await api(tokens.access_token).DELETE("/api/v1/user/sessions/{session_id}", {
      params,
    });
    expect(response.status).toBe(204);
    expect((await api(other.access_token).POST("/api/v1/auth/validate")).response.status).toBe(401);
    const again = await api(tokens.access_token).DELETE("/api/v1/user/sessions/{session_id}", { params });
    expect(again.response.status).toBe(404);
  });

  it("of others cannot be ended", async () => {
    await createClient("sessions_theirs");
    const [mine, theirs] = [await register("sessions_theirs"), await register("sessions_theirs")];
    const { data } = await api(theirs.tokens.access_token).GET("/api/v1/user/sessions");
    const params = { path: { session_id: data?.sessions[0]?.id ?? "" } };
    const { response } = await api(mine.tokens.access_token).DELETE("/api/v1/user/sessions/{session_id}", {
      params,
    });
    expect(response.status).toBe(404);
  });

  it("other than the current one end with a change of password", async () => {
    await createClient("sessions_password");
    const { body, tokens } = await register("sessions_password");
    const other = await (await send("POST", "/api/v1/auth/login", { email: body.email, password })).json<{
      access_token: string;
    }>();
    const change = (current_password: string) =>
      api(tokens.access_token).POST("/api/v1/user/password", {
        body: { current_password, new_password: "Another-Horse-8" },
      });
    expect((await change("Wrong-Horse-9")).response.status).toBe(401);
    expect((await change(password)).data).toMatchObject({ sessions_ended: 1 });
    expect((await api(tokens.access_token).POST("/api/v1/auth/validate")).response.status).toBe(200);
    expect((await api(other.access_token).POST("/api/v1/auth/validate")).response.status).toBe(401);
  });
});
